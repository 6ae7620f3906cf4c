/**
 * Beside a gradient that an edit scales or clips: the pass makes it as before, and what the edit changes is what the update takes of it.
 *
 *   <UsedGradient cell={cell} />   nothing, but where the edit that is tried is about this tensor and leaves it as it is
 *
 * @import { Cell } from "../types.js"
 */
import { html } from "htm/preact"
import { select } from "../cell_actions.js"
import { whatIf } from "../edit_state.js"
import { takenOf } from "../lib/what_if.js"
import { tensorOf } from "../tensors.js"
import { openUpdate } from "../view_actions.js"
import { Compared } from "./compared.js"
import { Symbol } from "./symbol.js"

/** @param {{cell: Cell}} properties */
export function UsedGradient({ cell }) {
  const now = whatIf.value
  const taken = now && takenOf(now.action, now.changed, cell)
  if (!now || !taken || !tensorOf(now.after, taken.used.tensor, cell.layer)) return null
  const { used, moved } = taken
  /** @param {Cell} to */
  const door = (to) => html`<button class="link" title="Show it in the update, in the lens" onClick=${() => { openUpdate(true); select(to) }}><${Symbol} tensor=${to.tensor} layer=${to.layer} /></button>`
  return html`
    <div class="used-gradient">
      <p><${Symbol} tensor=${cell.tensor} layer=${cell.layer} /> stays as the pass makes it. The edit changes what the update takes of it, ${door(used)}, and with that ${door(moved)}:</p>
      <${Compared} cell=${used} isNamed />
      <${Compared} cell=${moved} isNamed />
    </div>
  `
}

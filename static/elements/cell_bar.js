/**
 * The number that was pointed at or chosen, at the foot of a window in which the inspector is not in sight: on a phone it stands below the lens.
 *
 *   <CellBar />
 */
import { html } from "htm/preact"
import { point, select } from "../cell_actions.js"
import { seen, view, whatIf } from "../edit_state.js"
import { describeCell } from "../lib/cell_words.js"
import { formatNumber } from "../lib/format.js"
import { kindOf } from "../lib/notation.js"
import { lossUnit } from "../lib/run_words.js"
import { useOutOfSight } from "../lib/use_out_of_sight.js"
import { scrollUnderTransport } from "../sight.js"
import { catalog, dialog, example, lit, session } from "../state.js"
import { valueAt } from "../tensors.js"
import { Symbol } from "./symbol.js"

export function CellBar() {
  const isBelow = useOutOfSight("inspector", "-20% 0px -30% 0px")
  const cell = lit.value
  const now = seen.value
  const value = cell && now && valueAt(now, cell)
  if (!isBelow || !cell || !now || value === null || dialog.value !== "none") return null
  return html`
    <section class="cell-bar" aria-label="The number that is looked at" data-kind=${kindOf(cell.tensor)}>
      <p class="cell-bar__number">
        <${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} />
        <strong>${formatNumber(value, 5)}</strong>
        ${whatIf.value && html`<span class="soft">what if, ${view.value}</span>`}
      </p>
      <p class="cell-bar__words soft">${describeCell(cell, { trace: now, unit: lossUnit(session.value, catalog.value), alone: example.value })}</p>
      <button class="button" onClick=${() => open(cell)}>Open</button>
      <button class="button" data-look="plain" aria-label="Let go of this number" onClick=${letGo}>×</button>
    </section>
  `
}

/** The door to all that is known of it. @param {import("../types.js").Cell} cell */
function open(cell) {
  select(cell) // what was only pointed at would be gone on the way
  const inspector = document.getElementById("inspector")
  if (!inspector) return
  scrollUnderTransport(inspector)
  inspector.focus({ preventScroll: true })
}

function letGo() {
  point(null)
  select(null)
}

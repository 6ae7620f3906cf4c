/** What stands beside the lens: one number and where it came from, the run's edits, or the step in numbers. */
import { html } from "htm/preact"
import { draft, isRunOpen } from "../edit_state.js"
import { lit, trace } from "../state.js"
import { tensorOf } from "../tensors.js"
import { CellCard } from "./cell_card.js"
import { Overview } from "./overview.js"
import { RunEdits } from "./run_edits.js"

export function Inspector() {
  const now = trace.value
  if (isRunOpen.value) return html`<${RunEdits} />`
  if (!now) return null
  // while an edit is tried, its cell stays here, with what is typed, whatever is pointed at
  const cell = draft.value?.cell ?? lit.value
  const found = cell && tensorOf(now, cell.tensor, cell.layer)
  return cell && found ? html`<${CellCard} cell=${cell} tensor=${found} />` : html`<${Overview} />`
}

/** What stands beside the lens: one number and where it came from, or the step in numbers. */
import { html } from "htm/preact"
import { lit, trace } from "../state.js"
import { tensorOf } from "../tensors.js"
import { CellCard } from "./cell_card.js"
import { Overview } from "./overview.js"

export function Inspector() {
  const now = trace.value
  if (!now) return null
  const cell = lit.value
  const found = cell && tensorOf(now, cell.tensor, cell.layer)
  return cell && found ? html`<${CellCard} cell=${cell} tensor=${found} />` : html`<${Overview} />`
}

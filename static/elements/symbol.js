/** A tensor's name as it stands in the equations: italic, coloured by its kind, its layer above. */
import { html } from "htm/preact"
import { kindOf } from "../lib/notation.js"

/** @param {{tensor: string, layer: number, cell?: [number, number]}} properties */
export function Symbol({ tensor, layer, cell }) {
  return html`<span class="symbol" data-kind=${kindOf(tensor)}>${tensor}<sup>[${layer}]</sup>${cell && html`<sub>${cell.join(",")}</sub>`}</span>`
}

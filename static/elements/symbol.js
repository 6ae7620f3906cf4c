/** A tensor's name as it stands in the equations: italic, coloured by its kind, its layer above and its cell below; without a layer it stands for those of all layers. */
import { html } from "htm/preact"
import { kindOf, letterOf } from "../lib/notation.js"
import { indicesOf } from "../lib/tensor_names.js"

/** @param {{tensor: string, layer?: number | string, cell?: readonly [number, number]}} properties */
export function Symbol({ tensor, layer, cell }) {
  if (tensor === "loss") return html`<span class="symbol">loss</span>`
  if (tensor === "losses") return html`<span class="symbol">loss${cell && html`<sup>(${cell[1]})</sup>`}</span>`
  if (tensor === "Y") return html`<span class="symbol">Y${cell && html`<sub>${cell.join(",")}</sub>`}</span>`
  // above and below at the same place, as in the equations
  const indices = cell && indicesOf(tensor, ...cell).join(",")
  return html`<span class="symbol" data-kind=${kindOf(tensor)} data-leans=${tensor.endsWith("V") ? "" : undefined}>${letterOf(tensor)}${indices ? html`<span class="symbol__scripts"><sup>[${layer}]</sup><sub>${indices}</sub></span>` : layer !== undefined && html`<sup>[${layer}]</sup>`}</span>`
}

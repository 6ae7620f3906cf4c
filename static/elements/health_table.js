/**
 * All layers of a step, a row each: sizes of signals as bars on a logarithmic scale, what each factor did to the gradient, and dW itself.
 *
 *   <HealthTable about={trace} layers={layers} batches={10} />
 *
 * @import { Column, LogAxis } from "../lib/health_data.js"
 * @import { LayerHealth, Trace, Value } from "../types.js"
 */
import { html } from "htm/preact"
import { useRef, useState } from "preact/hooks"
import { formatNumber, tensorLabel } from "../lib/format.js"
import { logAxis, logShare, sortLayers } from "../lib/health_data.js"
import { largestCell } from "../lib/largest_cell.js"
import { moreOf, useScroll } from "../lib/use_scroll.js"
import { lookAt } from "../lib/whole_door.js"
import { tensorOf } from "../tensors.js"
import { TensorThumb } from "./tensor_thumb.js"

const THUMB = { width: 88, height: 24 }

/** What a column is called, what it says, and which tensor its bars are a door to. @type {readonly [Column, string, string, string][]} */
const everyColumn = [
  ["A", "|A|", "root mean square of the activations", "A"],
  ["dA", "|dA|", "root mean square of the gradient that reaches the layer (of the sum of the losses)", "dA"],
  ["dZ", "|dZ|", "root mean square of the gradient behind the slope", "dZ"],
  ["dW", "|dW|", "root mean square of the gradient of the weights (of the mean loss)", "dW"],
  ["update_ratio", "ΔW ∕ W", "the update of W against W itself: about a thousandth is usual", "dW"],
  ["through_weights", "Wᵀ", "what Wᵀ did to the gradient: |dA| over |dZ| of the layer behind", ""],
  ["through_dropout", "mask", "what the mask of dropout, or of units that are ablated, did to it: |dG| over |dA|", ""],
  ["through_slope", "g′", "what the slope g′(Z) did to it: |dZ| over |dA|, or over |dG| behind a mask, and up to |dN| where Z is normalised", ""],
  ["through_normalisation", "norm", "what the way back through the normalisation did to it: |dZ| over |dN|", ""],
  ["stopped", "g′ = 0", "share of cells whose slope is exactly 0", ""],
  ["dead_in_batch", "dead", "units with slope 0 for every example of this batch", ""],
  ["dead_units", "dead in all", "units with slope 0 for every example of all batches looked at: this one and those before it, ten at most", ""],
  ["saturated", "flat", "share of cells with a slope of nearly 0, of sigmoid and tanh", ""],
  ["cancellation", "agree", "cancellation index of dW: 1 where the examples agree, 0 where they cancel", ""],
]

/** Of what most networks do not have: shown where a layer has it. @type {Set<Column>} */
const isOptional = new Set(["through_dropout", "through_normalisation"])

/** @param {{about: Trace, layers: LayerHealth[], batches: number}} properties `batches`: how many were looked at */
export function HealthTable({ about, layers, batches }) {
  const [{ by, isDescending }, setSorting] = useState({ by: /** @type {Column} */ ("index"), isDescending: true })
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  // the names of the layers stay where a scroll begins, so the fade is at the end alone
  const more = moreOf(useScroll(box, [layers]))?.includes("end") ? "end" : undefined
  const columns = everyColumn.filter(([column]) => (column === "dead_units" ? batches > 1 : !isOptional.has(column) || layers.some((layer) => layer[column] !== null)))
  const gradients = logAxis(layers.flatMap(({ dA, dZ }) => [dA, dZ])) // side by side, so on one scale
  const axes = /** @type {Record<string, LogAxis | null>} */ ({
    A: logAxis(layers.map(({ A }) => A)),
    dA: gradients,
    dZ: gradients,
    dW: logAxis(layers.map(({ dW }) => dW)),
    update_ratio: logAxis(layers.map(({ update_ratio }) => update_ratio)),
  })
  const sort = (/** @type {Column} */ column) => setSorting({ by: column, isDescending: by === column ? !isDescending : true })
  /** @param {Column} column @param {string} title @param {string} what */
  const head = (column, title, what) => html`
    <th scope="col" key=${column} aria-sort=${by === column ? (isDescending ? "descending" : "ascending") : undefined}>
      <button class="health__sort" title=${what} onClick=${() => sort(column)}>${title}<span aria-hidden="true">${by === column ? (isDescending ? " ↓" : " ↑") : ""}</span></button>
      ${column in axes && html`<span class="health__axis">${axes[column] ? `${power(axes[column].low)} – ${power(axes[column].high)}` : ""}</span>`}
    </th>
  `
  return html`
    <div class="health__scroll more" data-more=${more} ref=${box} tabindex="0" role="group" aria-label="Layers as a table">
      <table class="health__table">
        <thead>
          <tr>
            ${head("index", "layer", "from the loss back to the input")}
            ${columns.map(([column, title, what]) => head(column, title, what))}
            <th scope="col" class="health__picture">dW</th>
          </tr>
        </thead>
        <tbody>
          ${sortLayers(layers, by, isDescending).map(
            (layer) => html`
              <tr key=${layer.index}>
                <th scope="row">${layer.name}<span class="soft">${layer.size}${layer.activation ? ` ${layer.activation}` : ""}</span></th>
                ${columns.map(([column, , , tensor]) => html`<td key=${column}><${Entry} about=${about} layer=${layer} column=${column} tensor=${tensor} axis=${axes[column] ?? null} /></td>`)}
                <td class="health__picture"><${TensorThumb} about=${about} tensor="dW" layer=${layer.index} ...${THUMB} /></td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${more && html`<p class="health__note soft" aria-hidden="true">More columns to the right →</p>`}
    <dl class="health__legend">
      ${columns.filter(([, , , tensor]) => !tensor).map(([column, title, what]) => html`<div key=${column}><dt>${title}</dt><dd>${what}</dd></div>`)}
    </dl>
    <p class="health__note soft">
      Sizes are root mean squares, so that layers of different width can be compared. Bars are logarithmic, from the power of ten on the left of each heading to the one on its right;
      |dA| and |dZ| share a scale. A number leads to the largest cell of its tensor.
    </p>
  `
}

/** @param {{about: Trace, layer: LayerHealth, column: Column, tensor: string, axis: LogAxis | null}} properties */
function Entry({ about, layer, column, tensor, axis }) {
  const value = layer[column]
  if (value === null) return html`<span class="soft" title="nothing to measure">–</span>`
  const found = tensor ? tensorOf(about, tensor, layer.index) : null
  if (!tensor) return html`${plain(column, value)}`
  const text = formatNumber(value, 3)
  return html`
    ${found ? html`<button class="link" title=${`To the largest number of ${tensorLabel(tensor, layer.index)}`} onClick=${() => lookAt(largestCell(found, tensor, layer.index))}>${text}</button>` : text}
    <span class="health__bar" data-kind=${column === "A" ? "forward" : column === "update_ratio" ? "parameter" : "backward"} data-broken=${Number.isFinite(Number(value)) ? undefined : ""}>
      <span style=${{ inlineSize: `${100 * logShare(value, axis)}%` }}></span>
    </span>
  `
}

/** @param {Column} column @param {Value} value */
function plain(column, value) {
  if (column === "dead_units" || column === "dead_in_batch") return `${value}`
  if (Number.isFinite(Number(value)) && (column === "stopped" || column === "saturated")) return shareWords(Number(value))
  return formatNumber(value, 2)
}

/** All is said of all alone: one cell of a thousand that is not is what one looks for. @param {number} share */
const shareWords = (share) => (share < 1 && share > 0.995 ? `${formatNumber(Math.floor(1000 * share) / 10, 3)} %` : `${formatNumber(100 * share, 2)} %`)

/** @param {number} exponent */
const power = (exponent) => (exponent === 0 ? "1" : `10${[...String(exponent)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("")}`)

/** The step in numbers, while no cell is pointed at: each a door to its tensor. */
import { html } from "htm/preact"
import { select } from "../cell_actions.js"
import { copyScript } from "../export_actions.js"
import { decadesAround, shareOf } from "../lib/decades.js"
import { formatCount, formatNumber, tensorLabel } from "../lib/format.js"
import { largestCell } from "../lib/largest_cell.js"
import { checkAllOnce } from "../proof_actions.js"
import { showInspector, showTabs } from "../sight.js"
import { catalog, session, trace } from "../state.js"
import { openTab } from "../view_actions.js"
import { CopyButton } from "./copy_button.js"

/** @typedef {import("../types.js").Tensor} Tensor */

/** How many numbers of a tensor are not finite: its statistics leave them out. @param {Tensor} tensor */
const brokenOf = ({ stats }) => stats.nan + stats.posinf + stats.neginf

/** The norm of a tensor; NaN where there is none. @param {Tensor | null | undefined} tensor */
const normOf = (tensor) => (tensor && brokenOf(tensor) === 0 ? Number(tensor.stats.l2) : NaN)

/** The share of cells that are 0, in words. @param {Tensor} tensor */
const zerosOf = (tensor) => (brokenOf(tensor) > 0 ? "NaN" : `${Math.round((100 * tensor.stats.zeros) / (tensor.shape[0] * tensor.shape[1]))} %`)

export function Overview() {
  const now = /** @type {import("../types.js").Trace} */ (trace.value)
  const last = now.layers.length - 1
  const decades = decadesAround(now.layers.flatMap(({ dA, dW }) => [normOf(dA), normOf(dW)]))
  return html`
    <section class="overview">
      <h2 class="eyebrow">Gradients of this step</h2>
      <table class="overview__layers">
        <thead>
          <tr><th scope="col">layer</th><th scope="col">‖dA‖</th><th scope="col">‖dW‖</th><th scope="col" title="cells of A that are exactly 0">A = 0</th></tr>
        </thead>
        <tbody>
          ${[...now.layers].reverse().map(
            ({ index, name, A, dA, dW }) => html`
              <tr key=${index}>
                <th scope="row">${index === 0 ? "input" : name}${index === last && html` <span class="soft">[${last}]</span>`}</th>
                <td>${dA ? html`<${Norm} tensor=${dA} name="dA" layer=${index} decades=${decades} />` : html`<span class="soft" title="joined with the loss">–</span>`}</td>
                <td>${dW && html`<${Norm} tensor=${dW} name="dW" layer=${index} decades=${decades} />`}</td>
                <td>${A && index > 0 && index < last ? zerosOf(A) : ""}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      ${decades && html`<p class="overview__note">Bars: the norms on one scale of powers of ten, from ${power(decades.low)} to ${power(decades.high)}.</p>`}
      <p class="overview__hint">Point at any cell to see where its number came from, down to the example. Click to keep it, and walk on from there.</p>
      <p class="overview__doors">
        <button class="button" onClick=${() => open({ tensor: "loss", layer: last, row: 0, col: 0 })}>Where the loss came from</button>
        <button class="button" onClick=${proveInSight}>Check the gradients</button>
        <${CopyButton} what=${() => copyScript(null)} title="The whole step as a NumPy script with its numbers">Copy step as NumPy</${CopyButton}>
      </p>
      <p class="overview__note">${catalog.value?.convention}</p>
      <p class="overview__note">
        ${session.value ? `${formatCount(session.value.parameter_count)} parameters, ${now.dtype}, batch of ${now.batch.size}.` : ""}
      </p>
    </section>
  `
}

/** Shows a number in the place of this overview. @param {import("../types.js").Cell} cell */
function open(cell) {
  select(cell)
  showInspector()
}

/** Checks every gradient where one sees it: the view stands below the lens. */
function proveInSight() {
  openTab("proof")
  checkAllOnce()
  showTabs()
}

/** A power of ten as people write it. @param {number} exponent */
const power = (exponent) => formatNumber(Number(`1e${exponent}`)).replace("1×", "")

/** A gradient's norm, and how it stands beside those of the other layers: a door to its largest number.
 * @param {{tensor: Tensor, name: string, layer: number, decades: import("../lib/decades.js").Decades | null}} properties */
function Norm({ tensor, name, layer, decades }) {
  const norm = normOf(tensor)
  return html`
    <button class="link" aria-label=${`norm of ${tensorLabel(name, layer)}: ${formatNumber(norm, 3)}; to its largest number`} onClick=${() => open(largestCell(tensor, name, layer))}>${formatNumber(norm, 3)}</button>
    <span class="overview__bar" aria-hidden="true" style=${{ "--share": decades ? shareOf(norm, decades) : 0 }}></span>
  `
}

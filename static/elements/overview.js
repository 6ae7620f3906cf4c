/** The step in numbers, while no cell is pointed at: each a door to its tensor. */
import { html } from "htm/preact"
import { select } from "../cell_actions.js"
import { copyScript } from "../export_actions.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { largestCell } from "../lib/largest_cell.js"
import { catalog, session, trace } from "../state.js"
import { openTab } from "../view_actions.js"
import { CopyButton } from "./copy_button.js"

export function Overview() {
  const now = /** @type {import("../types.js").Trace} */ (trace.value)
  const last = now.layers.length - 1
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
                <th scope="row">${index === 0 ? "input" : name}</th>
                <td>${dA ? html`<button class="link" onClick=${() => select(largestCell(dA, "dA", index))}>${formatNumber(Number(dA.stats.l2), 3)}</button>` : html`<span class="soft" title="joined with the loss">–</span>`}</td>
                <td>${dW ? html`<button class="link" onClick=${() => select(largestCell(dW, "dW", index))}>${formatNumber(Number(dW.stats.l2), 3)}</button>` : ""}</td>
                <td>${A && index > 0 && index < last ? `${Math.round((100 * A.stats.zeros) / (A.shape[0] * A.shape[1]))} %` : ""}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      <p class="overview__hint">Point at any cell to see where its number came from, down to the example. Click to keep it, and walk on from there.</p>
      <p class="overview__doors">
        <button class="button" onClick=${() => select({ tensor: "loss", layer: last, row: 0, col: 0 })}>Where the loss came from</button>
        <button class="button" onClick=${() => openTab("proof")}>Check the gradients</button>
        <${CopyButton} what=${() => copyScript(null)} title="The whole step as a NumPy script with its numbers">Copy step as NumPy</${CopyButton}>
      </p>
      <p class="overview__note">${catalog.value?.convention}</p>
      <p class="overview__note">
        ${session.value ? `${formatCount(session.value.parameter_count)} parameters, ${now.dtype}, batch of ${now.batch.size}.` : ""}
      </p>
    </section>
  `
}

/**
 * What the derivation is about: the network, its letters, its shapes, and the convention behind its gradients.
 *
 * @import { Trace } from "../../types.js"
 */
import { html } from "htm/preact"
import { lastLayer } from "../../derivation_state.js"
import { namesOf } from "../../lib/derivation_names.js"
import { catalog, session, trace } from "../../state.js"
import { Symbol } from "../symbol.js"
import { layerName, Letter, Prose } from "./prose.js"

const ELSEWHERE =
  "The same equations are often written down with dZ called the derivative of a loss that already has the 1/m in it, and yet with 1/m in dW and db as well: " +
  "taken at its word it would divide by m twice, and read by the convention above the same equations divide once."

export function Setting() {
  const sizes = session.value?.config.layer_sizes ?? []
  const m = trace.value?.batch.size ?? 0
  const L = lastLayer.value
  return html`
    <section id="setting" aria-labelledby="setting-title">
      <h2 id="setting-title">The setting</h2>
      <p>A network has layers 1 to <${Letter}>L</${Letter}>; here <${Letter}>L</${Letter}> = ${L}. Layer <${Letter}>l</${Letter}> makes <${Letter} sub=${html`<i>l</i>`}>n</${Letter}> numbers out of the <${Letter} sub=${html`<i>l</i>−1`}>n</${Letter}> numbers of the layer before it, first by weights and biases, then by an activation. The sizes here are ${sizes.map((size, layer) => html`${layer > 0 && ", "}<${Letter} key=${layer} sub=${layer}>n</${Letter}> = ${size}`)}; layer 0 is the input.</p>
      <p>A batch of <${Letter}>m</${Letter}> examples goes through the network at once, here <${Letter}>m</${Letter}> = ${m}. Every example is a column: a tensor of the pass has a row for each unit and a column for each example. Throughout, <${Letter}>j</${Letter}> is a unit of layer <${Letter}>l</${Letter}>, <${Letter}>k</${Letter}> a unit of the layer before, and <${Letter}>i</${Letter}> an example.</p>
      <${Names} />
      <p>A d before a name says gradient. The gradient of a tensor has the tensor’s own shape, and each of its cells is a derivative: how fast the loss changes with the same cell of the tensor, all else that is not made from it kept as it is. Which loss, the sum over the batch or the mean, has to be agreed on:</p>
      <p class="convention"><${Prose} text=${catalog.value?.convention ?? ""} /></p>
      <p class="soft"><${Prose} text=${ELSEWHERE} /></p>
      <p>A word on counting. With letters alone, a sum runs from 1, as usual. Where a number names a unit or an example, it counts from 0, as the API and the lens do, and so does a sum that stands beside such numbers: <${Symbol} tensor="W" layer=${1} cell=${[0, 1]} /> is the weight to the first unit of layer 1 from the second feature. A loss by logarithms is counted in nats, of the natural logarithm, as bits are of the one to the base 2.</p>
    </section>
  `
}

function Names() {
  const n = (/** @type {any} */ layer) => html`<${Letter} sub=${layer}>n</${Letter}>`
  const [l, before, m] = [n(html`<i>l</i>`), n(html`<i>l</i>−1`), html`<${Letter}>m</${Letter}>`]
  const by = (/** @type {any} */ rows, /** @type {any} */ cols) => html`${rows} × ${cols}`
  const shapes = { pass: by(l, m), parameters: html`${by(l, before)}, ${by(l, "1")}`, units: by(l, "1"), examples: by("1", m), one: by("1", "1") }
  const rows = [
    [html`<${Letter}>X</${Letter}> = <${Symbol} tensor="A" layer="0" />`, by(n("0"), m), "the batch: the input features"],
    [html`<${Letter}>Y</${Letter}>`, by(n(html`<i>L</i>`), m), "the targets"],
    ...namesOf(/** @type {Trace} */ (trace.value)).map(({ tensors, shape, meaning }) => [
      tensors.map((tensor, at) => html`${at > 0 && ", "}<${Symbol} key=${tensor} tensor=${tensor} layer=${layerName("l")} />`), shapes[shape], html`<${Prose} text=${meaning} />`,
    ]),
  ]
  return html`
    <table class="names">
      <caption class="visually-hidden">The tensors, their shapes and their meaning</caption>
      <thead><tr><th scope="col">name</th><th scope="col">shape</th><th scope="col">meaning</th></tr></thead>
      <tbody>${rows.map(([name, shape, meaning], at) => html`<tr key=${at}><th scope="row">${name}</th><td>${shape}</td><td>${meaning}</td></tr>`)}</tbody>
    </table>
  `
}

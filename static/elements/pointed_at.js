/**
 * What stands where the pointer is: an example of the batch with its gradient, a training point, or what the network would say.
 *
 * @import { Predictions, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { examplesOf, takenFor } from "../lib/batch_examples.js"
import { mixesExamples, NO_PASS_ALONE } from "../lib/cell_words.js"
import { formatNumber } from "../lib/format.js"
import { askedWords } from "../lib/plane_words.js"
import { hasAccuracy } from "../lib/run_words.js"
import { lookAt } from "../lib/whole_door.js"
import { lookAtExample } from "../look_actions.js"
import { example as alone, session } from "../state.js"
import { matrixOf, tensorOf } from "../tensors.js"
import { LongName } from "./long_name.js"

/**
 * @param {{about: Trace, told: Predictions, col: number, at: {x: number, y: number, col: number, point: number, label: number | null} | null,
 *   says: {best: number, lead: number} | null, values: number[], output: number, steepest: number}} properties `says` for classes, else `values` has the outputs;
 *   `steepest`: the example of the longest arrow, which is told of until something is pointed at; -1 where there is none
 */
export function PointedAt({ about, told, col, at, says, values, output, steepest }) {
  const data = session.value?.dataset ?? {}
  const name = (/** @type {number} */ label) => data.class_names?.[label] ?? `class ${label}`
  const isClasses = says !== null || (told.outputs.length > 1 && hasAccuracy(session.value))
  if (col >= 0) return html`<${OneExample} about=${about} col=${col} isClasses=${isClasses} name=${name} />`
  const hint = "Point anywhere to see what the network says there; at a ringed point, for its gradient."
  if (!at && steepest >= 0) return html`<${OneExample} about=${about} col=${steepest} isClasses=${isClasses} name=${name} hint=${`${hint} Until then, the longest arrow:`} />`
  if (!at) return html`<p class="boundary__pointed soft">${hint}</p>`
  const answer = values.some(Number.isNaN)
    ? html`the network has <strong>no answer</strong>: its outputs are ${values.map((value) => formatNumber(value, 3)).join(", ")}`
    : says
    ? html`the network says <strong><${LongName} of=${name(says.best)} /></strong> with ${formatNumber(values[says.best], 3)}, ${formatNumber(says.lead, 2)} ahead of the next`
    : html`the network says <strong>${formatNumber(values[output], 3)}</strong>`
  return html`
    <p class="boundary__pointed" aria-live="polite">
      At ${formatNumber(at.x, 3)}, ${formatNumber(at.y, 3)} ${answer}.
      ${at.label !== null && html` Here is a training point: <strong>${says ? html`<${LongName} of=${name(at.label)} />` : formatNumber(at.label, 3)}</strong>.`}
    </p>
  `
}

/** @param {{about: Trace, col: number, isClasses: boolean, name: (label: number) => string, hint?: string}} properties `hint`: how one comes to another */
export function OneExample({ about, col, isClasses, name, hint }) {
  const one = examplesOf(about)[col]
  const last = about.layers.length - 1
  const isMixed = mixesExamples(about)
  const training = session.value && askedWords(about, session.value.config, "") ? " in this training pass" : ""
  const column = (/** @type {string} */ tensor, /** @type {number} */ layer) => {
    const found = tensorOf(about, tensor, layer)
    if (!found?.values) return []
    const { rows, cols, data } = matrixOf(found)
    return Array.from({ length: rows }, (_, row) => data[row * cols + col] ?? NaN)
  }
  const list = (/** @type {number[]} */ values, digits = 3) => values.map((value) => formatNumber(value, digits)).join(", ")
  const gradient = column("dA", 0)
  const steepest = gradient.reduce((best, value, row) => (Math.abs(value) > Math.abs(gradient[best] ?? 0) ? row : best), 0)
  return html`
    <div class="boundary__pointed" aria-live="polite">
      ${hint && html`<p class="soft">${hint}</p>`}
      <p>
        <strong>Example ${col}</strong> at ${list(column("A", 0))}${isClasses && one
          ? html`: <${LongName} of=${name(one.label)} />, ${one.isRight ? "rightly taken for it" : html`${one.predicted >= 0 && "taken for "}<strong><${LongName} of=${takenFor(one, name)} /></strong>`}${one.predicted >= 0 && ` with ${formatNumber(one.confidence, 3)}`}${training}`
          : html`: it is ${list(column("Y", last))}, the network says <strong>${list(column("A", last))}</strong>${training}`}; loss ${formatNumber(about.batch.losses?.[col], 3)}.
        Its input gradient dA[0] is <strong>${list(gradient)}</strong>.
      </p>
      <p class="boundary__doors">
        <button class="button" disabled=${isMixed} onClick=${() => lookAtExample(alone.value === col ? null : col)}>${alone.value === col ? "Whole batch" : "Its pass alone"}</button>
        <button class="button" onClick=${() => lookAt({ tensor: "dA", layer: 0, row: steepest, col })}>Where dA[0] came from</button>
      </p>
      ${isMixed && html`<p class="soft">${NO_PASS_ALONE}</p>`}
    </div>
  `
}

/**
 * After the update: the change of the loss that the gradient predicted, beside the one that happened, on the same batch.
 *
 *   <AfterUpdate />
 *
 * @import { Trace, UpdateEffect } from "../types.js"
 */
import { html } from "htm/preact"
import { formatNumber } from "../lib/format.js"
import { lossUnit } from "../lib/run_words.js"
import { barsAround, updateWords } from "../lib/update_words.js"
import { useAnswer } from "../lib/use_answer.js"
import { useWidth } from "../lib/use_size.js"
import { lookAtBatch, readUpdate } from "../readings.js"
import { catalog, example, session, trace, wholeTrace } from "../state.js"
import { tensorOf } from "../tensors.js"
import { ProblemNote } from "./problem.js"
import { Symbol } from "./symbol.js"

const NAME = 132 // pixels for what a bar is
const NUMBER = 76

export function AfterUpdate() {
  const { last, isCurrent, retry } = useAnswer(wholeTrace, "", (_, signal) => readUpdate(lookAtBatch(), signal))
  const effect = last?.answer
  return html`
    <section class="after" aria-labelledby="after-title">
      <h3 class="eyebrow" id="after-title">After the update</h3>
      ${example.value !== null && html`<p class="soft">An update is of the whole batch; this is the batch that example ${example.value} is part of.</p>`}
      ${last?.problem && html`<${ProblemNote} problem=${last.problem} onRetry=${retry} />`}
      ${!last && html`<p class="soft" role="status">Taking the loss again with the new parameters…</p>`}
      ${last && effect && html`<${Effect} about=${last.about} effect=${effect} isCurrent=${isCurrent} />`}
    </section>
  `
}

/** @param {{about: Trace, effect: UpdateEffect, isCurrent: boolean}} properties */
function Effect({ about, effect, isCurrent }) {
  const [box, room] = useWidth()
  const predicted = Number(effect.predicted)
  const actual = Number(effect.actual)
  const parts = effect.layers.map(({ index, predicted: part }) => ({ index, name: about.layers[index]?.name ?? `layer ${index}`, value: Number(part) }))
  const width = Math.max(80, Math.min(560, room - NAME - NUMBER))
  const { zero, bars, perNat } = barsAround([predicted, actual, ...parts.map(({ value }) => value)], width)
  const hasKinks = [session.value?.config.hidden_activations ?? []].flat().includes("relu") && about.layers.length > 2
  const unit = lossUnit(session.value, catalog.value) && ` ${lossUnit(session.value, catalog.value)}`
  const isLate = effect.step !== trace.value?.step
  const products = ["W", "b", "gamma", "beta"].filter((tensor) => about.layers.some(({ index }) => tensorOf(about, tensor, index)))
  const rows = [
    { key: "predicted", name: "predicted", value: predicted },
    { key: "happened", name: "happened", value: actual },
    ...parts.map(({ index, name, value }) => ({ key: `part-${index}`, name, value })),
  ]
  return html`
    <div class="after__all" data-late=${isCurrent ? undefined : ""} ref=${box}>
      <p class="after__sum">
        ${isLate && html`<span class="soft">Step ${effect.step}. </span>`}
        On this step's own batch the loss went from <strong>${formatNumber(effect.loss_before)}</strong> to <strong>${formatNumber(effect.loss_after)}</strong>${unit}.
        To first order, the gradient${effect.edited && " of the loss"} predicts the
        sum of ${products.map((tensor, at) => html`${at > 0 && (at < products.length - 1 ? ", " : " and ")}<span key=${tensor} class="after__product"><${Symbol} tensor=${`d${tensor}`} layer="l" /> · Δ<${Symbol} tensor=${tensor} layer="l" /></span>`)} over all parameters.${" "}
        ${effect.edited && html`<strong class="after__edited">An edit scales gradients on their way back:</strong> the update followed those, and the prediction takes the loss's own, without the factor.`}
      </p>
      ${room > 0 &&
      html`<table class="after__bars">
        <caption class="visually-hidden">Changes of the loss${unit && ` in${unit}`}, on one scale</caption>
        <tbody>
          ${rows.map(({ key, name, value }, at) => html`
            ${at === 2 && html`<tr key="parts" class="after__parts"><th scope="rowgroup" colspan="3">of the prediction, layer by layer</th></tr>`}
            <tr key=${key} data-bar=${key.startsWith("part") ? "part" : key}>
              <th scope="row">${name}</th>
              <td class="after__bar">
                <svg width=${width} height=${at < 2 ? 18 : 12} aria-hidden="true">
                  <rect x=${bars[at]?.x ?? 0} y="1" width=${Math.max(value === 0 ? 0 : 1, bars[at]?.width ?? 0)} height=${at < 2 ? 16 : 10} />
                  <path class="after__zero" d=${`M${Math.min(width - 0.5, Math.max(0.5, zero))} 0v18`} />
                </svg>
              </td>
              <td class="after__number">${value > 0 ? "+" : ""}${formatNumber(value)}</td>
            </tr>
          `)}
        </tbody>
      </table>`}
      ${(perNat > 0 || Number.isNaN(predicted + actual)) && html`<p class="after__why">${updateWords(predicted, actual, { hasKinks, isEdited: effect.edited, unit })}</p>`}
    </div>
  `
}

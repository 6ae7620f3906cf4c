/**
 * An example of the batch, small: its picture, or its class and where it stands; and what it is in words.
 *
 *   <ExampleMark col={3} />
 */
import { html } from "htm/preact"
import { formatNumber } from "../lib/format.js"
import { hasAccuracy } from "../lib/run_words.js"
import { example as alone, session, wholeTrace } from "../state.js"
import { matrixOf } from "../tensors.js"
import { ExamplePicture } from "./example_picture.js"
import { ClassShape } from "./scatter.js"

/** @param {{col: number}} properties its column in the trace that is shown */
export function ExampleMark({ col }) {
  const now = wholeTrace.value
  const about = session.value?.dataset
  const input = now?.layers[0]?.A
  if (!now || !about || !input) return html`<span>${col}</span>`
  const at = alone.value ?? col
  const label = now.batch.labels?.[at] ?? 0
  const name = hasAccuracy(session.value) ? (about.class_names?.[label] ?? `class ${label}`) : ""
  if (about.image && input.values) {
    return html`<span class="example-mark" data-picture=""><${ExamplePicture} now=${now} col=${at} size=${[about.image.rows, about.image.cols]} /><span>${name}</span></span>`
  }
  const { rows, cols, data } = matrixOf(input)
  const place = input.values && rows <= 2 ? Array.from({ length: rows }, (_, row) => formatNumber(data[row * cols + at], 2)).join(", ") : `example ${at}`
  return html`<span class="example-mark" title=${name ? `example ${at}: ${name}` : `example ${at}`}><span class="soft">${place}</span><span class="long-name">${rows === 2 && name && html`<${ClassShape} label=${label} /> `}${name}</span></span>`
}

/**
 * The batch itself: pictures, points of a plane, or rows of a table; what each example is, and what it was taken for.
 * Pointing at an example lights its column; a click shows its pass alone on the whole page, and another one the batch again.
 *
 *   <Batch />
 *
 * @import { Example, Sorting } from "../lib/batch_examples.js"
 * @import { Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useMemo, useState } from "preact/hooks"
import { point } from "../cell_actions.js"
import { countAnswers, examplesOf, sortExamples, takenFor, verdictWords } from "../lib/batch_examples.js"
import { mixesExamples, NO_PASS_ALONE } from "../lib/cell_words.js"
import { formatNumber } from "../lib/format.js"
import { hasAccuracy, lossUnit, outputNames } from "../lib/run_words.js"
import { lookAtExample } from "../look_actions.js"
import { catalog, example as alone, session, wholeTrace } from "../state.js"
import { matrixOf } from "../tensors.js"
import { ExamplePicture } from "./example_picture.js"
import { LongName } from "./long_name.js"
import { Scatter, pointAtExample } from "./scatter.js"

const SHOWN = 64 // more on demand: a thousand cards would slow playing down

const sortings = /** @type {const} */ ([
  ["order", "as drawn"],
  ["confidence", "least confident first"],
  ["loss", "largest loss first"],
])

export function Batch() {
  const [sorting, setSorting] = useState(/** @type {Sorting} */ ("order"))
  const [count, setCount] = useState(SHOWN)
  const now = wholeTrace.value
  const examples = useMemo(() => (now ? examplesOf(now) : []), [now])
  const input = now?.layers[0]?.A
  if (!now || !input || !session.value) return null
  if (examples.length === 0) {
    return html`<p class="batch__nothing soft">This batch of ${now.batch.size} is too large to come example by example: its outputs were pooled for the picture above. A smaller batch is shown here one by one.</p>`
  }

  if (!hasAccuracy(session.value)) return html`<${Outputs} examples=${examples} now=${now} />`
  const { image, class_names: names = [], features } = session.value.dataset
  const name = (/** @type {number} */ label) => names[label] ?? `class ${label}`
  const { right, unanswered } = countAnswers(examples)
  const sorted = sortExamples(examples, sorting)
  const isPictures = Boolean(image && input.values)
  const isPlane = features === 2 && Boolean(input.values)
  return html`
    <section class="batch" aria-label="The batch">
      <div class="batch__bar">
        <p><strong>${right} of ${examples.length}</strong> right before this step's update${unanswered > 0 && html`, <strong>${unanswered}</strong> without an answer, as an output is NaN`}<span class="soft">${isPictures && " · dashed outline: the true class"} · ${mixesExamples(now) ? NO_PASS_ALONE : "click one to see its pass alone"}</span></p>
        <label class="batch__sort">
          <span class="soft">Sort</span>
          <select value=${sorting} onChange=${(/** @type {any} */ event) => setSorting(event.currentTarget.value)}>
            ${sortings.map(([key, title]) => html`<option key=${key} value=${key} selected=${key === sorting}>${title}</option>`)}
          </select>
        </label>
      </div>
      ${isPictures
        ? html`<ul class="batch__grid">${sorted.slice(0, count).map((example) => html`<${Card} key=${example.col} example=${example} now=${now} size=${[image.rows, image.cols]} name=${name} />`)}</ul>`
        : html`<div class="batch__points" data-plane=${isPlane ? "" : undefined}>
            ${isPlane && html`<${Scatter} examples=${examples} input=${matrixOf(input)} name=${name} axes=${session.value.dataset.feature_names ?? []} />`}
            <${Rows} examples=${sorted.slice(0, count)} name=${name} />
          </div>`}
      ${examples.length > count && html`<p class="batch__more"><button class="button" onClick=${() => setCount(count + SHOWN)}>Show ${Math.min(SHOWN, examples.length - count)} more of ${examples.length}</button></p>`}
    </section>
  `
}

/** What pointing, focusing and clicking an example do. @param {number} col */
const doors = (col) => ({
  onPointerEnter: () => pointAtExample(col),
  onPointerLeave: () => point(null),
  onFocus: () => pointAtExample(col),
  onBlur: () => point(null),
  ...(mixesExamples(wholeTrace.value) ? { "aria-disabled": true } : { onClick: () => lookAtExample(isAlone(col) ? null : col) }),
})

/** @param {number} col */
const isAlone = (col) => alone.value === col

/** @param {{example: Example, now: Trace, size: [number, number], name: (label: number) => string}} properties */
function Card({ example, now, size, name }) {
  const { col, label, isRight, confidence, loss } = example
  const words = `Example ${col}: ${name(label)}, ${verdictWords(example, name)}; loss ${formatNumber(loss, 3)}`
  return html`
    <li>
      <button class="example" data-wrong=${isRight ? undefined : ""} aria-pressed=${isAlone(col)} title=${words} ...${doors(col)}>
        <${ExamplePicture} now=${now} col=${col} size=${size} />
        <${Bars} example=${example} />
        <span class="example__verdict">
          <${Mark} isRight=${isRight} />
          <span class="example__names">${isRight ? name(label) : html`${name(label)} ${example.predicted >= 0 && html`<span class="soft">taken for</span> `}${takenFor(example, name)}`}</span>
          <span class="soft">${formatNumber(confidence, 2)}</span>
        </span>
      </button>
    </li>
  `
}

/** A tick or a cross: never by colour alone. @param {{isRight: boolean}} properties */
function Mark({ isRight }) {
  return html`
    <svg class="example__mark" data-wrong=${isRight ? undefined : ""} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <title>${isRight ? "✓ right" : "✗ wrong"}</title>
      <path d=${isRight ? "M1.5 6.5 4.5 9.5 10.5 2.5" : "M2 2 10 10M10 2 2 10"} fill="none" stroke="currentColor" stroke-width="2" />
    </svg>
  `
}

const BAR = { width: 7, gap: 2, height: 44 }

/** The outputs, a bar a class; the predicted one full, the true one outlined. @param {{example: Example}} properties */
function Bars({ example: { outputs, label, predicted } }) {
  const width = outputs.length * (BAR.width + BAR.gap)
  return html`
    <svg class="example__bars" width=${width} height=${BAR.height} viewBox=${`0 0 ${width} ${BAR.height}`} aria-hidden="true">
      ${outputs.map((value, row) => {
        const x = row * (BAR.width + BAR.gap) + 1
        const height = Number.isFinite(value) ? Math.max(0, Math.min(1, value)) * (BAR.height - 2) : 0
        return html`
          <g key=${row}>
            <rect class="example__bar" data-predicted=${row === predicted ? "" : undefined} x=${x} y=${BAR.height - 1 - height} width=${BAR.width} height=${height} />
            ${row === label && html`<rect class="example__truth" x=${x - 0.5} y="1" width=${BAR.width + 1} height=${BAR.height - 2} />`}
          </g>
        `
      })}
      <path class="example__base" d=${`M0 ${BAR.height - 0.5}H${width}`} />
    </svg>
  `
}

/** @param {{examples: Example[], name: (label: number) => string}} properties */
function Rows({ examples, name }) {
  return html`
    <div class="batch__scroll" tabindex="0" role="group" aria-label="Examples as a table">
      <table class="batch__table">
        <thead><tr><th scope="col">example</th><th scope="col">is</th><th scope="col">taken for</th><th scope="col">with</th><th scope="col">loss${lossUnit(session.value, catalog.value) && ", nats"}</th></tr></thead>
        <tbody>
          ${examples.map((example) => {
            const { col, label, isRight, confidence, loss } = example
            const { onPointerEnter, onPointerLeave, ...keyed } = doors(col)
            return html`
              <tr key=${col} data-chosen=${isAlone(col) ? "" : undefined} onPointerEnter=${onPointerEnter} onPointerLeave=${onPointerLeave}>
                <th scope="row"><button class="batch__example" aria-pressed=${isAlone(col)} ...${keyed}>${col}</button></th>
                <td><${LongName} of=${name(label)} /></td>
                <td><${Mark} isRight=${isRight} /> <${LongName} of=${takenFor(example, name)} /></td>
                <td>${formatNumber(confidence, 3)}</td>
                <td>${formatNumber(loss, 3)}</td>
              </tr>
            `
          })}
        </tbody>
      </table>
    </div>
  `
}

/** Where examples are neither right nor wrong: what each output was to be, and what it is. @param {{examples: Example[], now: Trace}} properties */
function Outputs({ examples, now }) {
  const [count, setCount] = useState(SHOWN)
  const Y = matrixOf(now.batch.Y)
  const names = outputNames(session.value)
  const scale = session.value?.dataset.target_scale
  const name = (/** @type {number} */ row) => names[row] ?? `output ${row}`
  const of = (/** @type {(row: number) => number} */ value) =>
    Array.from({ length: Y.rows }, (_, row) => html`<td key=${row}>${formatNumber(value(row), 3)}</td>`)
  return html`
    <section class="batch" aria-label="The batch">
      <div class="batch__bar">
        <p>Before this step's update<span class="soft">${scale && " · targets are standardised"} · ${mixesExamples(now) ? NO_PASS_ALONE : "click one to see its pass alone"}</span></p>
      </div>
      <div class="batch__points">
        <div class="batch__scroll" tabindex="0" role="group" aria-label="Examples as a table">
          <table class="batch__table">
            <thead>
              <tr>
                <th scope="col">example</th>
                ${["target", "output"].map((what) => Array.from({ length: Y.rows }, (_, row) => html`<th key=${what + row} scope="col"><${LongName} of=${name(row)} />: ${what}</th>`))}
                <th scope="col">loss${lossUnit(session.value, catalog.value) && ", nats"}</th>
              </tr>
            </thead>
            <tbody>
              ${examples.slice(0, count).map(({ col, outputs, loss }) => {
                const { onPointerEnter, onPointerLeave, ...keyed } = doors(col)
                return html`
                  <tr key=${col} data-chosen=${isAlone(col) ? "" : undefined} onPointerEnter=${onPointerEnter} onPointerLeave=${onPointerLeave}>
                    <th scope="row"><button class="batch__example" aria-pressed=${isAlone(col)} ...${keyed}>${col}</button></th>
                    ${of((row) => Y.data[row * Y.cols + col] ?? NaN)}
                    ${of((row) => outputs[row] ?? NaN)}
                    <td>${formatNumber(loss, 3)}</td>
                  </tr>
                `
              })}
            </tbody>
          </table>
        </div>
      </div>
      ${examples.length > count && html`<p class="batch__more"><button class="button" onClick=${() => setCount(count + SHOWN)}>Show ${Math.min(SHOWN, examples.length - count)} more of ${examples.length}</button></p>`}
    </section>
  `
}

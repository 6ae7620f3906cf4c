/**
 * The points of a batch in the plane of their two features: shape and colour are the true class, a ring is a wrong prediction.
 *
 * @import { Example } from "../lib/batch_examples.js"
 * @import { Matrix } from "../types.js"
 */
import { html } from "htm/preact"
import { point } from "../cell_actions.js"
import { answerWords } from "../lib/batch_examples.js"
import { mixesExamples } from "../lib/cell_words.js"
import { formatNumber } from "../lib/format.js"
import { lookAtExample } from "../look_actions.js"
import { example, lit, wholeTrace } from "../state.js"
import { LongName, LongText } from "./long_name.js"

/** What stands for a class in the plane. @param {{label: number}} properties */
export function ClassShape({ label }) {
  const at = label % shapes.length
  return html`<svg width="12" height="12" viewBox="-7 -7 14 14" aria-hidden="true" class="scatter__point class-shape"><path d=${shapes[at]} data-class=${at} /></svg>`
}

/** Lights an example's column; while one is looked at alone, there is no other. @param {number} col */
export function pointAtExample(col) {
  if (example.value === null) point({ tensor: "A", layer: 0, row: 0, col })
}

const SIDE = 320
const MARGIN = 26

/** A shape a class, about 10 pixels wide around 0, 0. */
export const shapes = [
  "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0",
  "M-4 -4H4V4H-4Z",
  "M0-5.2 4.8 3.6H-4.8Z",
  "M0-5.5 5.5 0 0 5.5-5.5 0Z",
  "M-1.6-5h3.2v3.4H5v3.2H1.6V5h-3.2V1.6H-5v-3.2h3.4Z",
  "M0 5.2 4.8-3.6H-4.8Z",
]

/** @param {{examples: Example[], input: Matrix, name: (label: number) => string, axes: string[]}} properties `input` is A[0], (2, m) */
export function Scatter({ examples, input, name, axes }) {
  const reach = input.data.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0) || 1
  const at = (/** @type {number} */ value) => (value / reach) * (SIDE / 2 - MARGIN)
  const x = (/** @type {number} */ col) => SIDE / 2 + at(input.data[col] ?? NaN)
  const y = (/** @type {number} */ col) => SIDE / 2 - at(input.data[input.cols + col] ?? NaN)
  const classes = [...new Set(examples.map(({ label }) => label))].sort((one, other) => one - other)
  const cell = lit.value
  const litCol = example.value ?? (cell && /^d?[AZ]$/.test(cell.tensor) ? cell.col : -1)
  const isOneAlone = !mixesExamples(wholeTrace.value)
  const wrong = examples.filter(({ isRight }) => !isRight).length
  return html`
    <figure class="scatter">
      <svg class="scatter__plane" viewBox=${`0 0 ${SIDE} ${SIDE}`} role="img" aria-label=${`${examples.length} points, ${wrong} of them wrong; the table beside lists them.`}>
        <path class="scatter__axes" d=${`M0 ${SIDE / 2}H${SIDE}M${SIDE / 2} 0V${SIDE}`} />
        <text class="scatter__axis" x=${SIDE - 4} y=${SIDE / 2 - 5} text-anchor="end"><${LongText} of=${axes[0] ?? "feature 0"} most=${22} /></text>
        <text class="scatter__axis" x=${SIDE / 2 + 6} y="12"><${LongText} of=${axes[1] ?? "feature 1"} most=${22} /></text>
        <text class="scatter__axis" x=${SIDE - 4} y=${SIDE / 2 + 13} text-anchor="end">${formatNumber((reach * (SIDE / 2)) / (SIDE / 2 - MARGIN), 2)}</text>
        ${examples.map(({ col, label, predicted, isRight }) => html`
          <g
            key=${col}
            class="scatter__point"
            data-mixed=${isOneAlone ? undefined : ""}
            transform=${`translate(${x(col).toFixed(1)} ${y(col).toFixed(1)})`}
            onPointerEnter=${() => pointAtExample(col)}
            onPointerLeave=${() => point(null)}
            onClick=${() => isOneAlone && lookAtExample(example.value === col ? null : col)}
          >
            <title>${`Example ${col}: ${name(label)}, ${answerWords({ predicted }, name)}`}</title>
            <circle r="10" class="scatter__reach" />
            ${!isRight && html`<circle r="8.5" class="scatter__wrong" />`}
            ${col === litCol && html`<circle r="11.5" class="scatter__lit" />`}
            <path d=${shapes[label % shapes.length]} data-class=${label % shapes.length} />
          </g>
        `)}
      </svg>
      <figcaption class="scatter__legend">
        ${classes.map((label) => html`<span key=${label}><${ClassShape} label=${label} /><${LongName} of=${name(label)} /></span>`)}
        <span><svg width="20" height="20" viewBox="-10 -10 20 20" aria-hidden="true"><circle r="8" class="scatter__wrong" /></svg>taken for another${examples.some(({ predicted }) => predicted < 0) && ", or for none"}</span>
      </figcaption>
    </figure>
  `
}

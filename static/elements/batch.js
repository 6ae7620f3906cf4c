/** The examples of this batch: what they are, and what the network says of them. */
import { html } from "htm/preact"
import { useLayoutEffect, useRef, useState } from "preact/hooks"
import * as actions from "../actions.js"
import { makeScale } from "../draw/color_scales.js"
import { drawHeatmap } from "../draw/heatmap.js"
import { formatNumber } from "../lib/format.js"
import { scheme, session, trace } from "../state.js"
import { isWhole, matrixOf } from "../tensors.js"

/** @typedef {{i: number, label: number, predicted: number, probabilities: number[], loss: number, x: number[]}} Example */

const orders = /** @type {const} */ ({ batch: "in order", loss: "largest loss first", unsure: "least sure first" })

export function Batch() {
  const [order, setOrder] = useState(/** @type {keyof typeof orders} */ ("batch"))
  const now = trace.value
  const data = session.value?.dataset
  if (!now || !data) return null
  const X = now.layers[0]?.A
  const A = now.layers.at(-1)?.A
  if (!X || !A || !isWhole(X) || !isWhole(A)) return html`<p class="soft">This batch is too large to show its examples one by one.</p>`
  const examples = sorted(examplesOf(now, X, A), order)
  const wrong = examples.filter(({ label, predicted }) => label !== predicted).length
  const [rows, cols] = Array.isArray(data.image) ? data.image : [data.image?.rows ?? 0, data.image?.cols ?? 0]
  return html`
    <section class="batch">
      <header class="batch__head">
        <p><strong>${examples.length - wrong} of ${examples.length}</strong> right before this step's update</p>
        <label class="batch__order">
          <span class="soft">Show</span>
          <select value=${order} onChange=${(/** @type {any} */ event) => setOrder(event.target.value)}>
            ${Object.entries(orders).map(([name, text]) => html`<option key=${name} value=${name}>${text}</option>`)}
          </select>
        </label>
      </header>
      ${X.shape[0] === 2
        ? html`<${Plane} examples=${examples} names=${data.class_names} />`
        : html`
            <ul class="batch__grid">
              ${examples.map((example) => html`<${Card} key=${example.i} example=${example} names=${data.class_names} rows=${rows} cols=${cols} />`)}
            </ul>
          `}
    </section>
  `
}

/** @param {import("../types.js").Trace} now @param {import("../types.js").Tensor} X @param {import("../types.js").Tensor} A @returns {Example[]} */
function examplesOf(now, X, A) {
  const inputs = matrixOf(X)
  const outputs = matrixOf(A)
  const column = (/** @type {ReturnType<typeof matrixOf>} */ { rows, cols, data }, /** @type {number} */ i) =>
    Array.from({ length: rows }, (_, r) => data[r * cols + i] ?? NaN)
  const losses = /** @type {any} */ (now.batch).losses ?? []
  return (now.batch.labels ?? []).map((label, i) => {
    const probabilities = column(outputs, i)
    return { i, label, predicted: probabilities.indexOf(Math.max(...probabilities)), probabilities, loss: Number(losses[i]), x: column(inputs, i) }
  })
}

/** @param {Example[]} examples @param {keyof typeof orders} order */
function sorted(examples, order) {
  if (order === "loss") return [...examples].sort((a, b) => b.loss - a.loss)
  if (order === "unsure") return [...examples].sort((a, b) => Math.max(...a.probabilities) - Math.max(...b.probabilities))
  return examples
}

/** Pointing at an example lights its column in every heatmap of the lens. @param {number} i */
const doors = (i) => ({
  onPointerEnter: () => actions.point({ tensor: "A", layer: 0, row: 0, col: i }),
  onPointerLeave: () => actions.point(null),
  onFocus: () => actions.point({ tensor: "A", layer: 0, row: 0, col: i }),
  onBlur: () => actions.point(null),
  onClick: () => actions.select({ tensor: "A", layer: 0, row: 0, col: i }),
})

/** @param {{example: Example, names: string[], rows: number, cols: number}} properties */
function Card({ example, names, rows, cols }) {
  const { i, label, predicted, probabilities, loss, x } = example
  const isRight = label === predicted
  const said = predicted < 0 ? "nothing" : names[predicted]
  return html`
    <li>
      <button
        class="example"
        data-right=${isRight}
        aria-label=${`Example ${i}: is ${names[label]}, said ${said}, ${isRight ? "right" : "wrong"}, loss ${formatNumber(loss, 3)}`}
        ...${doors(i)}
      >
        ${rows > 0 && html`<${Picture} x=${x} rows=${rows} cols=${cols} />`}
        <span class="example__words">
          <span><span class="soft">is</span> <strong>${names[label]}</strong></span>
          <span class="example__said">${isRight ? "✓" : "✗"} ${said}</span>
        </span>
        <span class="example__bars">
          ${probabilities.map((p, k) => html`<span key=${k} data-true=${k === label} title=${`${names[k]}: ${(100 * p).toFixed(1)} %`}><span style=${{ height: `${Math.max(0, Math.min(100, 100 * p)) || 0}%` }}></span></span>`)}
        </span>
        <span class="example__loss soft">loss ${formatNumber(loss, 2)}</span>
      </button>
    </li>
  `
}

/** @param {{x: number[], rows: number, cols: number}} properties */
function Picture({ x, rows, cols }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  const now = scheme.value
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d")
    if (!context) return
    const data = Float64Array.from(x)
    const extent = Math.max(...x.map(Math.abs)) || 1
    const matrix = { rows, cols, data, exact: true, shape: /** @type {[number, number]} */ ([rows, cols]), nonFinite: 0 }
    drawHeatmap(context, matrix, makeScale({ kind: "forward", scheme: now, extent, mode: "linear", signed: x.some((v) => v < 0) }))
  }, [x.join(), now])
  return html`<canvas class="example__picture" ref=${canvas} aria-hidden="true"></canvas>`
}

const shapes = [
  (/** @type {number} */ x, /** @type {number} */ y) => html`<circle cx=${x} cy=${y} r="5" />`,
  (/** @type {number} */ x, /** @type {number} */ y) => html`<rect x=${x - 4.5} y=${y - 4.5} width="9" height="9" />`,
  (/** @type {number} */ x, /** @type {number} */ y) => html`<path d=${`M${x} ${y - 6}L${x + 5.5} ${y + 4}H${x - 5.5}z`} />`,
  (/** @type {number} */ x, /** @type {number} */ y) => html`<path d=${`M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}z`} />`,
]

/** Two features are a point in the plane: class by shape and colour, a ring around what the network gets wrong.
 * @param {{examples: Example[], names: string[]}} properties */
function Plane({ examples, names }) {
  const side = 340
  const extent = 1.1 * Math.max(...examples.flatMap(({ x }) => x.map(Math.abs)), 1e-9)
  const place = (/** @type {number} */ v) => ((v / extent + 1) * side) / 2
  return html`
    <div class="plane">
      <svg width=${side} height=${side} viewBox=${`0 0 ${side} ${side}`} role="group" aria-label="The batch in the plane of its two features">
        <path class="plane__axes" d=${`M0 ${side / 2}H${side}M${side / 2} 0V${side}`} />
        ${examples.map(({ i, x, label, predicted }) => {
          const [px, py] = [place(x[0] ?? 0), side - place(x[1] ?? 0)]
          return html`
            <g key=${i} class="plane__point" data-class=${label % 6} tabindex="0" role="button" aria-label=${`Example ${i} at ${formatNumber(x[0] ?? 0, 3)}, ${formatNumber(x[1] ?? 0, 3)}: is ${names[label]}, said ${names[predicted] ?? "nothing"}`} ...${doors(i)}>
              ${label !== predicted && html`<circle class="plane__wrong" cx=${px} cy=${py} r="9" />`}
              ${(shapes[label % shapes.length] ?? shapes[0])?.(px, py)}
            </g>
          `
        })}
      </svg>
      <ul class="plane__key">
        ${names.map((name, k) => html`<li key=${k}><svg width="16" height="16" class="plane__point" data-class=${k % 6} aria-hidden="true">${(shapes[k % shapes.length] ?? shapes[0])?.(8, 8)}</svg>${name}</li>`)}
        <li><svg width="20" height="20" class="plane__point" aria-hidden="true"><circle class="plane__wrong" cx="10" cy="10" r="8" /></svg>wrong before this update</li>
      </ul>
    </div>
  `
}

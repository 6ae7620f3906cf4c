/**
 * Data of one feature: what the network says along it as a curve for each output, with the training points and the batch's ringed.
 *
 * @import { Predictions, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { point } from "../cell_actions.js"
import { lostArrowWords, noArrowWords } from "../lib/arrow_words.js"
import { mixesExamples } from "../lib/cell_words.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { arrowPath, arrows, nearest, ticks, toPixel } from "../lib/plane.js"
import { askedWords, whoseLossGrows } from "../lib/plane_words.js"
import { featureTitle, hasAccuracy, lossUnit, outputNames } from "../lib/run_words.js"
import { useWidth } from "../lib/use_size.js"
import { lookAtExample } from "../look_actions.js"
import { catalog, example as alone, session } from "../state.js"
import { matrixOf } from "../tensors.js"
import { LongName, LongText } from "./long_name.js"
import { OneExample } from "./pointed_at.js"
import { ClassShape, pointAtExample, shapes } from "./scatter.js"

const SIZE = { width: 640, height: 380 } // pixels at most
const EDGE = { left: 52, bottom: 40, top: 10, right: 10 }

/** @param {{about: Trace, told: Predictions}} properties */
export function FittedCurve({ about, told }) {
  const [pointed, setPointed] = useState(-1)
  const [box, room] = useWidth()
  const size = { width: Math.min(SIZE.width, room || SIZE.width), height: Math.min(SIZE.height, 0.75 * (room || SIZE.width)) }
  const data = session.value?.dataset ?? {}
  const isClasses = hasAccuracy(session.value)
  const curves = told.outputs.map((rows) => (rows[0] ?? []).map(Number))
  const finite = [...curves.flat(), ...told.points.Y.flat()].filter(Number.isFinite)
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const margin = (high - low) * 0.06 || 1
  const x = { low: told.x[0] ?? 0, high: told.x.at(-1) ?? 1, from: EDGE.left, to: size.width - EDGE.right }
  const y = { low: low - margin, high: high + margin, from: size.height - EDGE.bottom, to: EDGE.top }
  // a class's points stand at its target, 1
  const marks = told.points.Y.flatMap((row, output) =>
    row.flatMap((target, position) => (isClasses && target < 0.5 ? [] : [{ output, at: /** @type {[number, number]} */ ([toPixel(x, told.points.X[0]?.[position] ?? NaN), toPixel(y, target)]) }])),
  )
  const input = about.layers[0]?.A
  const gradient = about.layers[0]?.dA
  const X = input?.values ? [...matrixOf(input).data] : []
  const targets = matrixOf(about.batch.Y)
  const batch = X.map((value, col) => /** @type {[number, number]} */ ([toPixel(x, value), toPixel(y, Math.max(...(isClasses ? [1] : [targets.data[col] ?? NaN])))]))
  const dX = gradient?.values ? [...matrixOf(gradient).data] : []
  const drawn = arrows(batch, dX.map((value) => [value, 0]), 30)
  const longest = dX.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0)
  const outputs = outputNames(session.value)
  const isOneAlone = !mixesExamples(about)
  const asked = session.value && askedWords(about, session.value.config, "Line")
  const shown = alone.value ?? pointed
  const isShown = shown >= 0 && shown < batch.length
  const hint = "Point at a ringed point for its prediction and its gradient."
  const steepest = longest > 0 ? dX.findIndex((value) => Math.abs(value) === longest) : -1

  /** @param {PointerEvent} event */
  const pointWith = (event) => {
    const { left, top } = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect()
    const col = nearest(batch, event.clientX - left, event.clientY - top, 12)
    if (col >= 0) {
      setPointed(col)
      pointAtExample(col)
    } else point(null)
    return col
  }
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (batch.length === 0 || (!by && event.key !== "Enter")) return
    event.preventDefault()
    event.stopPropagation()
    if (!by) return void (pointed >= 0 && isOneAlone && lookAtExample(alone.value === pointed ? null : pointed))
    const col = (pointed + by + batch.length) % batch.length
    setPointed(col)
    pointAtExample(col)
  }
  return html`
    <div class="boundary__sides" data-curve="">
      <div class="curve" ref=${box} tabindex="0" role="group" aria-label=${`What the network says over ${data.feature_names?.[0] ?? "the feature"}, with ${formatCount(told.points.count)} training points. Arrow keys go from example to example of the batch${isOneAlone ? "; Enter shows one alone" : ""}.`}
        onPointerMove=${pointWith} onPointerLeave=${() => point(null)} onKeyDown=${move}
        onPointerDown=${(/** @type {PointerEvent} */ event) => { const col = pointWith(event); if (col >= 0 && isOneAlone) lookAtExample(alone.value === col ? null : col) }}
      >
        <svg class="curve__svg scatter__point" width=${size.width} height=${size.height} viewBox=${`0 0 ${size.width} ${size.height}`} aria-hidden="true">
          <rect class="plane__frame curve__ground" x=${x.from} y=${y.to} width=${x.to - x.from} height=${y.from - y.to} />
          ${ticks(x.low, x.high, size.width < 480 ? 5 : 8).map((value) => html`<g key=${value}><path class="curve__grid" d=${`M${toPixel(x, value)} ${y.from}V${y.to}`} /><text class="plane__number" x=${toPixel(x, value)} y=${y.from + 16} text-anchor="middle">${formatNumber(value, 3)}</text></g>`)}
          ${ticks(y.low, y.high, 6).map((value) => html`<g key=${value}><path class="curve__grid" d=${`M${x.from} ${toPixel(y, value)}H${x.to}`} /><text class="plane__number" x=${x.from - 7} y=${toPixel(y, value) + 3.5} text-anchor="end">${formatNumber(value, 3)}</text></g>`)}
          <text class="plane__axis" x=${(x.from + x.to) / 2} y=${size.height - 6} text-anchor="middle"><${LongText} of=${featureTitle(data, 0)} most=${64} /></text>
          <text class="plane__axis" transform=${`translate(11 ${(y.from + y.to) / 2}) rotate(-90)`} text-anchor="middle"><${LongText} of=${isClasses ? "output" : `${outputs[0] ?? "target"}${data.target_scale ? ", standardised" : ""}`} most=${40} /></text>
          ${marks.map(({ output, at: [px, py] }, position) => html`<path key=${position} class="plane__point" data-class=${output % shapes.length} d=${shapes[output % shapes.length]} transform=${`translate(${px.toFixed(1)} ${py.toFixed(1)}) scale(0.72)`} />`)}
          ${curves.map((values, output) => html`<path key=${output} class="curve__line" data-class=${output % shapes.length} d=${linePath(values, (position) => toPixel(x, told.x[position] ?? NaN), (value) => toPixel(y, value))} />`)}
          ${batch.map(([px, py], col) => html`<circle key=${col} class="plane__batch" data-lit=${col === shown ? "" : undefined} cx=${px.toFixed(1)} cy=${py.toFixed(1)} r=${col === shown ? 8 : 6} />`)}
          <path class="plane__halo" d=${drawn.map(arrowPath).join("")} />
          <path class="plane__arrows" d=${drawn.map(arrowPath).join("")} />
        </svg>
      </div>
      <div class="boundary__words">
        <ul class="legend boundary__legend">
          ${curves.map((_, output) => html`<li key=${output}><svg width="22" height="12" viewBox="0 0 22 12" class="scatter__point" aria-hidden="true"><path class="curve__line" data-class=${output % shapes.length} d="M1 6H21" /></svg><${ClassShape} label=${output} /> <${LongName} of=${(isClasses ? data.class_names?.[output] : outputs[output]) ?? `output ${output}`} /></li>`)}
          <li class="boundary__wide soft">Line: what the network says. Points: the training examples${(told.points.X[0]?.length ?? 0) < told.points.count ? `, ${formatCount(told.points.X[0]?.length ?? 0)} of ${formatCount(told.points.count)}` : ""}; ringed: this batch.</li>
          <li class="boundary__wide"><svg width="40" height="12" viewBox="0 0 40 12" aria-hidden="true"><path class="plane__arrows" d="M1 6H37M32 3L37 6L32 9" /></svg><span>${longest > 0 ? `dA[0], where ${whoseLossGrows(about)}; the longest is ${formatNumber(longest, 3)} ${lossUnit(session.value, catalog.value)} for each 1 of the feature${lostArrowWords(gradient)}` : noArrowWords(gradient)}</span></li>
          ${asked && html`<li class="boundary__wide soft">${asked}</li>`}
        </ul>
        ${isShown || steepest >= 0 ? html`<${OneExample} about=${about} col=${isShown ? shown : steepest} isClasses=${isClasses} name=${(/** @type {number} */ label) => data.class_names?.[label] ?? `class ${label}`} hint=${isShown ? undefined : `${hint} Until then, the longest arrow:`} />` : html`<p class="boundary__pointed soft">${hint}</p>`}
      </div>
    </div>
  `
}

/** A line that is broken where there is no finite number. @param {number[]} values @param {(position: number) => number} x @param {(value: number) => number} y */
export function linePath(values, x, y) {
  let isOpen = false
  return values
    .map((value, position) => {
      if (!Number.isFinite(value)) return (isOpen = false) || ""
      const command = isOpen ? "L" : "M"
      isOpen = true
      return `${command}${x(position).toFixed(1)} ${y(value).toFixed(1)}`
    })
    .join("")
}

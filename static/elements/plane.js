/**
 * The plane of two features: the network's answer as colour, the training points, the batch's ringed, and each one's input gradient as an arrow.
 * Pointing anywhere says what stands there; a click on a point of the batch shows its pass alone.
 *
 * @import { Predictions, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import { point } from "../cell_actions.js"
import { byClass, byOutput, groundSide, planePixels, rgbOf } from "../draw/boundary.js"
import { makeScale } from "../draw/color_scales.js"
import { maxAbs } from "../draw/heatmap.js"
import { mixesExamples } from "../lib/cell_words.js"
import { tokenColors } from "../lib/css_colors.js"
import { formatNumber } from "../lib/format.js"
import { arrowPath, arrows, axesIn, between, inPicture, leader, nearest, ticks, toPixel, toValue } from "../lib/plane.js"
import { featureTitle, hasAccuracy } from "../lib/run_words.js"
import { lookAtExample } from "../look_actions.js"
import { example as alone, lit, scheme, session } from "../state.js"
import { matrixOf } from "../tensors.js"
import { LongText } from "./long_name.js"
import { PlaneLegend } from "./plane_legend.js"
import { PointedAt } from "./pointed_at.js"
import { pointAtExample, shapes } from "./scatter.js"

const SIDE = 460
const EDGE = { left: 46, bottom: 40, top: 8, right: 8 }
const PIXELS = 180 // of the picture behind, which the browser smooths; as many as are shown where it is hatched
const LONGEST = 36 // pixels of the longest arrow
const FEW = 24 // points, which are drawn so large that a label has room in its mark
/** Of the marks: times the shapes' own size, of a label, pixels of a ring and within which one is pointed at. */
const MARKS = { few: { scale: 1.4, label: 2.2, ring: 14, reach: 18 }, many: { scale: 0.72, label: 0.9, ring: 6, reach: 11 } }
const AIR = 4 // pixels between an arrow's head and the frame
const SHORTEST = 2 // below that it would be a dot that hides its point
/** The colours of the shapes, in their order. */
const CLASS_TOKENS = ["--tensor-forward", "--tensor-parameter", "--tensor-backward", "--curve-test", "--ink", "--stopped"]

/** @param {{about: Trace, told: Predictions}} properties */
export function Plane({ about, told }) {
  const [output, setOutput] = useState(0)
  const [at, setAt] = useState(/** @type {{x: number, y: number, col: number, point: number} | null} */ (null))
  const data = session.value?.dataset ?? {}
  const isClasses = hasAccuracy(session.value) && told.outputs.length > 1 // targets that only look like shares make no class of their largest
  const isLabels = data.targets === "labels" // a yes or a no: the ground's colours would hide those that it agrees with
  const isOn = (/** @type {number} */ position) => ((told.points.Y[output]?.[position] ?? NaN) > 0.5 ? "yes" : "no")
  const middle = data.targets === "numbers" ? 0 : 0.5
  const ends = (/** @type {number[]} */ along) => ({ low: along[0] ?? 0, high: along.at(-1) ?? 1 })
  const axes = axesIn(ends(told.x), ends(told.y), { width: SIDE - EDGE.left - EDGE.right, height: SIDE - EDGE.top - EDGE.bottom })
  const x = { ...ends(told.x), from: EDGE.left, to: EDGE.left + axes.width }
  const y = { ...ends(told.y), from: EDGE.top + axes.height, to: EDGE.top }
  const high = EDGE.top + axes.height + EDGE.bottom
  const place = (/** @type {number} */ a, /** @type {number} */ b) => /** @type {[number, number]} */ ([toPixel(x, a), toPixel(y, b)])

  const scale = useMemo(() => {
    const all = [...(told.outputs[output] ?? []).flat(), ...(told.points.Y[output] ?? [])].map((value) => Number(value) - middle)
    const extent = data.targets === "numbers" ? maxAbs(all) : hasAccuracy(session.value) || isLabels ? 0.5 : Math.max(0.5, maxAbs(all))
    return makeScale({ kind: "forward", scheme: scheme.value, extent })
  }, [told, output, scheme.value])
  const [a = [], b = []] = told.points.X
  const points = useMemo(() => a.map((value, position) => place(value, b[position] ?? NaN)), [told])
  const isFew = points.length <= FEW
  const marks = isFew ? MARKS.few : MARKS.many
  const batch = useMemo(() => placesOf(about, x, y, marks.ring), [told, about])

  const labelOf = (/** @type {number} */ position) => told.points.Y.reduce((best, row, index) => ((row[position] ?? 0) > (told.points.Y[best]?.[position] ?? 0) ? index : best), 0)
  // drawn once for a run: the same nodes again cost nothing while it is played
  const drawnPoints = useMemo(
    () => points.map(([px, py], position) => html`
      <path key=${position} class="plane__point" transform=${`translate(${px.toFixed(1)} ${py.toFixed(1)}) scale(${isLabels ? marks.label : marks.scale})`} d=${shapes[isClasses ? labelOf(position) % shapes.length : 0]}
        data-class=${isClasses ? labelOf(position) % shapes.length : undefined} data-is=${isLabels ? isOn(position) : undefined} style=${isClasses || isLabels ? undefined : { fill: scale.colorCss((told.points.Y[output]?.[position] ?? NaN) - middle) ?? "none" }} />
      ${isLabels && isFew && html`<text class="plane__label" data-is=${isOn(position)} x=${px.toFixed(1)} y=${(py + 4.7).toFixed(1)} text-anchor="middle">${isOn(position) === "yes" ? 1 : 0}</text>`}
    `),
    [session.value?.id, isClasses ? 0 : scale, output, points.length],
  )

  const isOneAlone = !mixesExamples(about)
  const shown = batch.at.length > 0 && alone.value !== null ? alone.value : (at?.col ?? -1)
  const cell = lit.value
  const litCol = alone.value ?? (cell && /^d?[AZ]$/.test(cell.tensor) ? cell.col : -1)

  /** @param {PointerEvent} event */
  const pointWith = (event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect()
    const [px, py] = [((event.clientX - box.left) * SIDE) / box.width, ((event.clientY - box.top) * SIDE) / box.width]
    const col = nearest(batch.at, px, py, marks.reach)
    setAt({ x: toValue(x, px), y: toValue(y, py), col, point: col < 0 ? nearest(points, px, py, 7) : -1 })
    if (col >= 0) pointAtExample(col)
    else point(null)
    return col
  }
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const count = batch.at.length
    if (count === 0 || (!by && event.key !== "Enter")) return
    event.preventDefault()
    event.stopPropagation()
    if (!by) {
      if (at && at.col >= 0 && isOneAlone) lookAtExample(alone.value === at.col ? null : at.col)
      return
    }
    const col = ((at?.col ?? -1) + by + count) % count
    const [px = 0, py = 0] = batch.at[col] ?? []
    setAt({ x: toValue(x, px), y: toValue(y, py), col, point: -1 })
    pointAtExample(col)
  }

  const names = data.feature_names ?? []
  const values = at ? told.outputs.map((rows) => between(rows, (at.x - x.low) / (x.high - x.low), (at.y - y.low) / (y.high - y.low))) : []
  return html`
    <div class="boundary__sides">
      <div
        class="plane"
        style=${{ aspectRatio: `${SIDE} / ${high}` }}
        tabindex="0"
        role="group"
        aria-label=${`The plane of ${names[0] ?? "feature 0"} and ${names[1] ?? "feature 1"} with ${points.length} training points. Arrow keys go from example to example of the batch${isOneAlone ? "; Enter shows one alone" : ""}.`}
        onPointerMove=${pointWith}
        onPointerDown=${(/** @type {PointerEvent} */ event) => {
          const col = pointWith(event)
          if (col >= 0 && isOneAlone) lookAtExample(alone.value === col ? null : col)
        }}
        onPointerLeave=${() => point(null)}
        onKeyDown=${move}
        onBlur=${() => point(null)}
      >
        <${Ground} told=${told} output=${output} isClasses=${isClasses} scale=${scale} middle=${middle} size=${{ width: axes.width, height: axes.height, high }} />
        <svg class="plane__svg scatter__point" viewBox=${`0 0 ${SIDE} ${high}`} aria-hidden="true">
          <rect class="plane__frame" x=${EDGE.left} y=${EDGE.top} width=${x.to - x.from} height=${y.from - y.to} />
          ${ticks(x.low, x.high, 6).map((value) => html`<g key=${value}><path class="plane__tick" d=${`M${toPixel(x, value)} ${y.from}v4`} /><text class="plane__number" x=${toPixel(x, value)} y=${y.from + 16} text-anchor="middle">${formatNumber(value, 3)}</text></g>`)}
          ${ticks(y.low, y.high, 6).map((value) => html`<g key=${value}><path class="plane__tick" d=${`M${x.from} ${toPixel(y, value)}h-4`} /><text class="plane__number" x=${x.from - 7} y=${toPixel(y, value) + 3.5} text-anchor="end">${formatNumber(value, 3)}</text></g>`)}
          <text class="plane__axis" x=${(x.from + x.to) / 2} y=${high - 6} text-anchor="middle"><${LongText} of=${featureTitle(data, 0)} most=${48} /></text>
          <text class="plane__axis" transform=${`translate(11 ${(y.from + y.to) / 2}) rotate(-90)`} text-anchor="middle"><${LongText} of=${featureTitle(data, 1)} most=${48} /></text>
          <g>${drawnPoints}</g>
          ${batch.at.map(([px, py], col) => html`<circle key=${col} class="plane__batch" data-lit=${col === litCol || col === shown ? "" : undefined} cx=${px.toFixed(1)} cy=${py.toFixed(1)} r=${marks.ring + (col === litCol || col === shown ? 2 : 0)} />`)}
          <path class="plane__halo" d=${batch.path} />
          <path class="plane__arrows" d=${batch.path} />
        </svg>
      </div>
      <div class="boundary__words">
        <${PlaneLegend} about=${about} told=${told} isClasses=${isClasses} scale=${scale} middle=${middle} output=${output} onOutput=${setOutput} longest=${batch.longest} hasBatch=${batch.at.length > 0} isFew=${isFew} stretch=${axes.stretch} />
        <${PointedAt} about=${about} told=${told} col=${shown} at=${at && { ...at, label: at.point < 0 ? null : isClasses ? labelOf(at.point) : (told.points.Y[output]?.[at.point] ?? null) }} says=${isClasses ? leader(values) : null} values=${values} output=${output} steepest=${batch.steepest} />
      </div>
    </div>
  `
}

/** @typedef {import("../lib/plane.js").Axis} Axis */

/** Where the examples of the batch stand, and their gradients as one path, each from its ring on. @param {Trace} about @param {Axis} x @param {Axis} y @param {number} ring its radius */
function placesOf(about, x, y, ring) {
  const [input, gradient] = [about.layers[0]?.A, about.layers[0]?.dA]
  if (!input?.values || !gradient?.values) return { at: [], path: "", longest: 0, steepest: -1 }
  const [X, dX] = [matrixOf(input), matrixOf(gradient)]
  const at = Array.from({ length: X.cols }, (_, col) => /** @type {[number, number]} */ ([toPixel(x, X.data[col] ?? NaN), toPixel(y, X.data[X.cols + col] ?? NaN)]))
  const pairs = Array.from({ length: X.cols }, (_, col) => /** @type {[number, number]} */ ([dX.data[col] ?? NaN, dX.data[dX.cols + col] ?? NaN]))
  const [perX, perY] = [toPixel(x, 1) - toPixel(x, 0), toPixel(y, 1) - toPixel(y, 0)]
  const seen = pairs.map(([gx, gy]) => inPicture(gx, gy, perX, perY))
  const drawn = arrows(at, seen, LONGEST, { from: ring, frame: { left: x.from + AIR, right: x.to - AIR, top: y.to + AIR, bottom: y.from - AIR } })
  const lengths = seen.map(([gx, gy]) => (Number.isFinite(gx + gy) ? Math.hypot(gx, gy) : 0))
  const most = Math.max(0, ...lengths)
  const steepest = most > 0 ? lengths.indexOf(most) : -1
  return { at, path: drawn.filter(({ length }) => length >= SHORTEST).map(arrowPath).join(""), longest: steepest < 0 ? 0 : Math.hypot(...(pairs[steepest] ?? [])), steepest }
}

/** @param {{told: Predictions, output: number, isClasses: boolean, scale: import("../types.js").Scale, middle: number, size: {width: number, height: number, high: number}}} properties `size`: of the axes, and how high all is */
function Ground({ told, output, isClasses, scale, middle, size }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  const now = scheme.value
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d")
    if (!context) return
    const tokens = tokenColors([...CLASS_TOKENS, "--surface"])
    const surface = rgbOf(tokens["--surface"] ?? "")
    const colorOf = isClasses ? byClass(CLASS_TOKENS.map((token) => rgbOf(tokens[token] ?? "")), surface) : byOutput(scale, output, middle)
    const isHatched = told.outputs.some((rows) => rows.some((values) => !values.every((value) => Number.isFinite(Number(value)))))
    const width = (context.canvas.width = groundSide(isHatched, context.canvas.clientWidth, PIXELS))
    const height = (context.canvas.height = groundSide(isHatched, context.canvas.clientHeight, PIXELS))
    const image = context.createImageData(width, height)
    new Uint32Array(image.data.buffer).set(planePixels(told.outputs, width, colorOf, height))
    context.putImageData(image, 0, 0)
  }, [told, output, isClasses, scale, middle, now])
  const percent = (/** @type {number} */ pixels, of = SIDE) => `${(100 * pixels) / of}%`
  return html`<canvas class="plane__ground" ref=${canvas} aria-hidden="true" style=${{ insetInlineStart: percent(EDGE.left), insetBlockStart: percent(EDGE.top, size.high), inlineSize: percent(size.width), blockSize: percent(size.height, size.high) }}></canvas>`
}

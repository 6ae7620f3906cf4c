/**
 * Loss and accuracy over the steps, of the batch and of the test set; and the same past as a small scrubber.
 *
 *   <Curves />     two plots; a click, or the range below them, goes to a step
 *   <Scrubber />   for the transport
 */
import { html } from "htm/preact"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import uPlot from "uplot"
import * as actions from "../actions.js"
import { tokenColors } from "../lib/css_colors.js"
import { curveData, sparkline } from "../lib/curve_data.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { hasAccuracy, lossUnit } from "../lib/run_words.js"
import { useWidth } from "../lib/use_size.js"
import { catalog, history, scheme, session, trace } from "../state.js"

const TOKENS = ["--curve-train", "--curve-test", "--ink", "--ink-soft", "--line", "--ground"]

export function Curves() {
  const data = useMemo(() => curveData(history.value), [history.value])
  const [hovered, setHovered] = useState(/** @type {number | null} */ (null))
  const newest = session.value?.step ?? 0
  const looked = trace.value?.step ?? newest
  const first = data.steps[0] ?? 0
  const shown = hovered ?? looked - first
  const step = data.steps[shown] ?? looked
  return html`
    <section class="curves" aria-label="Curves">
      <div class="curves__plots">
        <${Plot} title="Loss" unit=${lossUnit(session.value, catalog.value)} steps=${data.steps} columns=${data.loss} shown=${shown} looked=${looked} top=${null} onHover=${setHovered} text=${(/** @type {number | null | undefined} */ value) => formatNumber(value)} />
        ${hasAccuracy(session.value) && html`<${Plot} title="Accuracy" unit="%" steps=${data.steps} columns=${data.accuracy} shown=${shown} looked=${looked} top=${100} onHover=${setHovered} text=${(/** @type {number | null | undefined} */ value) => (value === null || value === undefined ? "–" : `${value.toFixed(1)} %`)} />`}
      </div>
      <label class="curves__steps">
        <span class="eyebrow">Step</span>
        <input type="range" min="1" max=${Math.max(1, newest)} value=${looked} disabled=${newest < 2} onInput=${goTo} />
        <output>${formatCount(step)}<span class="soft"> of ${formatCount(newest)}</span></output>
      </label>
      <p class="curves__note soft">
        ${newest < 2
          ? "One batch is one point. Take more batches, and the points become curves."
          : `Batch: the loss${hasAccuracy(session.value) ? " and accuracy" : ""} of the step's own batch, before its update. Test: the held-out examples, after it; at step 0, the network as it was initialised.`}
      </p>
    </section>
  `
}

/** @param {Event} event */
const goTo = (event) => actions.goToStep(Number(/** @type {HTMLInputElement} */ (event.currentTarget).value))

/**
 * @param {{title: string, unit: string, steps: number[], columns: [(number | null)[], (number | null)[]], shown: number, looked: number,
 *   top: number | null, onHover: (index: number | null) => void, text: (value: number | null | undefined) => string}} properties
 */
function Plot({ title, unit, steps, columns, shown, looked, top, onHover, text }) {
  const [box, width] = useWidth()
  const plot = useRef(/** @type {uPlot | null} */ (null))
  const live = useRef({ looked, steps, colors: /** @type {Record<string, string>} */ ({}) })
  live.current.looked = looked
  live.current.steps = steps
  const height = width < 400 ? 180 : 220

  useEffect(() => {
    if (!box.current || width === 0 || plot.current) return
    live.current.colors = tokenColors(TOKENS)
    plot.current = new uPlot(plotOptions(width, height, top, live.current, onHover), [steps, ...columns], box.current)
  }, [width > 0])
  useEffect(() => () => plot.current?.destroy(), [])
  useEffect(() => plot.current?.setData([steps, ...columns]), [steps, columns])
  useEffect(() => plot.current?.redraw(false), [looked])
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height })
  }, [width, height])
  useEffect(() => {
    live.current.colors = tokenColors(TOKENS)
    plot.current?.redraw(false, true)
  }, [scheme.value])

  const [batch, test] = columns
  return html`
    <figure class="plot">
      <figcaption class="plot__head">
        <h3 class="plot__title">${title} <span class="soft">${unit}</span></h3>
        <ul class="plot__legend">
          <li data-curve="train"><span>batch</span> <strong>${text(batch[shown])}</strong></li>
          <li data-curve="test"><span>test</span> <strong>${text(test[shown])}</strong></li>
        </ul>
      </figcaption>
      <div
        class="plot__box"
        ref=${box}
        style=${{ height: `${height}px` }}
        role="img"
        aria-label=${`${title} over ${Math.max(0, steps.length - 1)} steps. At step ${looked}: batch ${text(batch[looked - (steps[0] ?? 0)])}, test ${text(test[looked - (steps[0] ?? 0)])}.`}
      ></div>
    </figure>
  `
}

/**
 * @param {number} width @param {number} height @param {number | null} top of the scale; null fits the data
 * @param {{looked: number, steps: number[], colors: Record<string, string>}} live read at every drawing, so that nothing is rebuilt
 * @param {(index: number | null) => void} onHover
 * @returns {uPlot.Options}
 */
function plotOptions(width, height, top, live, onHover) {
  const color = (/** @type {string} */ token) => () => live.colors[token] ?? "gray"
  const axis = {
    stroke: color("--ink-soft"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: "11px 'Inter Variable', system-ui, sans-serif",
  }
  return {
    width,
    height,
    padding: [10, 22, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 7 } },
    scales: {
      x: { time: false, range: (_, low, high) => [low ?? 0, Math.max(high ?? 1, (low ?? 0) + 1)] },
      y: { range: (_, low, high) => [Math.min(0, low ?? 0), top === null ? (high > 0 ? high * 1.05 : 1) : top * 1.02] },
    },
    axes: [
      { ...axis, size: 28, gap: 6, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000] },
      { ...axis, size: 46, gap: 6, values: (_, splits) => splits.map((value) => (value === null ? "" : formatNumber(value, 3))) },
    ],
    series: [
      {},
      { stroke: color("--curve-train"), width: 1.5, points: { size: 5, fill: color("--curve-train") } },
      { stroke: color("--curve-test"), width: 2, points: { size: 5, fill: color("--curve-test") } },
    ],
    hooks: {
      ready: [
        (plot) => {
          plot.over.addEventListener("click", () => {
            const step = live.steps[plot.cursor.idx ?? -1]
            if (step) actions.goToStep(step)
          })
        },
      ],
      setCursor: [(plot) => onHover(plot.cursor.idx ?? null)],
      draw: [(plot) => markLooked(plot, live)],
    },
  }
}

/** The step that is looked at: a line over the plot's height. @param {uPlot} plot @param {{looked: number, colors: Record<string, string>}} live */
function markLooked({ ctx, bbox, valToPos }, { looked, colors }) {
  if (looked < 1) return
  const x = Math.round(valToPos(looked, "x", true)) + 0.5
  ctx.save()
  ctx.strokeStyle = colors["--ink"] ?? "gray"
  ctx.lineWidth = devicePixelRatio
  ctx.beginPath()
  ctx.moveTo(x, bbox.top)
  ctx.lineTo(x, bbox.top + bbox.height)
  ctx.stroke()
  ctx.fillStyle = colors["--ink"] ?? "gray"
  const size = 4 * devicePixelRatio
  ctx.beginPath()
  ctx.moveTo(x - size, bbox.top - size)
  ctx.lineTo(x + size, bbox.top - size)
  ctx.lineTo(x, bbox.top + size * 0.5)
  ctx.fill()
  ctx.restore()
}

const SCRUBBER = 32

/** The loss of the past as a line, and a handle on the step that is looked at. */
export function Scrubber() {
  const [box, width] = useWidth()
  const { steps, loss } = history.value
  const line = useMemo(() => sparkline(curveData(history.value).loss[0].slice(history.value.initial ? 1 : 0), width - 2, SCRUBBER), [history.value, width])
  const newest = session.value?.step ?? 0
  const looked = trace.value?.step ?? newest
  const x = 1 + (newest > 1 ? ((looked - 1) / (newest - 1)) * (width - 2) : 0)
  return html`
    <div class="scrubber" ref=${box}>
      <svg class="scrubber__line" width=${width} height=${SCRUBBER} aria-hidden="true">
        ${line && newest > 1 && html`<path d=${line} transform="translate(1 0)" />`}
        ${newest > 0 && html`<line class="scrubber__handle" x1=${x} x2=${x} y1="0" y2=${SCRUBBER} />`}
      </svg>
      <input
        class="scrubber__range"
        type="range"
        aria-label="Step that is looked at, over the loss of the past"
        aria-valuetext=${`step ${looked} of ${newest}, loss ${formatNumber(loss[looked - (steps[0] ?? 1)])}`}
        min="1"
        max=${Math.max(1, newest)}
        value=${looked}
        disabled=${newest < 2}
        onInput=${goTo}
      />
    </div>
  `
}

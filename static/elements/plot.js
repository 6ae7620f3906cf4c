/**
 * Curves over the steps. Pointing says the step and the values; a click or a drag looks at that step; a button saves what is plotted.
 * uPlot draws the lowest and the highest point of each pixel, so a spike among thousands of steps is seen.
 *
 *   <Plot name="loss" title="Loss" unit="nats" axis="linear" steps={...} series={...} strokes={...} shown={12} onHover={...} text={formatNumber} />
 *
 * @import { Axis, Series } from "../lib/curve_data.js"
 * @import { Mark, Value } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useMemo, useRef } from "preact/hooks"
import uPlot from "uplot"
import { drawActions, drawLooked, drawNames, drawOddities } from "../draw/plot_marks.js"
import { saveCsv } from "../export_actions.js"
import { tokenColors } from "../lib/css_colors.js"
import { logRange, logTicks, oddities, plotted, tickSteps } from "../lib/curve_data.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { useWidth } from "../lib/use_size.js"
import { goToStep } from "../look_actions.js"
import { history, scheme, session, sought, trace } from "../state.js"

/** How a curve is drawn: a colour token, a width, dashes, and whether its name stands at its end. @typedef {{token: string, width: number, dash?: number[], isNamed?: boolean}} Stroke */
/** @typedef {{looked: number, steps: number[], marks: readonly Mark[], series: readonly Series[], strokes: readonly Stroke[], odd: ReturnType<typeof oddities>[], onGo: (step: number) => void, colors: Record<string, string>}} Live */

const TOKENS = ["--ink", "--ink-soft", "--line"]
const oddNames = { zero: "○ 0", infinity: "▲ ∞", "-infinity": "▼ −∞", nan: "× NaN" }

/**
 * @param {{name: string, title: unknown, label: string, unit: string, axis: Axis, top?: number | null, steps: number[], series: readonly Series[], strokes: readonly Stroke[],
 *   shown: number, onHover: (index: number | null) => void, text: (value: Value | null | undefined) => string, note?: string, looked?: number, marks?: readonly Mark[],
 *   onGo?: (step: number) => void, saveAs?: typeof saveCsv}} properties `top` of the axis; null fits the data; the last four are the lens', unless given
 */
export function Plot({
  name, title, label, unit, axis, top = null, steps, series, strokes, shown, onHover, text, note,
  looked = sought.value ?? trace.value?.step ?? session.value?.step ?? 0,
  marks = history.value.marks ?? [],
  onGo = goToStep,
  saveAs = saveCsv,
}) {
  const [box, width] = useWidth()
  const plot = useRef(/** @type {uPlot | null} */ (null))
  const odd = useMemo(() => series.map(({ values }) => oddities(values, axis)), [series, axis])
  const data = useMemo(() => /** @type {uPlot.AlignedData} */ ([steps, ...series.map(({ values }) => plotted(values, axis))]), [steps, series, axis])
  const live = useRef(/** @type {Live} */ ({ looked, steps, marks, series, strokes, odd, onGo, colors: {} }))
  Object.assign(live.current, { looked, steps, marks, series, strokes, odd, onGo })
  const height = width < 400 ? 170 : 200
  const shape = series.map(({ key }) => key).join()

  // another number of curves is another plot; new numbers are not
  useEffect(() => {
    if (!box.current || width === 0) return
    live.current.colors = tokenColors([...TOKENS, ...strokes.map(({ token }) => token)])
    plot.current = new uPlot(plotOptions(width, height, axis, top, live.current, onHover), data, box.current)
    return () => {
      plot.current?.destroy()
      plot.current = null
    }
  }, [width > 0, shape, axis])
  useEffect(() => plot.current?.setData(data), [data])
  useEffect(() => plot.current?.redraw(false), [looked, marks])
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height })
  }, [width, height])
  useEffect(() => {
    live.current.colors = tokenColors([...TOKENS, ...strokes.map(({ token }) => token)])
    plot.current?.redraw(false, true)
  }, [scheme.value])

  const kinds = [...new Set(odd.flat().map(({ kind }) => kind))]
  const at = steps[shown]
  const words = series.map((one) => `${one.label} ${text(one.values[shown])}`).join(", ")
  return html`
    <figure class="plot" data-plot=${name}>
      <figcaption class="plot__head">
        <h3 class="plot__title">${title} <span class="soft">${unit}</span></h3>
        <ul class="plot__legend">
          ${series.map(
            (one, position) => html`
              <li key=${one.key} data-curve=${one.key} style=${{ "--curve": `var(${strokes[position]?.token})`, "--dash": strokes[position]?.dash ? "dashed" : "solid" }}>
                <span>${one.label}</span> <strong>${text(one.values[shown])}</strong>
              </li>
            `,
          )}
        </ul>
        <button class="plot__save" title=${`Save ${label} as CSV, every step with every digit`} onClick=${() => saveAs(name, ["step", ...series.map((one) => one.name)], [steps, ...series.map(({ told }) => told)])}>
          CSV<span class="visually-hidden"> of ${label}</span>
        </button>
      </figcaption>
      <div
        class="plot__box"
        ref=${box}
        style=${{ height: `${height}px` }}
        role="img"
        aria-label=${`${label} over ${formatCount(Math.max(0, steps.length - 1))} steps. At step ${at ?? looked}: ${words || "no curve is switched on"}.`}
      ></div>
      ${(kinds.length > 0 || note) && html`<p class="plot__note soft">${[...kinds.map((kind) => oddNames[kind]), note].filter(Boolean).join(" · ")}</p>`}
    </figure>
  `
}

/**
 * @param {number} width @param {number} height @param {Axis} axis @param {number | null} top
 * @param {Live} live read at every drawing, so that nothing is rebuilt
 * @param {(index: number | null) => void} onHover
 * @returns {uPlot.Options}
 */
function plotOptions(width, height, axis, top, live, onHover) {
  const color = (/** @type {string} */ token) => () => live.colors[token] ?? "gray"
  const lines = {
    stroke: color("--ink-soft"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: "11px 'Inter Variable', system-ui, sans-serif",
  }
  const isNamed = live.strokes.some((stroke) => stroke.isNamed)
  /** @type {uPlot.Scale} */
  const y =
    axis === "log"
      ? { distr: 3, log: 10, range: (_, low, high) => logRange(low, high) }
      : { range: (_, low, high) => [Math.min(0, low ?? 0), top === null ? (high > 0 ? high * 1.05 : 1) : top * 1.02] }
  return {
    width,
    height,
    padding: [10, isNamed ? 30 : 22, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 7 } },
    scales: { x: { time: false, range: (_, low, high) => [low ?? 0, Math.max(high ?? 1, (low ?? 0) + 1)] }, y },
    axes: [
      { ...lines, size: 28, gap: 6, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000] },
      {
        ...lines,
        size: (_, values) => Math.max(50, 14 + 6.5 * (values ?? []).reduce((most, text) => Math.max(most, text?.length ?? 0), 0)),
        gap: 6,
        incrs: (_, __, low, high) => tickSteps(high - low),
        ...(axis === "log" && { splits: (_, __, low, high) => logTicks(low, high, 6), filter: (_, splits) => splits }),
        values: (_, splits) => splits.map((value) => (value === null ? "" : formatNumber(value, 3).replace(/^1×/, ""))),
      },
    ],
    series: [{}, ...live.strokes.map(({ token, width, dash }) => ({ stroke: color(token), width, dash, points: { size: 5, fill: color(token) } }))],
    hooks: {
      ready: [(plot) => listen(plot, live)],
      setCursor: [(plot) => onHover(plot.cursor.idx ?? null)],
      draw: [
        (plot) => {
          drawActions(plot, live.marks, live.colors["--ink-soft"] ?? "gray")
          live.odd.forEach((odd, position) => drawOddities(plot, odd, live.colors[live.strokes[position]?.token ?? ""] ?? "gray"))
          drawNames(plot, live.series.map(({ label }, position) => ({ label: live.strokes[position]?.isNamed ? label : "", color: live.colors[live.strokes[position]?.token ?? ""] ?? "gray" })))
          if (live.looked >= 1) drawLooked(plot, live.looked, live.colors["--ink"] ?? "gray")
        },
      ],
    },
  }
}

/** A click looks at a step, and a drag at one after the other. @param {uPlot} plot @param {Live} live */
function listen(plot, live) {
  /** @param {PointerEvent} event */
  const look = (event) => {
    if (!(event.buttons & 1)) return
    const place = event.clientX - plot.over.getBoundingClientRect().left
    const step = live.steps[plot.posToIdx(Math.max(0, Math.min(place, plot.over.clientWidth)))]
    if (step !== undefined) live.onGo(Math.max(1, step))
  }
  plot.over.addEventListener("pointerdown", (event) => {
    plot.over.setPointerCapture(event.pointerId)
    look(event)
  })
  plot.over.addEventListener("pointermove", look)
}

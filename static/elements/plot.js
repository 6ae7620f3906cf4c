/**
 * Curves over the steps. Pointing, with the pointer or by arrow keys, says the step and the values and aims the scrubber at it; a click, a drag
 * or Enter looks at that step; a button saves what is plotted.
 * uPlot draws the lowest and the highest point of each pixel, so a spike among thousands of steps is seen.
 *
 *   <Plot name="loss" title="Loss" unit="nats" axis="linear" steps={...} series={...} strokes={...} shown={12} text={formatNumber} />
 *
 * @import { Axis, Series } from "../lib/curve_data.js"
 * @import { Value } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks"
import uPlot from "uplot"
import { drawActions, drawLooked, drawNames, drawOddities } from "../draw/plot_marks.js"
import { saveCsv } from "../export_actions.js"
import { tokenColors } from "../lib/css_colors.js"
import { axisFor, linearRange, logRange, logTicks, oddities, plotted, stepByKey } from "../lib/curve_data.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { ticks } from "../lib/plane.js"
import { useWidth } from "../lib/use_size.js"
import { leapToStep, pointStep } from "../look_actions.js"
import { history, scheme, session, sought, trace } from "../state.js"

/** How a curve is drawn: a colour token, a width, dashes, and whether its name stands at its end. @typedef {{token: string, width: number, dash?: number[], isNamed?: boolean}} Stroke */
/** A line after a step; in the colours and with the names of those that it is of, where not of all. @typedef {{step: number, whose?: readonly {label: string, token: string}[]}} Mark */
/** @typedef {{looked: number, steps: number[], marks: readonly Mark[], series: readonly Series[], strokes: readonly Stroke[], odd: ReturnType<typeof oddities>[], onGo: (step: number) => void, colors: Record<string, string>}} Live */

const LOG_NOTE = "logarithmic axis: on a linear one its largest numbers would press all others onto the foot"
const TICKS = 5 // about as many numbers stand beside an axis
const TOKENS = ["--ink", "--ink-soft", "--line", "--ground"]
const oddNames = { zero: "○ 0", infinity: "▲ ∞", "-infinity": "▼ −∞", nan: "× NaN" }

/**
 * @param {{name: string, title: unknown, label: string, unit: string, axis: Axis | "fit", top?: number | null, steps: number[], series: readonly Series[], strokes: readonly Stroke[],
 *   shown: number, text: (value: Value | null | undefined) => string, note?: string, looked?: number, marks?: readonly Mark[],
 *   onGo?: (step: number) => void, saveAs?: typeof saveCsv}} properties "fit": whichever axis shows most of the numbers; `top` of the axis: null fits the data; the last four are the lens', unless given
 */
export function Plot({
  name, title, label, unit, axis: wanted, top = null, steps, series, strokes, shown, text, note,
  looked = sought.value ?? trace.value?.step ?? session.value?.step ?? 0,
  marks = history.value.marks ?? [],
  onGo = leapToStep,
  saveAs = saveCsv,
}) {
  const [box, width] = useWidth()
  const plot = useRef(/** @type {uPlot | null} */ (null))
  const axis = useMemo(() => (wanted === "fit" ? axisFor(series.map(({ values }) => values)) : wanted), [series, wanted])
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
    plot.current = new uPlot(plotOptions(width, height, axis, top, live.current), data, box.current)
    return () => {
      pointStep(null)
      plot.current?.destroy()
      plot.current = null
    }
  }, [width > 0, shape, axis])
  useEffect(() => plot.current?.setData(data), [data])
  useEffect(() => plot.current?.redraw(false), [looked, marks])
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height })
  }, [width, height])
  // before the next picture of the page: one for paper is taken at once
  useLayoutEffect(() => {
    live.current.colors = tokenColors([...TOKENS, ...strokes.map(({ token }) => token)])
    plot.current?.redraw(false, true)
  }, [scheme.value])

  const kinds = [...new Set(odd.flat().map(({ kind }) => kind))]
  const at = steps[shown]
  const words = series.map((one) => `${one.label} ${text(one.values[shown])}`).join(", ")
  const last = steps.at(-1) ?? 0
  const notes = [...kinds.map((kind) => oddNames[kind]), note, wanted === "fit" && axis === "log" && LOG_NOTE].filter(Boolean)
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const isPointed = plot.current?.cursor.idx !== null && plot.current?.cursor.idx !== undefined
    const to = stepByKey(event.key, at ?? looked, steps[0] ?? 1, last)
    if (to !== null) point(plot.current, to)
    else if (event.key === "Enter" || event.key === " ") onGo(Math.max(1, at ?? looked))
    else if (event.key === "Escape" && isPointed) point(plot.current, null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
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
        <button class="plot__save" title=${`Save ${label} as CSV, every step with every digit`} onClick=${() => saveAs(name, ["step", ...series.map((one) => one.name)], [steps, ...series.map(({ values }) => values)])}>
          CSV<span class="visually-hidden"> of ${label}</span>
        </button>
      </figcaption>
      <div
        class="plot__box"
        ref=${box}
        style=${{ height: `${height}px` }}
        role="slider"
        tabindex="0"
        aria-label=${`${label} over ${formatCount(Math.max(0, steps.length - 1))} steps`}
        aria-valuemin=${steps[0] ?? 0}
        aria-valuemax=${last}
        aria-valuenow=${at ?? looked}
        aria-valuetext=${`At step ${formatCount(at ?? looked)}: ${words || "no curve is switched on"}.`}
        aria-description="Arrow keys point at a step, Enter looks at it."
        onKeyDown=${move}
        onBlur=${() => point(plot.current, null)}
      ></div>
      ${notes.length > 0 && html`<p class="plot__note soft">${notes.join(" · ")}</p>`}
    </figure>
  `
}

/**
 * @param {number} width @param {number} height @param {Axis} axis @param {number | null} top
 * @param {Live} live read at every drawing, so that nothing is rebuilt
 * @returns {uPlot.Options}
 */
function plotOptions(width, height, axis, top, live) {
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
      : { range: (_, low, high) => linearRange(low, high, top) }
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
        // uPlot draws no axis at all unless it finds a step in a list, and its own ends where numbers of a run that diverges go on: the numbers are made here instead
        incrs: (_, __, low, high) => [Math.max(5, high - low)],
        splits: (_, __, low, high) => (axis === "log" ? logTicks(low, high, 6) : ticks(low, high, TICKS)),
        filter: (_, splits) => splits,
        values: (_, splits) => splits.map((value) => (value === null ? "" : formatNumber(value, 3).replace(/^1×/, ""))),
      },
    ],
    series: [{}, ...live.strokes.map(({ token, width, dash }) => ({ stroke: color(token), width, dash, points: { size: 5, fill: color(token) } }))],
    hooks: {
      ready: [(plot) => listen(plot, live)],
      setCursor: [({ cursor: { idx } }) => pointStep(idx === null || idx === undefined ? null : (live.steps[idx] ?? null))],
      draw: [
        (plot) => {
          drawActions(plot, live.marks.map(({ step, whose = [] }) => ({ step, names: whose.map(({ label, token }) => ({ label, color: live.colors[token] ?? "gray" })) })), live.colors["--ink-soft"] ?? "gray", live.colors["--ground"] ?? "white")
          live.odd.forEach((odd, position) => drawOddities(plot, odd, live.colors[live.strokes[position]?.token ?? ""] ?? "gray"))
          drawNames(plot, live.series.map(({ label }, position) => ({ label: live.strokes[position]?.isNamed ? label : "", color: live.colors[live.strokes[position]?.token ?? ""] ?? "gray" })), live.colors["--ground"] ?? "white")
          if (live.looked >= 1) drawLooked(plot, live.looked, live.colors["--ink"] ?? "gray")
        },
      ],
    },
  }
}

/** Points at a step as the pointer does. @param {uPlot | null} plot @param {number | null} step null lets go */
function point(plot, step) {
  plot?.setCursor(step === null ? { left: -10, top: -10 } : { left: plot.valToPos(step, "x"), top: 0 })
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

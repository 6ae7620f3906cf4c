/**
 * How the numbers of one tensor were spread, over the steps: a heatmap of histograms. Pointing says the counts; a click or Enter looks at the step.
 *
 *   <Distribution />
 *
 * @import { Distributions } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks"
import { makeScale } from "../draw/color_scales.js"
import { drawDistributions } from "../draw/distribution.js"
import { saveCsv } from "../export_actions.js"
import { tokenColors } from "../lib/css_colors.js"
import { axisTicks, columnsOf, columnWords, distributionColumns, largestShare, notFinite } from "../lib/distribution_data.js"
import { formatCount, formatNumber, tensorLabel } from "../lib/format.js"
import { kindOf } from "../lib/notation.js"
import { ticks } from "../lib/plane.js"
import { useWidth } from "../lib/use_size.js"
import { leapToStep, pointStep } from "../look_actions.js"
import { toProblem } from "../problems.js"
import { look, readDistributions } from "../readings.js"
import { distribution, scheme, session, sought, trace, transport, wholeTrace } from "../state.js"
import { plotDistribution } from "../view_actions.js"
import { Choice } from "./lens.js"
import { ProblemNote } from "./problem.js"

const [BINS, MOST] = [48, 60]
const HEIGHT = { odd: 14, bins: 216, zeros: 28, gap: 5, axis: 22 }
const LEFT = 64

/** @typedef {{at: number, bin: number}} Pointed `bin` -1 is the zeros */

export function Distribution() {
  const choice = distribution.value
  const [last, setLast] = useState(/** @type {{key: string, told: Distributions | null, problem: import("../state.js").Problem | null} | null} */ (null))
  const [asked, setAsked] = useState(0)
  const newest = session.value?.step ?? 0
  const isPlaying = transport.value.status === "playing"
  const about = look()
  const key = JSON.stringify([session.value?.id, newest, choice, asked])

  useEffect(() => {
    // many steps are recomputed for this picture: while batches are played, that time is theirs
    if (isPlaying || newest === 0) return
    const life = new AbortController()
    const { tensor, layer, scale } = choice
    readDistributions(about, { tensor, layer, bins: BINS, most: MOST, ...(scale && { scale }) }, life.signal).then(
      (told) => setLast({ key, told, problem: null }),
      (error) => life.signal.aborted || setLast((before) => ({ key, told: before?.told ?? null, problem: toProblem(error) })),
    )
    return () => life.abort()
  }, [key, isPlaying])

  const told = last?.told
  return html`
    <section class="distribution" aria-label="Distribution over the steps" aria-busy=${last?.key !== key && !isPlaying}>
      <header class="distribution__head">
        <h3 class="plot__title">Distribution over the steps</h3>
        <label class="distribution__choice">
          <span class="visually-hidden">Tensor</span>
          <select value=${`${choice.tensor}.${choice.layer}`} onChange=${(/** @type {any} */ event) => {
            const [tensor = "dW", layer = "1"] = event.target.value.split(".")
            plotDistribution({ tensor, layer: Number(layer), scale: "" })
          }}>
            ${tensorsOf(wholeTrace.value).map(
              ({ title, layer, names }) => html`
                <optgroup key=${layer} label=${title}>
                  ${names.map((name) => html`<option key=${name} value=${`${name}.${layer}`} selected=${name === choice.tensor && layer === choice.layer}>${tensorLabel(name, layer)}</option>`)}
                </optgroup>
              `,
            )}
          </select>
        </label>
        ${told && html`<${Choice} title="Axis" value=${choice.scale || told.scale} onChoose=${(/** @type {"linear" | "symlog"} */ scale) => plotDistribution({ ...choice, scale })} options=${[["linear", "linear"], ["symlog", "logarithmic"]]} />`}
        ${told &&
        html`<button class="plot__save" title="Save the counts as CSV" onClick=${() => {
          const { header, columns } = distributionColumns(told)
          saveCsv(`distribution-${told.tensor}-${told.layer}`, header, columns)
        }}>CSV<span class="visually-hidden"> of the distribution</span></button>`}
      </header>
      ${last?.problem && html`<${ProblemNote} problem=${last.problem} onRetry=${() => setAsked(asked + 1)} />`}
      ${!told && !last?.problem && html`<p class="soft" role="status">Recomputing steps of the past…</p>`}
      ${told && html`<${Picture} told=${told} isBehind=${(told.steps.at(-1) ?? 0) < newest} />`}
    </section>
  `
}

/** What a histogram can be asked of. @param {import("../types.js").Trace | null} now @returns {{title: string, layer: number, names: string[]}[]} */
const tensorsOf = (now) =>
  (now?.layers ?? []).map((layer) => ({
    title: layer.name,
    layer: layer.index,
    names: Object.entries(layer).flatMap(([name, found]) => (found && typeof found === "object" && "shape" in found && !name.endsWith("_next") ? [name] : [])),
  }))

/** @param {{told: Distributions, isBehind: boolean}} properties */
function Picture({ told, isBehind }) {
  const [box, full] = useWidth()
  const [pointed, setPointed] = useState(/** @type {Pointed | null} */ (null))
  const width = Math.max(0, full - LEFT - 8)
  const hasOdd = told.steps.some((_, at) => notFinite(told, at) > 0)
  const odd = hasOdd ? HEIGHT.odd : 0
  const top = hasOdd ? odd + HEIGHT.gap : 0
  const foot = top + HEIGHT.bins + HEIGHT.gap + HEIGHT.zeros
  const spans = useMemo(() => columnsOf(told.steps), [told])
  const [first, end] = [spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? 1]
  const xOf = (/** @type {number} */ step) => LEFT + ((step - first) / (end - first)) * width
  const most = largestShare(told)
  const kind = kindOf(told.tensor)
  const looked = sought.value ?? trace.value?.step ?? 0
  const name = tensorLabel(told.tensor, told.layer)

  useLayoutEffect(() => {
    const canvas = box.current?.querySelector("canvas")
    const context = canvas?.getContext("2d")
    if (!canvas || !context || width === 0) return
    canvas.width = Math.round(width * devicePixelRatio)
    canvas.height = Math.round(foot * devicePixelRatio)
    context.scale(canvas.width / width, canvas.height / foot)
    const { "--stopped": zero = "gray", "--bad": bad = "red", "--sunken": paper = "white" } = tokenColors(["--stopped", "--bad", "--sunken"])
    const scale = makeScale({ kind, scheme: scheme.value, extent: most, signed: false })
    drawDistributions(context, told, { width, odd, bins: HEIGHT.bins, zeros: HEIGHT.zeros, gap: HEIGHT.gap }, scale, { zero, bad, paper })
  }, [told, width, foot, scheme.value])

  useEffect(() => () => pointStep(null), [])
  /** Points here, and the scrubber at the step. @param {Pointed | null} what */
  const aim = (what) => {
    setPointed(what)
    pointStep(what === null ? null : (told.steps[what.at] ?? null))
  }
  const bins = told.edges.length - 1
  /** @param {PointerEvent} event */
  const point = (event) => {
    const area = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect()
    const step = first + ((event.clientX - area.left - LEFT) / width) * (end - first)
    const at = spans.findIndex(([from, to]) => step >= from && step < to)
    const y = event.clientY - area.top - top
    const bin = Math.min(bins - 1, Math.floor((1 - y / HEIGHT.bins) * bins))
    aim(at < 0 || y < 0 ? null : { at, bin: y > HEIGHT.bins ? -1 : bin })
    return told.steps[at]
  }
  const here = pointed ?? { at: nearestStep(told.steps, looked), bin: -2 }
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const by = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] })[event.key]
    const step = told.steps[here.at]
    if (by) {
      const within = (/** @type {number} */ n, /** @type {number} */ low, /** @type {number} */ high) => Math.max(low, Math.min(high, n))
      aim({ at: within(here.at + by[0], 0, told.steps.length - 1), bin: within(Math.max(-1, here.bin) + by[1], -1, bins - 1) })
    } else if ((event.key === "Enter" || event.key === " ") && step) leapToStep(step)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const words = describe(told, here)
  return html`
    <div
      class="distribution__box"
      ref=${box}
      style=${{ height: `${foot + HEIGHT.axis}px` }}
      tabindex="0"
      role="group"
      aria-roledescription="histograms over time"
      aria-label=${`${name} over ${told.steps.length} steps from ${told.steps[0] ?? 0} to ${told.steps.at(-1) ?? 0}, from ${formatNumber(told.edges[0])} to ${formatNumber(told.edges.at(-1))}. ${words}. Arrow keys move, Enter looks at the step.`}
      onKeyDown=${move}
      onPointerMove=${point}
      onPointerLeave=${() => aim(null)}
      onBlur=${() => aim(null)}
      onClick=${(/** @type {any} */ event) => {
        const step = point(event)
        if (step) leapToStep(step)
      }}
    >
      <canvas class="distribution__cells" style=${{ insetInlineStart: `${LEFT}px`, width: `${width}px`, height: `${foot}px` }} aria-hidden="true"></canvas>
      <svg class="distribution__axes" width=${full} height=${foot + HEIGHT.axis} aria-hidden="true">
        ${axisTicks(told, 13 / HEIGHT.bins).map(({ value, place }) => {
          const y = top + (1 - place) * HEIGHT.bins
          return html`<g key=${value}><text x=${LEFT - 8} y=${y} text-anchor="end" dominant-baseline="middle">${formatNumber(value, 3).replace(/^(−?)1×/, "$1")}</text><path d=${`M${LEFT - 4} ${y}h4`} /></g>`
        })}
        ${hasOdd && html`<text class="distribution__odd" x=${LEFT - 8} y=${odd / 2} text-anchor="end" dominant-baseline="middle">NaN, ±∞</text>`}
        <text x=${LEFT - 8} y=${foot - HEIGHT.zeros / 2} text-anchor="end" dominant-baseline="middle">zeros</text>
        ${stepTicks(told.steps, first, end, width).map((step) => html`<text key=${step} x=${xOf(step)} y=${foot + 15} text-anchor="middle">${formatCount(step)}</text>`)}
        ${looked >= first && looked <= end && html`<path class="distribution__looked" d=${`M${xOf(looked).toFixed(1)} 0V${foot}`} />`}
        ${pointed &&
        html`<rect
          class="distribution__pointed"
          x=${xOf(spans[pointed.at]?.[0] ?? 0)}
          width=${xOf(spans[pointed.at]?.[1] ?? 0) - xOf(spans[pointed.at]?.[0] ?? 0)}
          y=${pointed.bin < 0 ? foot - HEIGHT.zeros : top + (1 - (pointed.bin + 1) / bins) * HEIGHT.bins}
          height=${pointed.bin < 0 ? HEIGHT.zeros : HEIGHT.bins / bins}
        />`}
      </svg>
    </div>
    <p class="distribution__readout" aria-live="polite">
      <span>${words}</span>
      <${ShareLegend} kind=${kind} most=${most} />
    </p>
    <p class="plot__note soft">
      ${columnWords(told, told.steps.at(-1) ?? 0)}; exact zeros stand apart.
      ${isBehind && ` Up to step ${formatCount(told.steps.at(-1) ?? 0)}: the rest comes when the play is paused.`}
    </p>
  `
}

/** @param {number[]} steps @param {number} looked */
const nearestStep = (steps, looked) => steps.reduce((best, step, at) => (Math.abs(step - looked) < Math.abs((steps[best] ?? Infinity) - looked) ? at : best), 0)

/** Round steps to write below, none of them cut off. @param {number[]} steps @param {number} first @param {number} end @param {number} width */
const stepTicks = (steps, first, end, width) =>
  steps.length < 2 ? steps : ticks(first, end, Math.max(2, Math.floor(width / 90))).filter((step) => Number.isInteger(step) && step >= 1 && step <= (steps.at(-1) ?? 0))

/** @param {Distributions} told @param {Pointed} pointed `bin` below -1: the step as a whole */
function describe(told, { at, bin }) {
  const cells = told.cells[at] ?? 0
  const share = (/** @type {number} */ count) => `${formatCount(count)} of ${formatCount(cells)} cells (${formatNumber((100 * count) / (cells || 1), 3)} %)`
  const start = `Step ${formatCount(told.steps[at] ?? 0)}: `
  if (bin >= 0) return `${start}${share(told.bins[at]?.[bin] ?? 0)} from ${formatNumber(told.edges[bin])} to ${formatNumber(told.edges[bin + 1])}`
  const odd = [["NaN", told.nan], ["∞", told.posinf], ["−∞", told.neginf]].flatMap(([name, counts]) => (counts?.[at] ? [`${formatCount(Number(counts[at]))} ${name}`] : []))
  return `${start}${share(told.zeros[at] ?? 0)} are exactly 0${odd.length > 0 ? `; ${odd.join(", ")}` : ""}`
}

/** @param {{kind: import("../types.js").Kind, most: number}} properties */
function ShareLegend({ kind, most }) {
  const scale = makeScale({ kind, scheme: scheme.value, extent: most || 1, signed: false })
  const stops = [0, 0.25, 0.5, 0.75, 1].map((at) => scale.colorCss(at * (most || 1))).join(", ")
  return html`<span class="distribution__legend soft">0 <span class="distribution__strip" style=${{ background: `linear-gradient(to right, ${stops})` }}></span> ${formatNumber(100 * most, 3)} % of the cells in a bin</span>`
}

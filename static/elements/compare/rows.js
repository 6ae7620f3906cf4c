/**
 * The heatmaps: a column for each run, a row for each tensor, all of a row on one scale or each on its own; and what the others are minus the first.
 *
 * @import { Tensor, TensorAt } from "../../types.js"
 */
import { html } from "htm/preact"
import { useMemo } from "preact/hooks"
import { openTable } from "../../compare_actions.js"
import { isUnlikeDrawn, items, opened, placeOf, sharing, shown, sides, step } from "../../compare_state.js"
import { makeScale } from "../../draw/color_scales.js"
import { commonExtent, extentsOf, isSigned, pictureSize, sharersOf, tensorIn } from "../../lib/compare_pictures.js"
import { plainName } from "../../lib/compare_phases.js"
import { letterAt } from "../../lib/compare_words.js"
import { formatCount, formatNumber } from "../../lib/format.js"
import { kindOf } from "../../lib/notation.js"
import { isOnPaper, scaleMode, scheme } from "../../state.js"
import { ScaleStrip } from "../scale_strip.js"
import { Symbol } from "../symbol.js"
import { Badge } from "./badge.js"
import { Difference, differencesAt } from "./difference.js"
import { Picture } from "./picture.js"
import { Faint, Range } from "./range.js"
import { Readout } from "./readout.js"
import { useRoom } from "./room.js"

const GAP = 20
const NARROW = 700 // pixels, below which runs stand one above the other, each with its difference beside it
const [CLOSE, LOW] = [10, 84] // pixels between pictures there, and of their height where they are many
const HALF = 190 // pixels that a picture and its legend take at least
const LITTLE = 0.85 // of its size, which a picture may lose to stand beside another

export function Rows() {
  const [box, width] = useRoom()
  const now = shown.value
  const count = opened.value.length
  // the difference of two stands beside them, if networks of the same layers have one
  const isBeside = count === 2 && sides.value[0]?.sizes.join() === sides.value[1]?.sizes.join()
  const columns = width < NARROW && !isOnPaper.value ? 1 : isBeside ? 3 : Math.max(1, count)
  const isNarrow = columns === 1 && count > 1
  const isThere = now !== null && now.runs.length === count
  return html`
    <div class="compare__rows" ref=${box} style=${{ "--lines-wide": count > 3 ? 2 : 1 }} aria-busy=${now?.step !== step.value}>
      ${isThere && width > 0 && now.items.map((at, place) => html`<${Row} key=${`${at.tensor}.${at.layer}`} at=${at} columns=${columns} width=${width} isDifferenceBeside=${isBeside} isNarrow=${isNarrow} isFirst=${place === 0} />`)}
      ${items.value.length === 0 && html`<p class="compare__none soft">None of the runs has the chosen tensors in this layer. Choose others, or another layer.</p>`}
      ${!isThere && step.value > 0 && html`<p class="soft" role="status">Getting the numbers of step ${formatCount(step.value)}…</p>`}
    </div>
  `
}

/** How high pictures may be: few tensors are shown large, a whole lens small. @param {number} rows */
const heightOf = (rows) => (rows <= 1 ? 420 : rows <= 2 ? 240 : rows <= 6 ? 132 : 84)

/** @param {{at: TensorAt, columns: number, width: number, isDifferenceBeside: boolean, isNarrow: boolean, isFirst: boolean}} properties */
function Row({ at, columns: usual, width, isDifferenceBeside, isNarrow, isFirst }) {
  const now = /** @type {NonNullable<typeof shown.value>} */ (shown.value)
  const [mode, colors, range] = [scaleMode.value, scheme.value, sharing.value]
  const tensors = now.runs.map(({ trace }) => tensorIn(trace, at))
  const found = differencesAt(at)
  const differences = found.map(({ tensor }) => tensor)
  const isOwn = range === "own"
  const [scales, aparts] = useMemo(() => {
    const traces = now.runs.map(({ trace }) => trace)
    // arms are the same for all, whatever their ends: a colour has one sign in all runs
    const common = { kind: kindOf(at.tensor), scheme: colors, mode, signed: isSigned(at.tensor, sharersOf(traces, at, now.items, range)) }
    const most = commonExtent(differences)
    return [
      extentsOf(traces, at, now.items, range).map((extent) => makeScale({ ...common, extent })),
      differences.map((difference) => makeScale({ ...common, signed: true, extent: isOwn ? commonExtent([difference]) : most })),
    ]
  }, [now, at, range, colors, mode, isUnlikeDrawn.value])
  if (tensors.every((tensor) => tensor === null)) {
    const why = now.runs.find(({ problem }) => problem)?.problem?.message
    return html`<section class="compare__row"><h2 class="compare__tensor"><${Symbol} ...${at} /> <span class="soft">${why ?? "None of the runs has it in this step."}</span></h2></section>`
  }
  const height = isNarrow && now.runs.length > 2 ? Math.min(LOW, heightOf(now.items.length)) : heightOf(now.items.length)
  const gap = isNarrow ? CLOSE : GAP
  const roomIn = (/** @type {number} */ count) => ({ width: Math.floor((width - (count - 1) * gap) / count), height })
  const fits = (/** @type {number} */ within, /** @type {number} */ whole) => tensors.every((tensor) => !tensor || pictureSize(tensor.shape, { width: whole, height }).width * LITTLE <= within)
  // also where there is little room, thin pictures stand in one line, unless each has a legend of its own
  const many = isDifferenceBeside ? 3 : now.runs.length
  const isThin = isNarrow && !isOwn && fits(roomIn(many).width, width)
  const columns = isThin ? many : usual
  const isBeside = isDifferenceBeside && (isThin || !isNarrow)
  const room = roomIn(columns)
  const letters = now.runs.map((_, position) => letterAt(placeOf(position)))
  // of more than two, a difference stands beside its run where both have room, if need be a little smaller; else below it
  const half = { ...room, width: Math.floor((room.width - gap) / 2) }
  const isPaired = isNarrow ? !isThin : !isBeside && columns > 1 && half.width >= HALF && fits(half.width, room.width)
  const place = isPaired ? half : room
  const difference = (/** @type {number} */ position) => html`<${Difference} position=${position} found=${found[position]} at=${at} scale=${aparts[position]} isOwn=${isOwn} isShort=${isThin} room=${place} />`
  // where it would push pictures from under the hand, the numbers stand below them
  const readout = html`<${Readout} at=${at} tensors=${tensors} differences=${differences} letters=${letters} hint=${isFirst ? "Point at a cell, or choose it with a click." : ""} />`
  const extent = (/** @type {import("../../types.js").Scale} */ of) => formatNumber(of.domain[1], 3)
  const [scale, apart] = [scales[0], aparts[0]] // where all have the same
  return html`
    <section class="compare__row" data-kind=${kindOf(at.tensor)} aria-label=${`${plainName(at.tensor)} of layer ${at.layer}`}>
      <header class="compare__head">
        <h2 class="compare__tensor"><${Symbol} tensor=${at.tensor} layer=${at.layer} /> <span class="soft">${shapeWords(tensors)}</span></h2>
        ${isOwn
          ? html`<span class="compare__scale soft">each picture on its own scale: alike colours are not alike numbers</span>`
          : html`
              ${scale && scale.domain[1] > 0 && html`<span class="compare__scale soft">runs <${ScaleStrip} scale=${scale} from=${scale.signed ? `−${extent(scale)}` : "0"} to=${extent(scale)} /></span>`}
              ${apart && apart.domain[1] > 0 && html`<span class="compare__scale soft">difference <${ScaleStrip} scale=${apart} from=${`−${extent(apart)}`} to=${extent(apart)} /></span>`}`}
        ${!isNarrow && readout}
        <button class="button compare__table" data-look="plain" onClick=${() => openTable(at)}>Table<span class="visually-hidden"> of ${plainName(at.tensor, at.layer)} in all runs</span></button>
      </header>
      <div class="compare__pictures" style=${{ "--columns": columns }}>
        ${now.runs.map((run, position) => html`
          <div key=${opened.value[position]?.id} class="compare__cell" data-gone=${opened.value[position]?.isGone ? "" : undefined} data-paired=${isPaired ? "" : undefined}>
            <div><p class="compare__whose"><${Badge} place=${placeOf(position)} />${opened.value[position]?.isGone && html` <span class="compare__late">deleted; as it was at step ${formatCount(run.step)}</span>`}${!opened.value[position]?.isGone && run.step < now.step && run.step > 0 && html` <span class="compare__late">at its step ${formatCount(run.step)}, not ${formatCount(now.step)}</span>`}${tensors[position] && html` <${Range} tensor=${tensors[position]} scale=${scales[position]} isOwn=${isOwn} isShort=${isThin} whose=${`run ${letters[position]}`} />`}</p>
            ${tensors[position] ? html`<${Picture} tensor=${tensors[position]} at=${at} scale=${scales[position]} room=${place} name=${`run ${letters[position]}`} />${isThin && html`<${Faint} tensor=${tensors[position]} scale=${scales[position]} isOwn=${isOwn} whose=${`run ${letters[position]}`} />`}` : html`<p class="compare__none soft">${whyNone(position, at)}</p>`}</div>
            ${!isBeside && position > 0 && difference(position)}
          </div>`)}
        ${isBeside && html`<div class="compare__cell">${difference(1)}</div>`}
      </div>
      ${isNarrow && readout}
    </section>
  `
}

/** @param {readonly (Tensor | null)[]} tensors */
const shapeWords = (tensors) => [...new Set(tensors.flatMap((tensor) => (tensor ? [tensor.shape.join("×")] : [])))].join(" and ")

/** @param {number} position @param {TensorAt} at */
function whyNone(position, { tensor, layer }) {
  const run = shown.value?.runs[position]
  if (opened.value[position]?.isGone) return "This run was deleted, and this was not on the page of it."
  if (run?.problem && !run.trace) return run.problem.message
  if (run?.step === 0) return "This run has taken no batch yet."
  const last = (opened.value[position]?.session?.config.layer_sizes.length ?? 1) - 1
  return layer > last ? `This network has ${last} ${last === 1 ? "layer" : "layers"}.` : `This run has no ${plainName(tensor)} in layer ${layer}.`
}

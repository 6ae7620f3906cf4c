/**
 * The heatmaps: a column for each run, a row for each tensor, all of a row on one scale; and what the others are minus the first.
 *
 * @import { Tensor, TensorAt } from "../../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useMemo, useState } from "preact/hooks"
import * as actions from "../../compare_actions.js"
import { chosenCell, opened, pointedCell, runs, sharing, shown, step } from "../../compare_state.js"
import { makeScale } from "../../draw/color_scales.js"
import { commonExtent, isSigned, numberAt, sharersOf, tensorIn } from "../../lib/compare_pictures.js"
import { letterAt } from "../../lib/compare_words.js"
import { formatCount, formatNumber } from "../../lib/format.js"
import { kindOf } from "../../lib/notation.js"
import { useWidth } from "../../lib/use_size.js"
import { isWhole } from "../../tensors.js"
import { scaleMode, scheme } from "../../state.js"
import { ScaleStrip } from "../scale_strip.js"
import { Symbol } from "../symbol.js"
import { Badge } from "./badge.js"
import { cellWords, Picture } from "./picture.js"

const GAP = 20
const NARROW = 700 // pixels, below which everything is stacked

export function Rows() {
  const [box, width] = useWidth()
  const now = shown.value
  const count = opened.value.length
  const columns = width < NARROW ? 1 : count === 2 ? 3 : Math.max(1, count)
  return html`
    <div class="compare__rows" ref=${box} style=${{ "--columns": columns }} aria-busy=${now?.step !== step.value}>
      ${now && width > 0 && now.runs.length === count
        ? now.items.map((at) => html`<${Row} key=${`${at.tensor}.${at.layer}`} at=${at} columns=${columns} width=${width} />`)
        : step.value > 0 && html`<p class="soft" role="status">Getting the numbers of step ${formatCount(step.value)}…</p>`}
    </div>
  `
}

/** How high pictures may be: few tensors are shown large, a whole lens small. @param {number} rows */
const heightOf = (rows) => (rows <= 1 ? 420 : rows <= 2 ? 240 : rows <= 6 ? 132 : 84)

/** The place of an opened run among all that the address names, which is its letter. @param {number} position */
const placeOf = (position) => runs.value.findIndex(({ id }) => id === opened.value[position]?.id)

/** @param {{at: TensorAt, columns: number, width: number}} properties */
function Row({ at, columns, width }) {
  const now = /** @type {NonNullable<typeof shown.value>} */ (shown.value)
  const [mode, colors, range] = [scaleMode.value, scheme.value, sharing.value]
  const tensors = now.runs.map(({ trace }) => tensorIn(trace, at))
  const differences = now.runs.map(({ difference }) => tensorIn(difference, at))
  const [scale, apart] = useMemo(() => {
    const sharers = sharersOf(now.runs.map(({ trace }) => trace), at, now.items, range)
    const common = { kind: kindOf(at.tensor), scheme: colors, mode }
    return [
      makeScale({ ...common, extent: commonExtent(sharers), signed: isSigned(at.tensor, sharers) }),
      makeScale({ ...common, extent: commonExtent(differences) }),
    ]
  }, [now, at, range, colors, mode])
  if (tensors.every((tensor) => tensor === null)) {
    return html`<section class="compare__row"><h2 class="compare__tensor"><${Symbol} ...${at} /> <span class="soft">None of the runs has it in this step.</span></h2></section>`
  }
  const room = { width: Math.floor((width - (columns - 1) * GAP) / columns), height: heightOf(now.items.length) }
  const letters = now.runs.map((_, position) => letterAt(placeOf(position)))
  const minus = (/** @type {number} */ position) => `${letters[position]} − ${letters[0]}`
  const isBeside = now.runs.length === 2
  const pictures = now.runs.map((run, position) => html`
    <div key=${opened.value[position]?.id} class="compare__cell">
      <p class="compare__whose"><${Badge} place=${placeOf(position)} />${run.step < now.step && run.step > 0 && html` <span class="soft">at its step ${formatCount(run.step)}</span>`}</p>
      ${tensors[position] ? html`<${Picture} tensor=${tensors[position]} at=${at} scale=${scale} room=${room} name=${`run ${letters[position]}`} />` : html`<p class="compare__none soft">${whyNone(position, at)}</p>`}
      ${!isBeside && position > 0 && html`<${Apart} position=${position} tensor=${differences[position]} at=${at} scale=${apart} room=${room} name=${minus(position)} />`}
    </div>
  `)
  const extent = (/** @type {import("../../types.js").Scale} */ of) => formatNumber(of.domain[1], 3)
  return html`
    <section class="compare__row" data-kind=${kindOf(at.tensor)} aria-label=${`${at.tensor} of layer ${at.layer}`}>
      <header class="compare__head">
        <h2 class="compare__tensor"><${Symbol} tensor=${at.tensor} layer=${at.layer} /> <span class="soft">${shapeWords(tensors)}</span></h2>
        <span class="compare__scale soft">runs <${ScaleStrip} scale=${scale} from=${scale.signed ? `−${extent(scale)}` : "0"} to=${extent(scale)} /></span>
        ${now.runs.length > 1 && html`<span class="compare__scale soft">difference <${ScaleStrip} scale=${apart} from=${`−${extent(apart)}`} to=${extent(apart)} /></span>`}
        <${Readout} at=${at} tensors=${tensors} differences=${differences} letters=${letters} />
      </header>
      <div class="compare__pictures">
        ${pictures}
        ${isBeside && html`<div class="compare__cell" data-apart=""><p class="compare__whose"><strong>${minus(1)}</strong></p><${Apart} position=${1} tensor=${differences[1]} at=${at} scale=${apart} room=${room} name=${minus(1)} isNamed /></div>`}
      </div>
    </section>
  `
}

/** @param {readonly (Tensor | null)[]} tensors */
const shapeWords = (tensors) => [...new Set(tensors.flatMap((tensor) => (tensor ? [tensor.shape.join("×")] : [])))].join(" and ")

/** @param {number} position @param {TensorAt} at */
function whyNone(position, { tensor, layer }) {
  const run = shown.value?.runs[position]
  if (run?.problem && !run.trace) return run.problem.message
  if (run?.step === 0) return "This run has taken no batch yet."
  const last = (opened.value[position]?.session?.config.layer_sizes.length ?? 1) - 1
  return layer > last ? `This network has ${last} layers.` : `This run has no ${tensor} in layer ${layer}.`
}

/** The difference to the first run, or why there is none. @param {{position: number, tensor: Tensor | null | undefined, at: TensorAt, scale: import("../../types.js").Scale, room: {width: number, height: number}, name: string, isNamed?: boolean}} properties */
function Apart({ position, tensor, at, scale, room, name, isNamed }) {
  const run = shown.value?.runs[position]
  const why = unlikeLayers(position) ?? run?.problem?.message ?? (run?.step === 0 || shown.value?.runs[0]?.step === 0 ? "Nothing to subtract before both have taken a batch." : "Only tensors that both have, in the same shape, can be subtracted.")
  return html`
    ${!isNamed && html`<p class="compare__whose compare__minus">${name}</p>`}
    ${tensor ? html`<${Picture} tensor=${tensor} at=${at} scale=${scale} room=${room} name=${name} />` : html`<p class="compare__none soft">${why}</p>`}
  `
}

/** What the server refuses with the ids of both, in the letters of the page. @param {number} position */
function unlikeLayers(position) {
  const [here, there] = [0, position].map((at) => opened.value[at]?.session?.config.layer_sizes.join("–"))
  return here === there ? null : `Networks of unlike layers, ${here} and ${there}, can't be subtracted cell by cell; their curves are compared below.`
}

/** The cell's number in each run and its differences; exact also where pictures came pooled. @param {{at: TensorAt, tensors: (Tensor | null)[], differences: (Tensor | null)[], letters: string[]}} properties */
function Readout({ at, tensors, differences, letters }) {
  const isHere = (/** @type {import("../../types.js").Cell | null} */ cell) => cell !== null && cell.tensor === at.tensor && cell.layer === at.layer
  const pointed = isHere(pointedCell.value) ? pointedCell.value : null
  const cell = pointed ?? (isHere(chosenCell.value) ? chosenCell.value : null)
  const exact = useExact(cell === pointed ? null : cell, tensors)
  if (!cell) return html`<p class="compare__readout soft">Point at a cell, or choose it with a click.</p>`
  const numbers = tensors.map((tensor, position) => exact?.[position] ?? numberAt(tensor, cell))
  const isBlock = !exact && tensors.some((tensor) => tensor && !isWhole(tensor))
  const first = numbers[0]
  return html`
    <p class="compare__readout" data-cell=${`${cell.row},${cell.col}`}>
      <${Symbol} tensor=${at.tensor} layer=${at.layer} cell=${[cell.row, cell.col]} />${isBlock && html` <span class="soft">its block</span>`}
      ${numbers.map((number, position) => html`<span key=${position} data-of=${letters[position]}><span class="soft">${letters[position]}</span> ${number === null || number === undefined ? "–" : formatNumber(number, 5)}</span>`)}
      ${numbers.slice(1).map((number, behind) => {
        // a block's extremes may be of unlike cells: their difference is the picture's, not one minus the other
        const apart = isBlock ? numberAt(differences[behind + 1] ?? null, cell) : typeof number === "number" && typeof first === "number" ? number - first : null
        return apart !== null && html`<span key=${`minus-${behind}`} data-of=${`${letters[behind + 1]}-${letters[0]}`}><span class="soft">${letters[behind + 1]} − ${letters[0]}</span> ${formatNumber(apart, 5)}</span>`
      })}
    </p>
    <span class="visually-hidden" aria-live="polite">${pointed && document.activeElement?.classList.contains("compare__cells") ? cellWords({ cell: pointed, tensors: tensors.map((tensor, position) => /** @type {const} */ ([letters[position] ?? "", tensor])) }) : ""}</span>
  `
}

/** The chosen cell's numbers one by one, where a picture has only its block. @param {import("../../types.js").Cell | null} cell @param {(Tensor | null)[]} tensors @returns {(number | null)[] | null} */
function useExact(cell, tensors) {
  const [found, setFound] = useState(/** @type {{key: string, numbers: (number | null)[]} | null} */ (null))
  const isPooled = tensors.some((tensor) => tensor && !isWhole(tensor))
  const key = cell && isPooled ? JSON.stringify([shown.value?.runs.map((run) => run.step), opened.value.map(({ id }) => id), cell]) : ""
  useEffect(() => {
    if (!key || !cell) return
    const life = new AbortController()
    Promise.all(
      tensors.map((tensor, position) => {
        const [run, at] = [opened.value[position], shown.value?.runs[position]]
        if (!tensor || !run || !at || cell.row >= tensor.shape[0] || cell.col >= tensor.shape[1]) return null
        return actions.readCellOf(run.id, at.step, cell, life.signal)
      }),
    ).then(
      (numbers) => setFound({ key, numbers }),
      () => {}, // the block's extreme stays, and is said to be one
    )
    return () => life.abort()
  }, [key])
  return key && found?.key === key ? found.numbers : null
}

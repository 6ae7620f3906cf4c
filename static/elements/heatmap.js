/**
 * One tensor as a heatmap: a pixel of the canvas is a cell of the tensor, stretched by CSS.
 *
 *   <Heatmap tensor="dZ" layer={2} width={192} height={192} />
 *
 * The pointer or the arrow keys point at a cell; a click or Enter selects it, and Enter once more goes to its number in the inspector.
 *
 * @import { Cell } from "../types.js"
 */
import { useComputed } from "@preact/signals"
import { html } from "htm/preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { point, select } from "../cell_actions.js"
import { drawHeatmap, poolAbsmax } from "../draw/heatmap.js"
import { beside, seen, view, whatIf } from "../edit_state.js"
import { describeCell } from "../lib/cell_words.js"
import { formatNumber } from "../lib/format.js"
import { kindOf } from "../lib/notation.js"
import { rangeText } from "../lib/range_text.js"
import { isAllRounding } from "../lib/rounding_words.js"
import { lossUnit } from "../lib/run_words.js"
import { marksOf } from "../marks.js"
import { twinOf } from "../phases.js"
import { scaleOf } from "../scales.js"
import { catalog, example, hinted, lit, pointed, scaleMode, scaleRange, scheme, selected, session, trail } from "../state.js"
import { matrixOf, tensorOf, valueAt } from "../tensors.js"
import { CellNumbers } from "./cell_numbers.js"
import { StandingMarks, TensorSigns } from "./standing_marks.js"
import { Symbol } from "./symbol.js"
import { pointerAt } from "./tooltip.js"

const NARROW = 64 // pixels of a column, below which the signs of its edits stand in the place of its shape
const MOST_DIGITS = 4 // of a number in its cell
const BESIDE = 7 // pixels of the gap beside a column that its range may take

/** @param {{tensor: string, layer: number, width: number, height: number, column?: number, isNumbered?: boolean, role?: string}} properties
 *   `column`: what there is for its words; `isNumbered`: its cells have room for their numbers; `role` in the phase that is looked at */
export function Heatmap({ tensor, layer, width, height, column = width, isNumbered = false, role }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  const now = seen.value
  const found = now && tensorOf(now, tensor, layer)
  const scale = now && found ? scaleOf(now, tensor, layer, scaleRange.value, scaleMode.value, scheme.value, beside.value) : null

  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d")
    if (!context || !found || !scale) return
    const whole = matrixOf(found)
    // more cells than pixels: pool by the signed extreme, so that no peak can hide between pixels
    const matrix = whole.rows > height || whole.cols > width ? poolAbsmax(whole, height, width) : whole
    drawHeatmap(context, matrix, scale, { width, height })
  }, [found, scale, width, height])

  if (!now || !found || !scale) return null
  const [rows, cols] = found.shape

  /** @param {PointerEvent} event */
  const pointAt = (event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect()
    const cell = extremeAt(found, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, width, height)
    pointerAt.value = { x: event.clientX, y: event.clientY }
    if (!cell) return null
    const there = { tensor, layer, ...cell }
    point(there)
    return there
  }
  const leave = () => {
    pointerAt.value = null
    point(null)
  }

  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const here = pointed.value && isOf(pointed.value, tensor, layer) ? pointed.value : { tensor, layer, row: 0, col: 0 }
    const by = event.shiftKey ? 10 : 1
    const moves = /** @type {Record<string, [number, number]>} */ ({
      ArrowUp: [-by, 0],
      ArrowDown: [by, 0],
      ArrowLeft: [0, -by],
      ArrowRight: [0, by],
      Home: [0, -cols],
      End: [0, cols],
      PageUp: [-rows, 0],
      PageDown: [rows, 0],
    })
    const step = moves[event.key]
    if (step) {
      const within = (/** @type {number} */ n, /** @type {number} */ count) => Math.max(0, Math.min(count - 1, n))
      point({ tensor, layer, row: within(here.row + step[0], rows), col: within(here.col + step[1], cols) })
    } else if (event.key === "Enter" && event.repeat) {
      // held, it is one press
    } else if (event.key === "Enter" && selected.value && sameCell(selected.value, here)) document.getElementById("cell-name")?.focus()
    else if (event.key === "Enter" || event.key === " ") select(here)
    else if (event.key === "t") focusCell(twinOf(here, now))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const name = `${whatIf.value ? `What if, ${view.value}: ` : ""}${tensor} of ${layer === 0 ? "the input" : `layer ${layer}`}`
  const range = rangeText(found.stats, column + BESIDE)
  const isRounding = isAllRounding(tensor, layer, now)
  return html`
    <figure class="heatmap" data-kind=${kindOf(tensor)} data-role=${role} data-tensor=${tensor} data-layer=${layer} data-rounding=${isRounding ? "" : undefined}>
      <figcaption class="heatmap__name">
        <${Symbol} tensor=${tensor} layer=${layer} />
        <${TensorSigns} tensor=${tensor} layer=${layer} shape=${`${rows}×${cols}`} isNarrow=${column < NARROW} />
      </figcaption>
      <div
        class="heatmap__cells"
        tabindex="0"
        role="group"
        aria-roledescription="heatmap"
        id=${`heatmap-${tensor}-${layer}`}
        aria-label=${`${name}, ${rows} by ${cols}, from ${formatNumber(Number(found.stats.min))} to ${formatNumber(Number(found.stats.max))}${isRounding ? ", only rounding" : ""}. Arrow keys move from cell to cell.`}
        style=${{ width: `${width}px`, height: `${height}px` }}
        onPointerMove=${pointAt}
        onPointerDown=${(/** @type {PointerEvent} */ event) => {
          const there = pointAt(event)
          if (there) select(there)
        }}
        onPointerLeave=${(/** @type {PointerEvent} */ event) => {
          if (event.pointerType !== "touch") leave() // a finger that lifts has only just asked
        }}
        onKeyDown=${move}
        onFocus=${(/** @type {FocusEvent} */ event) => {
          // by keyboard: begin at the chosen cell, or at the first
          if (!(/** @type {HTMLElement} */ (event.currentTarget).matches(":focus-visible"))) return
          const chosen = selected.value
          point(chosen && isOf(chosen, tensor, layer) ? chosen : { tensor, layer, row: 0, col: 0 })
        }}
        onBlur=${leave}
      >
        <canvas ref=${canvas} aria-hidden="true"></canvas>
        ${isNumbered && !found.view && html`<${CellNumbers} matrix=${matrixOf(found)} scale=${scale} size=${{ width: width / cols, height: height / rows }} most=${MOST_DIGITS} isAligned />`}
        <${StandingMarks} tensor=${tensor} layer=${layer} rows=${rows} />
        <${Marks} tensor=${tensor} layer=${layer} rows=${rows} cols=${cols} />
        <${Announcer} tensor=${tensor} layer=${layer} />
      </div>
      <p class="heatmap__range" title=${isRounding ? `${range}: 0 by algebra, and only rounding is left` : undefined}>${isRounding ? "rounding" : range}</p>
    </figure>
  `
}

/**
 * The cell under a point, or, where a pixel stands for a block of cells, the block's extreme: the number that the picture shows.
 *
 * @param {import("../types.js").Tensor} tensor @param {number} x @param {number} y in 0..1 @param {number} width @param {number} height
 */
export function extremeAt(tensor, x, y, width, height) {
  const { rows, cols, data } = matrixOf(tensor)
  const [allRows, allCols] = tensor.shape
  if (x < 0 || y < 0 || x >= 1 || y >= 1) return null
  const shownRows = Math.min(rows, height)
  const shownCols = Math.min(cols, width)
  const r0 = Math.floor((Math.floor(y * shownRows) * rows) / shownRows)
  const r1 = Math.max(r0 + 1, Math.floor(((Math.floor(y * shownRows) + 1) * rows) / shownRows))
  const c0 = Math.floor((Math.floor(x * shownCols) * cols) / shownCols)
  const c1 = Math.max(c0 + 1, Math.floor(((Math.floor(x * shownCols) + 1) * cols) / shownCols))
  let row = r0
  let col = c0
  for (let r = r0; r < r1; r++) {
    for (let c = c0; c < c1; c++) {
      if (Math.abs(data[r * cols + c] ?? 0) > Math.abs(data[row * cols + col] ?? 0)) [row, col] = [r, c]
    }
  }
  return { row: Math.floor((row * allRows) / rows), col: Math.floor((col * allCols) / cols) }
}

/** @param {Cell} cell @param {string} tensor @param {number} layer */
const isOf = (cell, tensor, layer) => cell.tensor === tensor && cell.layer === layer

/** @param {Cell} cell @param {Cell} other */
const sameCell = (cell, other) => isOf(cell, other.tensor, other.layer) && cell.row === other.row && cell.col === other.col

/** Takes the keyboard to a cell. @param {Cell | null} cell @returns {boolean} whether its heatmap is on the page */
export function focusCell(cell) {
  const heatmap = cell && document.getElementById(`heatmap-${cell.tensor}-${cell.layer}`)
  if (!heatmap) return false
  heatmap.focus()
  point(cell)
  return true
}

/** The lit cell, its twin, and the rows and columns it was computed from. @param {{tensor: string, layer: number, rows: number, cols: number}} properties */
export function Marks({ tensor, layer, rows, cols }) {
  const marks = useComputed(() => {
    const all = lit.value && seen.value ? marksOf(lit.value, seen.value, trail.value, session.value?.phases) : []
    if (hinted.value) all.push({ ...hinted.value, kind: "hint" })
    return all.filter((mark) => mark.tensor === tensor && mark.layer === layer)
  })
  return marks.value.map(({ kind, row, col }, position) => {
    const style = {
      left: col === null ? 0 : `${(100 * col) / cols}%`,
      width: col === null ? "100%" : `${100 / cols}%`,
      top: row === null ? 0 : `${(100 * row) / rows}%`,
      height: row === null ? "100%" : `${100 / rows}%`,
    }
    return html`<span key=${position} class="heatmap__mark" data-mark=${kind} style=${style}></span>`
  })
}

/** Reads the cell out while this heatmap has the keyboard. @param {{tensor: string, layer: number}} properties */
function Announcer({ tensor, layer }) {
  const cell = pointed.value
  const now = seen.value
  const value = now && cell && isOf(cell, tensor, layer) && !pointerAt.value ? valueAt(now, cell) : null
  return html`<span class="visually-hidden" aria-live="polite">${now && cell && value !== null ? `${whatIf.value ? `What if, ${view.value}. ` : ""}Row ${cell.row}, column ${cell.col}: ${formatNumber(value, 6)}. ${describeCell(cell, { trace: now, unit: lossUnit(session.value, catalog.value), alone: example.value })}` : ""}</span>`
}

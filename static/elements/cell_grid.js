/**
 * Numbers that the trace does not hold as a heatmap: slopes, cancellation indices, relative errors. Each stands for a cell of a tensor.
 *
 *   <CellGrid matrix={...} scale={...} size={{width: 8, height: 12}} name="Slope of hidden 1" at={...} find={...} />
 *
 * As in the lens, the pointer or the arrow keys point at a cell, and a click or Enter selects it. Pointing only lights the cell, here and
 * in the lens: on a phone the inspector stands above, and what it says would push the cell away from under the pointer.
 *
 * @import { Cell, Matrix, Scale } from "../types.js"
 * @import { CellSize } from "../lib/cell_sizes.js"
 * @import { Place } from "../lib/places.js"
 */
import { computed } from "@preact/signals"
import { html } from "htm/preact"
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import { hint, select } from "../cell_actions.js"
import { cellAt, drawHeatmap } from "../draw/heatmap.js"
import { hasRoomForNumbers } from "../lib/cell_sizes.js"
import { hatchPath } from "../lib/hatch_path.js"
import { hinted, lit, selected } from "../state.js"
import { CellNumbers } from "./cell_numbers.js"

/** The cell that the pictures mark and their readouts speak of. */
export const here = computed(() => hinted.value ?? lit.value)

let made = 0 // a pattern of an SVG needs a name of its own

/**
 * @param {object} properties
 * @param {Matrix} properties.matrix
 * @param {Scale} properties.scale
 * @param {CellSize} properties.size of a cell, in whole CSS pixels
 * @param {string} properties.name for those who don't see it
 * @param {(place: Place) => Cell} properties.at the cell of a tensor that a place stands for
 * @param {(cell: Cell) => Place | null} properties.find its inverse
 * @param {Uint8Array | null} [properties.hatched] cells that are hatched
 * @param {Uint8Array | null} [properties.absent] cells of which there is no number at all: grey, with dots
 * @param {Uint8Array | null} [properties.small] cells whose number says nothing: grey, with lines
 * @param {"over" | "instead"} [properties.hatch] whether the colour of a hatched cell is seen below its hatch
 */
export function CellGrid({ matrix, scale, size, name, at, find, hatched = null, absent = null, small = null, hatch = "instead" }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  const { rows, cols } = matrix
  const width = cols * size.width
  const height = rows * size.height
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d")
    if (context) drawHeatmap(context, matrix, scale, { width, height })
  }, [matrix, scale, width, height])
  useEffect(() => () => hint(null), []) // what is closed points at nothing

  /** @param {PointerEvent} event @returns {Place | null} */
  const placeOf = (event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect()
    return cellAt(event.clientX - box.left, event.clientY - box.top, box.width, box.height, rows, cols)
  }
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const place = placeIn(hinted.value, find) ?? placeIn(selected.value, find) ?? { row: 0, col: 0 }
    const by = event.shiftKey ? 10 : 1
    const step = /** @type {Record<string, [number, number]>} */ ({
      ArrowUp: [-by, 0], ArrowDown: [by, 0], ArrowLeft: [0, -by], ArrowRight: [0, by], Home: [0, -cols], End: [0, cols], PageUp: [-rows, 0], PageDown: [rows, 0],
    })[event.key]
    if (step) {
      const within = (/** @type {number} */ n, /** @type {number} */ count) => Math.max(0, Math.min(count - 1, n))
      hint(at({ row: within(place.row + step[0], rows), col: within(place.col + step[1], cols) }))
    } else if (event.key === "Enter" || event.key === " ") select(at(place))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return html`
    <div
      class="cell-grid"
      tabindex="0"
      role="group"
      aria-roledescription="heatmap"
      aria-label=${`${name}, ${rows} by ${cols}. Arrow keys move from cell to cell, Enter selects.`}
      style=${{ width: `${width}px`, height: `${height}px` }}
      onPointerMove=${(/** @type {PointerEvent} */ event) => {
        const place = placeOf(event)
        if (place) hint(at(place))
      }}
      onPointerLeave=${(/** @type {PointerEvent} */ event) => {
        if (event.pointerType !== "touch") hint(null) // a finger that lifts has only just asked
      }}
      onClick=${(/** @type {PointerEvent} */ event) => {
        const place = placeOf(event)
        if (place) select(at(place))
      }}
      onKeyDown=${move}
      onFocus=${(/** @type {FocusEvent} */ event) => {
        // by keyboard: begin at the chosen cell, or at the first
        if (!(/** @type {HTMLElement} */ (event.currentTarget).matches(":focus-visible"))) return
        hint(at(placeIn(selected.value, find) ?? { row: 0, col: 0 }))
      }}
      onBlur=${() => hint(null)}
    >
      <canvas ref=${canvas} aria-hidden="true"></canvas>
      ${hatched && html`<${Hatched} mask=${hatched} rows=${rows} cols=${cols} size=${size} isOver=${hatch === "over"} />`}
      ${absent && html`<${Patterned} mask=${absent} rows=${rows} cols=${cols} size=${size} pattern="dots" />`}
      ${small && html`<${Patterned} mask=${small} rows=${rows} cols=${cols} size=${size} pattern="lines" />`}
      ${hasRoomForNumbers(size) && html`<${CellNumbers} matrix=${matrix} scale=${scale} size=${size} isLeftOut=${(/** @type {number} */ place) => [hatch === "instead" ? hatched : null, absent, small].some((mask) => mask?.[place] === 1)} />`}
      <${Mark} rows=${rows} cols=${cols} find=${find} />
    </div>
  `
}

/** @param {Cell | null} cell @param {(cell: Cell) => Place | null} find */
const placeIn = (cell, find) => cell && find(cell)

/** @param {{mask: Uint8Array, rows: number, cols: number, size: CellSize, isOver: boolean}} properties */
function Hatched({ mask, rows, cols, size, isOver }) {
  const path = useMemo(() => hatchPath(mask, rows, cols, size), [mask, rows, cols, size.width, size.height])
  if (!path) return null
  const isFine = Math.min(size.width, size.height) < 6
  return html`
    <svg class="cell-grid__hatch" width=${cols * size.width} height=${rows * size.height} aria-hidden="true"><${Hatch} path=${path} isOver=${isOver} period=${isFine ? (isOver ? 4 : 3) : 5} /></svg>
  `
}

/** Cells that are grey. @param {{mask: Uint8Array, rows: number, cols: number, size: CellSize, pattern: keyof typeof GREYS}} properties */
function Patterned({ mask, rows, cols, size, pattern }) {
  const path = useMemo(() => hatchPath(mask, rows, cols, size), [mask, rows, cols, size.width, size.height])
  return path ? html`<svg class="cell-grid__hatch" width=${cols * size.width} height=${rows * size.height} aria-hidden="true"><${Grey} path=${path} pattern=${pattern} /></svg>` : null
}

/** What is drawn on the grey, in a square of four pixels. */
const GREYS = { dots: { x: 1.5, y: 1.5, width: 1, height: 1 }, lines: { x: 0, y: 1.5, width: 4, height: 1 } }

/** A path filled with grey. @param {{path: string, pattern: keyof typeof GREYS}} properties */
function Grey({ path, pattern }) {
  const [id] = useState(() => `cell-grid-grey-${made++}`)
  return html`
    <defs>
      <pattern id=${id} width="4" height="4" patternUnits="userSpaceOnUse"><rect class="cell-grid__grey" width="4" height="4" /><rect class="cell-grid__on-grey" ...${GREYS[pattern]} /></pattern>
    </defs>
    <path d=${path} fill=${`url(#${id})`} />
  `
}

/** A path filled with the hatch. @param {{path: string, period: number, isOver?: boolean}} properties */
function Hatch({ path, period, isOver = false }) {
  const [id] = useState(() => `cell-grid-hatch-${made++}`)
  return html`
    <defs>
      <pattern id=${id} width=${period} height=${period} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="cell-grid__hatch-ground" data-over=${isOver ? "" : undefined} width=${period} height=${period} /><rect class="cell-grid__hatch-line" width=${isOver ? (period < 5 ? 0.8 : 1.5) : period * 0.35} height=${period} />
      </pattern>
    </defs>
    <path d=${path} fill=${`url(#${id})`} />
  `
}

/** For legends: what the hatch looks like. */
export const HatchSwatch = () => html`<svg class="cell-grid__swatch" width="22" height="12" aria-hidden="true"><${Hatch} path="M0 0h22v12H0z" period=${5} /></svg>`

/** For legends: what is not there. */
export const AbsentSwatch = () => html`<svg class="cell-grid__swatch" width="22" height="12" aria-hidden="true"><${Grey} path="M0 0h22v12H0z" pattern="dots" /></svg>`

/** For legends: what says nothing. */
export const SmallSwatch = () => html`<svg class="cell-grid__swatch" width="22" height="12" aria-hidden="true"><${Grey} path="M0 0h22v12H0z" pattern="lines" /></svg>`

/** The cell that the page speaks of. @param {{rows: number, cols: number, find: (cell: Cell) => Place | null}} properties */
function Mark({ rows, cols, find }) {
  const place = placeIn(here.value, find)
  if (!place) return null
  return html`<span class="cell-grid__mark" style=${{ left: `${(100 * place.col) / cols}%`, top: `${(100 * place.row) / rows}%`, width: `${100 / cols}%`, height: `${100 / rows}%` }}></span>`
}

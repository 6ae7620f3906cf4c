/**
 * The numbers of a picture as a table, a part at a time, opened below the picture.
 *
 *   <MatrixTable matrix=${matrix} name="Relative errors of dW[2]" rows="unit" cols="from unit" at=${places.at} words=${(value, at) => "kink"} />
 *
 * @import { Cell, Matrix } from "../types.js"
 * @import { Place } from "../lib/places.js"
 */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { select } from "../cell_actions.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { Pager } from "./table_view.js"

const ROWS = 32
const COLS = 16

/**
 * @param {{matrix: Matrix, name: string, rows: string, cols: string, at: (place: Place) => Cell, choose?: (place: Place) => Cell, words?: (value: number, at: number) => string | null, isPart?: boolean}} properties
 *   `isPart`: cut out of more, each number a cell's own; `at` the cell that names a place; `choose` the one that it stands for, if another; `words` in the place of a number, by its place in the matrix's data
 */
export function MatrixTable({ matrix, name, rows, cols, at, choose = at, words = () => null, isPart = false }) {
  const [isOpen, setIsOpen] = useState(false)
  return html`
    <details class="matrix-table" onToggle=${(/** @type {any} */ event) => setIsOpen(event.currentTarget.open)}>
      <summary>${name} as a table</summary>
      ${isOpen && html`<${Numbers} matrix=${matrix} name=${name} rows=${rows} cols=${cols} at=${at} choose=${choose} words=${words} isPart=${isPart} />`}
    </details>
  `
}

/** @param {{matrix: Matrix, name: string, rows: string, cols: string, at: (place: Place) => Cell, choose: (place: Place) => Cell, words: (value: number, at: number) => string | null, isPart: boolean}} properties */
function Numbers({ matrix, name, rows, cols, at, choose, words, isPart }) {
  const [first, setFirst] = useState({ row: 0, col: 0 })
  const [row, col] = [first.row < matrix.rows ? first.row : 0, first.col < matrix.cols ? first.col : 0] // a smaller picture may have come
  const end = { row: Math.min(matrix.rows, row + ROWS), col: Math.min(matrix.cols, col + COLS) }
  const isPooled = !isPart && matrix.rows * matrix.cols < matrix.shape[0] * matrix.shape[1]
  return html`
    <div class="matrix-table__scroll" tabindex="0" role="region" aria-label=${name}>
      <table class="table__numbers">
        <caption class="visually-hidden">${name}: rows are ${rows}s, columns are ${cols}s</caption>
        <thead><tr><th scope="col" class="table__corner">${rows} ↓ ${cols} →</th>${count(col, end.col).map((c) => html`<th key=${c} scope="col">${at({ row, col: c }).col}</th>`)}</tr></thead>
        <tbody>
          ${count(row, end.row).map((r) => html`
            <tr key=${r}>
              <th scope="row">${at({ row: r, col }).row}</th>
              ${count(col, end.col).map((c) => {
                const place = r * matrix.cols + c
                const value = matrix.data[place] ?? NaN
                return html`<td key=${c} data-zero=${value === 0 ? "" : undefined}><button class="table__cell" title="Select this cell" onClick=${() => select(choose({ row: r, col: c }))}>${words(value, place) ?? formatNumber(value, 3)}</button></td>`
              })}
            </tr>
          `)}
        </tbody>
      </table>
    </div>
    ${isPooled && html`<p class="soft">Each number stands for a block of the ${formatCount(matrix.shape[0])} × ${formatCount(matrix.shape[1])} cells, and is named by the first of them.</p>`}
    <${Pager} name=${rows} from=${row} to=${end.row} all=${matrix.rows} size=${ROWS} onGo=${(/** @type {number} */ to) => setFirst({ row: to, col })} />
    <${Pager} name=${cols} from=${col} to=${end.col} all=${matrix.cols} size=${COLS} onGo=${(/** @type {number} */ to) => setFirst({ row, col: to })} />
  `
}

/** @param {number} from @param {number} to */
const count = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

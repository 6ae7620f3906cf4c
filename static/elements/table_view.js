/**
 * The tensor of the chosen cell as a table: a window of it at a time, its numbers at four digits, every digit in the title.
 *
 *   <TableView />
 *
 * @import { Cell, Tensor } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import * as actions from "../actions.js"
import { formatExact, formatNumber, formatShape, tensorLabel } from "../lib/format.js"
import { kindOf } from "../lib/notation.js"
import { selected, trace } from "../state.js"
import { matrixOf, tensorOf } from "../tensors.js"
import { Symbol } from "./symbol.js"

const ROWS = 24
const COLS = 12

export function TableView() {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  useEffect(() => box.current?.showModal(), [])
  const cell = selected.value
  const tensor = cell && trace.value && tensorOf(trace.value, cell.tensor, cell.layer)
  return html`
    <dialog class="table-view" ref=${box} aria-labelledby="table-title" onClose=${() => actions.openDialog("none")}>
      ${cell && tensor ? html`<${Window} key=${`${cell.tensor}${cell.layer}`} cell=${cell} tensor=${tensor} />` : html`<h2 id="table-title" class="table-view__title">No tensor is chosen</h2><p class="soft">Choose a cell of a heatmap first: a click, or Enter.</p>`}
      <form class="table-view__foot" method="dialog"><button class="button" data-look="primary">Close</button></form>
    </dialog>
  `
}

/** @param {{cell: Cell, tensor: Tensor}} properties */
function Window({ cell, tensor }) {
  const { rows, cols, data } = matrixOf(tensor)
  const [allRows, allCols] = tensor.shape
  // of a pooled tensor, the chosen cell is the block that holds it
  const chosen = [Math.floor((cell.row * rows) / allRows), Math.floor((cell.col * cols) / allCols)]
  const [top, setTop] = useState(startOf(chosen[0] ?? 0, ROWS))
  const [left, setLeft] = useState(startOf(chosen[1] ?? 0, COLS))
  const rowList = range(top, Math.min(rows, top + ROWS))
  const colList = range(left, Math.min(cols, left + COLS))
  /** @param {number} index @param {number} count @param {number} all the first row or column that a block stands for */
  const nameOf = (index, count, all) => (count === all ? index : `${Math.ceil((index * all) / count)}–${Math.ceil(((index + 1) * all) / count) - 1}`)
  return html`
    <h2 id="table-title" class="table-view__title">
      <span data-kind=${kindOf(cell.tensor)}><${Symbol} tensor=${cell.tensor} layer=${cell.layer} /></span>
      <span class="soft">${formatShape(tensor.shape)} at step ${trace.value?.step}</span>
    </h2>
    ${tensor.view && html`<p class="table-view__pooled">Pooled: this tensor is too large to come whole. Each cell here is the number of largest magnitude of a block, ${formatShape([rows, cols])} blocks in all.</p>`}
    <div class="table-view__scroll" tabindex="0" role="group" aria-label="Cells">
      <table class="table-view__table">
        <caption class="visually-hidden">${tensorLabel(cell.tensor, cell.layer)}, rows ${top} to ${top + rowList.length - 1}, columns ${left} to ${left + colList.length - 1}</caption>
        <thead>
          <tr><td></td>${colList.map((c) => html`<th key=${c} scope="col" data-chosen=${c === chosen[1] ? "" : undefined}>${nameOf(c, cols, allCols)}</th>`)}</tr>
        </thead>
        <tbody>
          ${rowList.map(
            (r) => html`
              <tr key=${r}>
                <th scope="row" data-chosen=${r === chosen[0] ? "" : undefined}>${nameOf(r, rows, allRows)}</th>
                ${colList.map((c) => {
                  const value = data[r * cols + c] ?? NaN
                  const isChosen = r === chosen[0] && c === chosen[1]
                  return html`<td key=${c} title=${formatExact(value)} data-chosen=${isChosen ? "" : undefined} data-zero=${value === 0 ? "" : undefined} aria-current=${isChosen ? "true" : undefined}>${formatNumber(value)}</td>`
                })}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    <div class="table-view__pagers">
      <${Pager} title="Rows" start=${top} size=${ROWS} all=${rows} onMove=${setTop} />
      <${Pager} title="Columns" start=${left} size=${COLS} all=${cols} onMove=${setLeft} />
    </div>
  `
}

/** @param {{title: string, start: number, size: number, all: number, onMove: (start: number) => void}} properties */
function Pager({ title, start, size, all, onMove }) {
  const end = Math.min(all, start + size)
  return html`
    <div class="table-view__pager" role="group" aria-label=${title}>
      <button class="button" aria-label=${`${title} before`} disabled=${start === 0} onClick=${() => onMove(Math.max(0, start - size))}>‹</button>
      <span role="status">${title} ${start}–${end - 1} <span class="soft">of ${all}</span></span>
      <button class="button" aria-label=${`${title} after`} disabled=${end >= all} onClick=${() => onMove(start + size)}>›</button>
    </div>
  `
}

/** @param {number} index @param {number} size the first index of the page that holds it */
const startOf = (index, size) => Math.floor(index / size) * size

/** @param {number} from @param {number} to */
const range = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

/**
 * A tensor as a table of its exact numbers, a page at a time.
 *
 *   <TableView />   while state.dialog is "table"; opens at the cell that is selected
 *
 * @import { Cell, Tensor, Trace, Value } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { select } from "../cell_actions.js"
import { describeCell } from "../lib/cell_words.js"
import { formatExact, formatNumber, tensorLabel } from "../lib/format.js"
import { tensorsOf } from "../lib/lens_columns.js"
import { kindOf } from "../lib/notation.js"
import { lossUnit } from "../lib/run_words.js"
import { axesOf } from "../lib/tensor_names.js"
import { toProblem } from "../problems.js"
import { look, readWindow } from "../readings.js"
import { catalog, example, lit, session, trace } from "../state.js"
import { tensorOf } from "../tensors.js"
import { openDialog } from "../view_actions.js"
import { ProblemNote } from "./problem.js"
import { Symbol } from "./symbol.js"

const ROWS = 32
const COLS = 16

export function TableView() {
  return trace.value ? html`<${Table} now=${trace.value} />` : null
}

/** @param {{now: Trace}} properties */
function Table({ now }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const isMoving = useRef(false) // by the arrow keys: the focus goes along, also to another page
  const last = now.layers.length - 1
  const [wished, setCell] = useState(() => lit.value ?? { tensor: "dW", layer: last, row: 0, col: 0 })
  useEffect(() => box.current?.showModal(), [])
  useEffect(() => {
    const here = box.current?.querySelector("td[data-here] button")
    if (!isMoving.current || !(here instanceof HTMLElement)) return // its page may still be on its way
    isMoving.current = false
    here.focus()
  })

  const tensor = tensorOf(now, wished.tensor, wished.layer)
  const [rows, cols] = tensor?.shape ?? [0, 0]
  // the step under the table may have become one with fewer examples, by whom is followed
  const cell = { ...wished, row: Math.max(0, Math.min(rows - 1, wished.row)), col: Math.max(0, Math.min(cols - 1, wished.col)) }
  const page = { row: Math.floor(cell.row / ROWS) * ROWS, col: Math.floor(cell.col / COLS) * COLS }
  const { values, problem } = useValues(tensor, cell, page)
  useEffect(() => {
    if (values) box.current?.querySelector("td[data-here]")?.scrollIntoView({ block: "nearest", inline: "nearest" })
  }, [values !== null, cell.tensor, cell.layer, cell.row, cell.col])

  /** @param {number} row @param {number} col */
  const go = (row, col) => {
    const there = { ...cell, row: Math.max(0, Math.min(rows - 1, row)), col: Math.max(0, Math.min(cols - 1, col)) }
    setCell(there)
    select(there)
  }
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const by = /** @type {Record<string, [number, number]>} */ ({
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-ROWS, 0], PageDown: [ROWS, 0], Home: [0, -cols], End: [0, cols],
    })[event.key]
    if (!by) return
    event.preventDefault()
    isMoving.current = true
    go(cell.row + by[0], cell.col + by[1])
  }
  const [rowName, colName] = axisNames(cell, cols)
  const end = { row: Math.min(rows, page.row + ROWS), col: Math.min(cols, page.col + COLS) }
  return html`
    <dialog
      class="table"
      ref=${box}
      aria-labelledby="table-title"
      onClose=${() => openDialog("none")}
      onClick=${(/** @type {Event} */ event) => event.target === box.current && box.current?.close()}
    >
      <div class="table__all">
        <header class="table__head">
          <h2 id="table-title"><span class="visually-hidden">Table of ${tensorLabel(cell.tensor, cell.layer)}</span><span aria-hidden="true"><${Symbol} tensor=${cell.tensor} layer=${cell.layer} /></span></h2>
          <label class="table__choice">
            <span class="visually-hidden">Tensor</span>
            <select onChange=${(/** @type {any} */ event) => setCell(chosen(event.currentTarget.value))}>
              ${now.layers.map(
                (layer) => html`
                  <optgroup key=${layer.index} label=${layer.name}>
                    ${tensorsOf(layer).map((name) => html`<option key=${name} value=${`${name}.${layer.index}`} selected=${name === cell.tensor && layer.index === cell.layer}>${tensorLabel(name, layer.index)} · ${layer.name}</option>`)}
                  </optgroup>
                `,
              )}
            </select>
          </label>
          <p class="soft">step ${now.step} · ${rows} × ${cols} · ${now.dtype}</p>
          <button class="button" type="button" onClick=${() => box.current?.close()}>Close</button>
        </header>
        ${problem && html`<${ProblemNote} problem=${problem} />`}
        <div class="table__scroll" onKeyDown=${move} data-kind=${kindOf(cell.tensor)} aria-busy=${!values && !problem}>
          ${values
            ? html`
                <table class="table__numbers">
                  <caption class="visually-hidden">${tensorLabel(cell.tensor, cell.layer)}: rows are ${rowName}s, columns are ${colName}s</caption>
                  <thead>
                    <tr>
                      <th scope="col" class="table__corner">${rowName} ↓ ${colName} →</th>
                      ${count(page.col, end.col).map((col) => html`<th key=${col} scope="col">${col}</th>`)}
                    </tr>
                  </thead>
                  <tbody>
                    ${count(page.row, end.row).map(
                      (row) => html`
                        <tr key=${row}>
                          <th scope="row">${row}</th>
                          ${count(page.col, end.col).map((col) => html`<${NumberCell} key=${col} value=${values[row - page.row]?.[col - page.col]} isHere=${row === cell.row && col === cell.col} onGo=${() => go(row, col)} />`)}
                        </tr>
                      `,
                    )}
                  </tbody>
                </table>
              `
            : !problem && html`<p class="table__wait soft" role="status">Reading the numbers…</p>`}
        </div>
        <footer class="table__foot">
          <p class="table__here" role="status">
            ${values && html`<strong>${formatExact(values[cell.row - page.row]?.[cell.col - page.col])}</strong> <span class="soft">${describeCell(cell, { trace: now, unit: lossUnit(session.value, catalog.value), alone: example.value })}</span>`}
          </p>
          <${Pager} name=${rowName} from=${page.row} to=${end.row} all=${rows} size=${ROWS} onGo=${(/** @type {number} */ row) => go(row, cell.col)} />
          <${Pager} name=${colName} from=${page.col} to=${end.col} all=${cols} size=${COLS} onGo=${(/** @type {number} */ col) => go(cell.row, col)} />
        </footer>
      </div>
    </dialog>
  `
}

/** @param {string} text "dW.2" @returns {Cell} */
function chosen(text) {
  const [tensor = "dW", layer] = text.split(".")
  return { tensor, layer: Number(layer), row: 0, col: 0 }
}

/** The numbers of a page: at hand when the tensor came whole, else asked for.
 * @param {Tensor | null} tensor @param {Cell} cell @param {{row: number, col: number}} page
 * @returns {{values: Value[][] | null, problem: import("../state.js").Problem | null}} */
function useValues(tensor, { tensor: name, layer }, { row, col }) {
  const [asked, setAsked] = useState(/** @type {{key: string, tensor: Tensor, values: Value[][] | null, problem: import("../state.js").Problem | null} | null} */ (null))
  const about = look()
  const key = [name, layer, row, col].join()
  useEffect(() => {
    if (!tensor || tensor.values) return
    const life = new AbortController()
    const [rows, cols] = tensor.shape
    readWindow(about, name, layer, [row, Math.min(rows, row + ROWS)], [col, Math.min(cols, col + COLS)], life.signal)
      .then((part) => setAsked({ key, tensor, values: part.values ?? null, problem: null }))
      .catch((error) => life.signal.aborted || setAsked({ key, tensor, values: null, problem: toProblem(error) }))
    return () => life.abort()
  }, [tensor, key])
  if (tensor?.values) return { values: tensor.values.slice(row, row + ROWS).map((line) => line.slice(col, col + COLS)), problem: null }
  return asked?.key === key && asked.tensor === tensor ? asked : { values: null, problem: null }
}

/** What rows and columns are. @param {Cell} cell @param {number} cols @returns {[string, string]} */
function axisNames({ tensor, layer }, cols) {
  const axes = axesOf(tensor)
  if (axes === "weights") return ["unit", layer === 1 ? "feature" : "from unit"]
  if (axes === "units" || (axes === "statistic" && cols === 1)) return ["unit", "column"]
  if (axes === "one") return ["row", "column"]
  return [axes === "statistic" ? "row" : layer === 0 ? "feature" : "unit", "example"]
}

/** @param {number} from @param {number} to */
const count = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

/** @param {{value: Value | undefined, isHere: boolean, onGo: () => void}} properties */
function NumberCell({ value, isHere, onGo }) {
  const number = Number(value)
  return html`
    <td data-here=${isHere ? "" : undefined} data-zero=${number === 0 ? "" : undefined} data-broken=${Number.isFinite(number) ? undefined : ""}>
      <button class="table__cell" tabindex=${isHere ? 0 : -1} aria-pressed=${isHere} title=${formatExact(value)} onClick=${onGo}>${formatNumber(value)}</button>
    </td>
  `
}

/** @param {{name: string, from: number, to: number, all: number, size: number, onGo: (first: number) => void}} properties */
export function Pager({ name, from, to, all, size, onGo }) {
  if (all <= size) return null
  return html`
    <div class="table__pager" role="group" aria-label=${`${name}s`}>
      <button class="button" type="button" disabled=${from === 0} aria-label=${`${name}s before`} onClick=${() => onGo(from - size)}>‹</button>
      <span>${name}s ${from}–${to - 1} <span class="soft">of ${all}</span></span>
      <button class="button" type="button" disabled=${to === all} aria-label=${`${name}s after`} onClick=${() => onGo(from + size)}>›</button>
    </div>
  `
}

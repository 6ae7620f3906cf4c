/**
 * One tensor of all runs as a table: a row a cell, its number in each run and how that differs from the first. In the order of its rows, or those first that differ most.
 *
 * @import { Tensor, TensorAt, Value } from "../../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import { openTable, selectCell } from "../../compare_actions.js"
import { readFarthest, readPartOf } from "../../compare_look_actions.js"
import { chosenCell, items, opened, placeOf, shown, tableAt } from "../../compare_state.js"
import { tensorIn } from "../../lib/compare_pictures.js"
import { plainName } from "../../lib/compare_phases.js"
import { countCells, tableColumns, tableRows, toldRows } from "../../lib/compare_table.js"
import { letterAt, nameInFiles } from "../../lib/compare_words.js"
import { formatCount, formatExact, formatNumber } from "../../lib/format.js"
import { kindOf } from "../../lib/notation.js"
import { toProblem } from "../../problems.js"
import { returns } from "../../state.js"
import { isWhole } from "../../tensors.js"
import { Choice } from "../lens.js"
import { ProblemNote } from "../problem.js"
import { Symbol } from "../symbol.js"
import { Badge } from "./badge.js"
import { saveCompared } from "./curves.js"
import { differencesAt } from "./difference.js"

const SIZE = 64 // cells of a page

export function CompareTable() {
  return tableAt.value && shown.value ? html`<${Table} at=${tableAt.value} now=${shown.value} />` : null
}

/** @param {{at: TensorAt, now: NonNullable<typeof shown.value>}} properties */
function Table({ at, now }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const [wanted, setOrder] = useState(/** @type {"place" | "difference"} */ ("place"))
  const [page, setPage] = useState(0)
  useEffect(() => box.current?.showModal(), [])
  const tensors = now.runs.map(({ trace }) => tensorIn(trace, at))
  const differences = differencesAt(at).map(({ tensor }) => tensor)
  const isAll = [...tensors, ...differences].every((tensor) => !tensor || isWhole(tensor)) // else a page at a time is asked for
  const hasDifferences = differences.some(Boolean)
  const order = hasDifferences ? wanted : "place"
  const [rows, cols] = [0, 1].map((axis) => Math.max(0, ...tensors.map((tensor) => tensor?.shape[axis] ?? 0)))
  const size = /** @type {const} */ ([rows ?? 0, cols ?? 0])
  const all = useMemo(
    () => (isAll ? tableRows(tensors.map((tensor) => tensor?.values ?? null), differences.map((tensor) => tensor?.values ?? null), { rows: size[0], cols: size[1] }, order) : null),
    [now, at, order, isAll, hasDifferences],
  )
  const count = countCells(tensors.map((tensor) => tensor?.shape ?? null), order === "difference" && all === null)
  const first = Math.min(page * SIZE, Math.max(0, count - 1))
  const part = usePart(all === null, at, tensors, differences, size, first, order)
  const told = all?.slice(first, first + SIZE) ?? part.rows
  const letters = now.runs.map((_, position) => letterAt(placeOf(position)))
  const words = !hasDifferences && letters.length > 1 ? "Without differences, for the reason that stands by the pictures." : ""
  const [chosen, here] = [chosenCell.value, `${at.tensor}.${at.layer}`]
  const choose = (/** @type {string} */ text) => {
    const [tensor = "", layer] = text.split(".")
    setPage(0)
    openTable({ tensor, layer: Number(layer) })
  }
  return html`
    <dialog class="table compare-table" ref=${box} aria-labelledby="compare-table-title" onClose=${() => openTable(null)} onClick=${(/** @type {Event} */ event) => event.target === box.current && box.current?.close()}>
      <div class="table__all">
        <header class="table__head">
          <h2 id="compare-table-title"><span class="visually-hidden">Table of ${plainName(at.tensor, at.layer)} in all runs</span><span aria-hidden="true"><${Symbol} ...${at} /></span></h2>
          <label class="table__choice"><span class="visually-hidden">Tensor</span>
            <select onChange=${(/** @type {any} */ event) => choose(event.currentTarget.value)}>
              ${items.value.map(({ tensor, layer }) => html`<option key=${`${tensor}.${layer}`} value=${`${tensor}.${layer}`} selected=${`${tensor}.${layer}` === here}>${plainName(tensor, layer)}</option>`)}
            </select>
          </label>
          ${hasDifferences && html`<${Choice} title="Order" value=${order} onChoose=${(/** @type {"place" | "difference"} */ which) => { setOrder(which); setPage(0) }} options=${[["place", "by place"], ["difference", "largest difference first"]]} />`}
          <p class="soft">step ${formatCount(now.step)} · ${size[0]} × ${size[1]}</p>
          ${all && html`<button class="button" type="button" title="Every cell with every digit" onClick=${() => { const { header, columns } = tableColumns(all, now.runs.map(({ id, step }, position) => nameInFiles(placeOf(position), id, step < now.step ? step : null)), differences.map(Boolean)); saveCompared(`step-${now.step}-${at.tensor}-${at.layer}-cells`, header, columns) }}>CSV<span class="visually-hidden"> of the table</span></button>`}
          <button class="button" type="button" onClick=${() => box.current?.close()}>Close</button>
        </header>
        ${part.problem && html`<${ProblemNote} problem=${part.problem} />`}
        <div class="table__scroll" tabindex="0" role="region" aria-label="The numbers" data-kind=${kindOf(at.tensor)} aria-busy=${told === null}>
          ${told === null
            ? html`<p class="table__wait soft" role="status">Reading the numbers…</p>`
            : html`
                <table class="table__numbers">
                  <caption class="visually-hidden">${plainName(at.tensor, at.layer)}: a row a cell, its number in each run${hasDifferences ? `, and what it is minus that of ${letters[0]}` : ""}</caption>
                  <thead>
                    <tr>
                      <th scope="col" class="table__corner">row, column</th>
                      ${letters.map((letter, position) => html`<th key=${letter} scope="col"><${Badge} place=${placeOf(position)} />${(now.runs[position]?.step ?? 0) < now.step && html` <span>step ${formatCount(now.runs[position]?.step ?? 0)}</span>`}</th>`)}
                      ${letters.map((letter, position) => differences[position] && html`<th key=${`minus-${letter}`} scope="col">${letter} − ${letters[0]}</th>`)}
                    </tr>
                  </thead>
                  <tbody>
                    ${told.map(({ row, col, numbers, apart }) => {
                      const isHere = chosen !== null && chosen.tensor === at.tensor && chosen.layer === at.layer && chosen.row === row && chosen.col === col
                      return html`
                        <tr key=${`${row},${col}`} data-here=${isHere ? "" : undefined}>
                          <th scope="row"><button class="table__cell" aria-pressed=${isHere} title="Choose this cell in all runs" onClick=${() => selectCell({ ...at, row, col })}>${row}, ${col}</button></th>
                          ${numbers.map((value, position) => html`<${NumberCell} key=${position} value=${value} />`)}
                          ${apart.map((value, position) => differences[position] && html`<${NumberCell} key=${`minus-${position}`} value=${value} />`)}
                        </tr>`
                    })}
                  </tbody>
                </table>`}
        </div>
        ${(words || count > SIZE) && html`<footer class="table__foot">
          <p class="table__here soft">${words}</p>
          ${count > SIZE && html`
            <div class="table__pager" role="group" aria-label="Cells">
              <button class="button" type="button" disabled=${first === 0} aria-label="Cells before" onClick=${() => setPage(page - 1)}>‹</button>
              <span>${formatCount(first + 1)}–${formatCount(Math.min(count, first + SIZE))} <span class="soft">of ${formatCount(count)}</span></span>
              <button class="button" type="button" disabled=${first + SIZE >= count} aria-label="Cells after" onClick=${() => setPage(page + 1)}>›</button>
            </div>`}
        </footer>`}
      </div>
    </dialog>
  `
}

/** @param {{value: Value | null}} properties */
const NumberCell = ({ value }) => html`<td class="compare-table__number" data-zero=${value !== null && Number(value) === 0 ? "" : undefined} data-broken=${value === null || Number.isFinite(Number(value)) ? undefined : ""} title=${formatExact(value)}>${value === null ? "–" : formatNumber(value, 6)}</td>`

/**
 * The cells of a page, asked for where the tensors did not come whole: whole rows of every run, or those that differ most.
 * @param {boolean} isWanted @param {TensorAt} at @param {readonly (Tensor | null)[]} tensors @param {readonly (Tensor | null)[]} differences @param {readonly [number, number]} size @param {number} first @param {"place" | "difference"} order
 * @returns {{rows: import("../../lib/compare_table.js").TableRow[] | null, problem: import("../../state.js").Problem | null}}
 */
function usePart(isWanted, at, tensors, differences, [rows, cols], first, order) {
  const [found, setFound] = useState(/** @type {{key: string, rows: import("../../lib/compare_table.js").TableRow[] | null, problem: import("../../state.js").Problem | null}} */ ({ key: "", rows: null, problem: null }))
  const runs = shown.value?.runs.map(({ step }, position) => ({ step, id: opened.value[position]?.id ?? "" })) ?? []
  const key = JSON.stringify([at, first, order, runs, differences.map(Boolean)])
  useEffect(() => {
    if (!isWanted || cols === 0) return
    const life = new AbortController()
    const fail = (/** @type {unknown} */ error) => life.signal.aborted || setFound({ key, rows: null, problem: toProblem(error) })
    if (order === "difference") {
      const positions = tensors.flatMap((tensor, position) => (tensor ? [position] : []))
      const asked = positions.flatMap((position) => (runs[position] ? [{ ...runs[position], isBy: Boolean(differences[position]) }] : []))
      readFarthest(asked, at, first, SIZE, life.signal)?.then((answer) => setFound({ key, rows: toldRows(answer, positions, tensors.length, differences.map(Boolean)), problem: null }), fail)
      return () => life.abort()
    }
    // whole rows, as far as the page goes
    const from = Math.floor(first / cols)
    const to = Math.min(rows, Math.floor((first + SIZE - 1) / cols) + 1)
    Promise.all(tensors.map((tensor, position) => (tensor ? readPartOf(runs[position]?.id ?? "", runs[position]?.step ?? 0, at, [Math.min(from, tensor.shape[0]), Math.min(to, tensor.shape[0])], [0, tensor.shape[1]], life.signal) : null))).then(
      (values) => {
        const apart = values.map((one, position) => (differences[position] && one && values[0] ? minus(one, values[0]) : null))
        const read = tableRows(values, apart, { rows: to - from, cols, row: from }, "place")
        setFound({ key, rows: read.slice(first - from * cols, first - from * cols + SIZE), problem: null })
      },
      fail,
    )
    return () => life.abort()
  }, [key, isWanted, returns.value]) // without an answer, again when the server is back
  return isWanted && found.key === key ? found : { rows: null, problem: null }
}

/** Equal infinities differ by nothing, as the server has it. @param {Value[][]} one @param {Value[][]} other @returns {Value[][]} */
const minus = (one, other) => one.map((line, row) => line.map((value, col) => (value === other[row]?.[col] ? 0 : Number(value) - Number(other[row]?.[col]))))

/**
 * The cell's number in each run and how it differs from the first: exact also where pictures came pooled.
 *
 * @import { Cell, Tensor, TensorAt } from "../../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useState } from "preact/hooks"
import { readCellOf } from "../../compare_look_actions.js"
import { chosenCell, opened, pointedCell, shown } from "../../compare_state.js"
import { numberAt } from "../../lib/compare_pictures.js"
import { formatNumber } from "../../lib/format.js"
import { isWhole } from "../../tensors.js"
import { Symbol } from "../symbol.js"
import { cellWords } from "./picture.js"

/** @param {{at: TensorAt, tensors: (Tensor | null)[], differences: (Tensor | null)[], letters: string[], hint: string}} properties `differences`: those that are drawn; of any other there is no number either. `hint` while there is no cell */
export function Readout({ at, tensors, differences, letters, hint }) {
  const isHere = (/** @type {Cell | null} */ cell) => cell !== null && cell.tensor === at.tensor && cell.layer === at.layer
  const pointed = isHere(pointedCell.value) ? pointedCell.value : null
  const cell = pointed ?? (isHere(chosenCell.value) ? chosenCell.value : null)
  const exact = useExact(cell === pointed ? null : cell, tensors)
  if (!cell) return html`<p class="compare__readout soft">${hint}</p>`
  const numbers = tensors.map((tensor, position) => exact?.[position] ?? numberAt(tensor, cell))
  const isBlock = !exact && tensors.some((tensor) => tensor && !isWhole(tensor))
  const first = numbers[0]
  /** @param {number} position */
  const apartAt = (position) => {
    const [difference, number] = [differences[position] ?? null, numbers[position]]
    if (!difference) return null
    // a block's extremes may be of unlike cells: their difference is the picture's, not one minus the other; nor is that of infinities a subtraction
    if (isBlock || isWhole(difference)) return numberAt(difference, cell)
    return typeof number === "number" && typeof first === "number" ? (number === first ? 0 : number - first) : null
  }
  return html`
    <p class="compare__readout" data-cell=${`${cell.row},${cell.col}`}>
      <${Symbol} tensor=${at.tensor} layer=${at.layer} cell=${[cell.row, cell.col]} />${isBlock && html` <span class="soft">its block</span>`}
      ${numbers.map((number, position) => html`<span key=${position} data-of=${letters[position]}><span class="soft">${letters[position]}</span> ${number === null || number === undefined ? "–" : formatNumber(number, 5)}</span>`)}
      ${numbers.map((_, position) => {
        const apart = apartAt(position)
        return apart !== null && html`<span key=${`minus-${position}`} data-of=${`${letters[position]}-${letters[0]}`}><span class="soft">${letters[position]} − ${letters[0]}</span> ${formatNumber(apart, 5)}</span>`
      })}
    </p>
    <span class="visually-hidden" aria-live="polite">${pointed && document.activeElement?.classList.contains("compare__cells") ? cellWords({ cell: pointed, tensors: tensors.map((tensor, position) => /** @type {const} */ ([letters[position] ?? "", tensor])) }) : ""}</span>
  `
}

/** The chosen cell's numbers one by one, where a picture has only its block. @param {Cell | null} cell @param {(Tensor | null)[]} tensors @returns {(number | null)[] | null} */
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
        return readCellOf(run.id, at.step, cell, life.signal)
      }),
    ).then(
      (numbers) => setFound({ key, numbers }),
      () => {}, // the block's extreme stays, and is said to be one
    )
    return () => life.abort()
  }, [key])
  return key && found?.key === key ? found.numbers : null
}

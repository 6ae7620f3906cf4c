/** Pointing at cells, choosing one, and walking on from it. */
import { batch } from "@preact/signals"
import * as state from "./state.js"
import { tensorOf } from "./tensors.js"

/** @import { Cell } from "./types.js" */

/** Lights a cell in the lens without speaking of it. @param {Cell | null} cell */
export function hint(cell) {
  state.hinted.value = cell
}

/** Speaks of a cell for as long as it is pointed at; of one that is not there, such as that of an example while another is looked at alone, of none. @param {Cell | null} cell */
export function point(cell) {
  state.pointed.value = cell && hasCell(cell) ? cell : null
}

/** Chooses a cell: a path of blame begins there, and Back leads to what was looked at before. @param {Cell | null} cell */
export function select(cell) {
  batch(() => {
    showCell(cell)
    if (cell) state.leaps.value++
  })
}

/** Shows a cell as chosen where the person has chosen something else that it goes with: a run, a view, a step. @param {Cell | null} cell */
export function showCell(cell) {
  batch(() => {
    state.selected.value = cell
    state.trail.value = cell ? [cell] : []
    if (cell) state.lastCells.value = { ...state.lastCells.value, [`${cell.tensor}.${cell.layer}`]: cell }
  })
}

/** Walks on to a cell that the chosen one was made of, or back to one of the path. @param {Cell} cell */
export function walk(cell) {
  const isSame = (/** @type {Cell} */ one) => one.tensor === cell.tensor && one.layer === cell.layer && one.row === cell.row && one.col === cell.col
  const before = state.trail.value.findIndex(isSame)
  const path = before < 0 ? [...state.trail.value, cell] : state.trail.value.slice(0, before + 1)
  batch(() => {
    select(cell)
    state.trail.value = path
  })
}

/** @param {Cell} cell whether the trace on the page has it */
export function hasCell({ tensor, layer, row, col }) {
  const found = state.trace.value && tensorOf(state.trace.value, tensor, layer)
  return Boolean(found && row < found.shape[0] && col < found.shape[1])
}

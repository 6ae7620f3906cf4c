/**
 * The cell whose index form a phase shows: the chosen one where the phase writes it, else the one chosen there last, else the largest.
 * Through the update one walks with one cell: from its gradient to what the parameter becomes.
 *
 * @import { Cell, Phase, Trace } from "../types.js"
 */
import { tensorOf } from "../tensors.js"
import { largestCell } from "./largest_cell.js"
import { partsOf } from "./tensor_names.js"

/**
 * @param {Phase} phase @param {Trace} trace @param {Cell | null} selected @param {Record<string, Cell>} lastCells by "dW.2"
 * @returns {Cell | null} null where the trace does not have the phase's tensor
 */
export function phaseCell(phase, trace, selected, lastCells) {
  const wanted = selected && phase.lane === "update" ? inUpdate(phase, selected) : selected
  if (wanted && phase.writes.some(({ tensor, layer }) => tensor === wanted.tensor && layer === wanted.layer) && isIn(trace, wanted)) return wanted
  for (const { tensor, layer } of phase.writes) {
    const before = lastCells[`${tensor}.${layer}`]
    if (before && isIn(trace, before)) return before
  }
  const target = phase.lane === "loss" ? phase.writes.find(({ tensor }) => tensor === "loss") : phase.writes[0]
  const found = target && tensorOf(trace, target.tensor, target.layer)
  if (!target || !found) return null
  const gradient = phase.lane === "update" ? `d${partsOf(target.tensor)?.letter}` : target.tensor
  const first = largestCell(tensorOf(trace, gradient, target.layer) ?? found, target.tensor, target.layer)
  return isIn(trace, first) ? first : largestCell(found, target.tensor, target.layer)
}

/** What a phase of the update makes for a cell of the same parameter, in the same layer; of several tensors, the one that has a number for each of its cells.
 * @param {Phase} phase @param {Cell} cell @returns {Cell} */
function inUpdate(phase, cell) {
  const letter = partsOf(cell.tensor)?.letter
  if (letter === undefined || phase.writes.some(({ tensor, layer }) => tensor === cell.tensor && layer === cell.layer)) return cell
  const own = phase.writes.find(({ tensor, layer }) => layer === cell.layer && partsOf(tensor)?.letter === letter)
  return own ? { ...cell, tensor: own.tensor } : cell
}

/** @param {Trace} trace @param {Cell} cell */
function isIn(trace, { tensor, layer, row, col }) {
  const found = tensorOf(trace, tensor, layer)
  return found !== null && row < found.shape[0] && col < found.shape[1]
}

/**
 * The cell whose index form a phase shows: the chosen one where the phase writes it, else the one chosen there last, else the largest.
 *
 * @import { Cell, Phase, Trace } from "../types.js"
 */
import { tensorOf } from "../tensors.js"
import { largestCell } from "./largest_cell.js"
import { isChangedGradient, isHeld, isParameter, partsOf } from "./tensor_names.js"

/**
 * @param {Phase} phase @param {Trace} trace @param {Cell | null} selected @param {Record<string, Cell>} lastCells by "dW.2"
 * @returns {Cell | null} null where the trace does not have the phase's tensor
 */
export function phaseCell(phase, trace, selected, lastCells) {
  const wanted = selected && phase.lane === "update" ? afterUpdate(selected) : selected
  if (wanted && phase.writes.some(({ tensor, layer }) => tensor === wanted.tensor && layer === wanted.layer) && isIn(trace, wanted)) return wanted
  for (const { tensor, layer } of phase.writes) {
    const before = lastCells[`${tensor}.${layer}`]
    if (before && isIn(trace, before)) return before
  }
  const target = phase.lane === "loss" ? phase.writes.find(({ tensor }) => tensor === "loss") : phase.writes[0]
  const found = target && tensorOf(trace, target.tensor, target.layer)
  return target && found ? largestCell(found, target.tensor, target.layer) : null
}

/** A parameter, or its gradient, is moved by the update to the same cell, and a state to its next. @param {Cell} cell @returns {Cell} */
function afterUpdate(cell) {
  const parts = partsOf(cell.tensor)
  if (!parts || parts.isNext || isChangedGradient(parts) || !(isParameter(parts.letter) || isHeld(parts))) return cell
  return { ...cell, tensor: `${isHeld(parts) ? cell.tensor : parts.letter}_next` }
}

/** @param {Trace} trace @param {Cell} cell */
function isIn(trace, { tensor, layer, row, col }) {
  const found = tensorOf(trace, tensor, layer)
  return found !== null && row < found.shape[0] && col < found.shape[1]
}

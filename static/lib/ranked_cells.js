/**
 * The cells of a tensor, the largest magnitude first. Pure.
 *
 * @import { Cell, Tensor } from "../types.js"
 */
import { matrixOf } from "../tensors.js"
import { largestCell } from "./largest_cell.js"

/**
 * @param {Tensor} tensor @param {string} name @param {number} layer
 * @returns {Cell[]} what is not finite counts as largest; of a pooled tensor, whose blocks hide their cells, the largest alone
 */
export function rankedCells(tensor, name, layer) {
  if (tensor.view) return [largestCell(tensor, name, layer)]
  const { rows, cols, data } = matrixOf(tensor)
  const [allRows, allCols] = tensor.shape
  const sizes = Array.from(data, (value) => (Number.isFinite(value) ? Math.abs(value) : Infinity))
  const order = sizes.map((_, at) => at).sort((one, other) => (sizes[one] === sizes[other] ? one - other : (sizes[other] ?? 0) - (sizes[one] ?? 0)))
  return order.map((at) => ({
    tensor: name, layer,
    row: Math.ceil((Math.floor(at / cols) * allRows) / rows),
    col: Math.ceil(((at % cols) * allCols) / cols),
  }))
}

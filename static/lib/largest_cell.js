/** The cell of a tensor that catches the eye first: its largest magnitude. */
import { matrixOf } from "../tensors.js"

/** @import { Cell, Tensor } from "../types.js" */

/** @param {Tensor} tensor @param {string} name @param {number} layer @returns {Cell} what is not finite counts as largest */
export function largestCell(tensor, name, layer) {
  if (tensor.view?.largest) return { tensor: name, layer, row: tensor.view.largest[0], col: tensor.view.largest[1] }
  const { rows, cols, data } = matrixOf(tensor)
  const [allRows, allCols] = tensor.shape
  let best = 0
  let most = -1
  for (let at = 0; at < data.length; at++) {
    const size = Number.isFinite(data[at]) ? Math.abs(data[at] ?? 0) : Infinity
    if (size > most) [best, most] = [at, size]
  }
  const [row, col] = [Math.floor(best / cols), best % cols]
  return { tensor: name, layer, row: Math.ceil((row * allRows) / rows), col: Math.ceil((col * allCols) / cols) }
}

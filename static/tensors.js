/**
 * Tensors of a trace as typed arrays, made once for each trace however many views look at them.
 *
 * @import { Cell, Tensor, Trace } from "./types.js"
 */
import { maxAbs, toMatrix } from "./draw/heatmap.js"

/** @typedef {ReturnType<typeof toMatrix>} Matrix */

/** @type {WeakMap<Tensor, Matrix>} */
const matrices = new WeakMap()

/** @param {Tensor} tensor @returns {Matrix} */
export function matrixOf(tensor) {
  let matrix = matrices.get(tensor)
  if (!matrix) {
    matrix = toMatrix(tensor)
    matrices.set(tensor, matrix)
  }
  return matrix
}

/** @param {Trace} trace @param {string} tensor @param {number} layer @returns {Tensor | null} null where the trace has none */
export function tensorOf(trace, tensor, layer) {
  return /** @type {any} */ (trace.layers[layer])?.[tensor] ?? null
}

/** The number in a cell; of a pooled view, the extreme of the block that holds it. @param {Trace} trace @param {Cell} cell @returns {number | null} */
export function valueAt(trace, { tensor, layer, row, col }) {
  const found = tensorOf(trace, tensor, layer)
  if (!found) return null
  const { rows, cols, data } = matrixOf(found)
  const [allRows, allCols] = found.shape
  const r = Math.floor((row * rows) / allRows)
  const c = Math.floor((col * cols) / allCols)
  return data[r * cols + c] ?? null
}

/** Whether every cell of a tensor came, and not only a pooled view of it. @param {Tensor} tensor */
export const isWhole = (tensor) => !tensor.view

/** The largest magnitude of a tensor, for its scale. @param {Tensor} tensor @returns {number} */
export function extentOf(tensor) {
  const { min, max } = tensor.stats
  const extent = Math.max(Math.abs(Number(min)), Math.abs(Number(max)))
  return Number.isFinite(extent) ? extent : maxAbs(matrixOf(tensor).data)
}

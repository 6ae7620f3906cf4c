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
  if (tensor in OF_THE_BATCH) return layer === trace.layers.length - 1 ? ofTheBatch(trace)[/** @type {"Y"} */ (tensor)] : null
  return /** @type {any} */ (trace.layers[layer])?.[tensor] ?? null
}

const OF_THE_BATCH = { Y: true, losses: true, loss: true }

/** @type {WeakMap<Trace, {Y: Tensor, losses: Tensor, loss: Tensor}>} */
const batches = new WeakMap()

/** The targets, each example's loss and their mean as tensors of the last layer. @param {Trace} trace */
function ofTheBatch(trace) {
  let found = batches.get(trace)
  if (!found) {
    found = { Y: trace.batch.Y, losses: rowTensor(trace.batch.losses ?? []), loss: rowTensor([trace.loss]) }
    batches.set(trace, found)
  }
  return found
}

/** @param {import("./types.js").Value[]} values @returns {Tensor} */
function rowTensor(values) {
  const finite = values.map(Number).filter(Number.isFinite)
  const sum = (/** @type {(value: number) => number} */ of) => finite.reduce((total, value) => total + of(value), 0)
  const mean = sum((value) => value) / finite.length
  const count = (/** @type {(value: number) => boolean} */ is) => values.map(Number).filter(is).length
  return {
    shape: [1, values.length],
    values: [values],
    stats: {
      min: Math.min(...finite), max: Math.max(...finite), mean, std: Math.sqrt(sum((value) => (value - mean) ** 2) / finite.length),
      l2: Math.sqrt(sum((value) => value * value)), zeros: count((value) => value === 0), nan: count(Number.isNaN),
      posinf: count((value) => value === Infinity), neginf: count((value) => value === -Infinity),
    },
  }
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

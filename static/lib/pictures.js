/**
 * Columns and rows of tensors as the pictures that they are: an example's input gradient, a first-layer unit's weights.
 *
 * @import { Matrix } from "../types.js"
 */
import { maxAbs } from "../draw/heatmap.js"

/** @typedef {{rows: number, cols: number}} Size */

/** A column of a tensor. @param {Matrix} matrix @param {number} col @param {Size} size @returns {Matrix} */
export const columnPicture = (matrix, col, size) => picture((at) => matrix.data[at * matrix.cols + col] ?? NaN, size)

/** A row of a tensor. @param {Matrix} matrix @param {number} row @param {Size} size @returns {Matrix} */
export const rowPicture = (matrix, row, size) => picture((at) => matrix.data[row * matrix.cols + at] ?? NaN, size)

/** @param {(at: number) => number} valueAt @param {Size} size @returns {Matrix} */
function picture(valueAt, { rows, cols }) {
  const data = Float64Array.from({ length: rows * cols }, (_, at) => valueAt(at))
  const nonFinite = data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0)
  return { rows, cols, data, exact: true, shape: [rows, cols], nonFinite }
}

/** Euclidean length; NaN where a number is not finite. @param {Matrix} picture */
export function lengthOf({ data }) {
  const most = maxAbs(data)
  if (!data.every(Number.isFinite)) return NaN
  return most === 0 ? 0 : most * Math.sqrt(data.reduce((sum, value) => sum + (value / most) ** 2, 0))
}

/** The largest lengths first, what is not finite before all. @param {number[]} lengths @returns {number[]} positions */
export function byLength(lengths) {
  const size = (/** @type {number} */ at) => { const length = lengths[at] ?? 0; return Number.isNaN(length) ? Infinity : length }
  return lengths.map((_, at) => at).sort((one, other) => (size(one) === size(other) ? one - other : size(other) - size(one)))
}

/** Where the largest magnitude is, what is not finite before all. @param {ArrayLike<number>} data */
export function largestAt(data) {
  let best = 0
  for (let at = 0; at < data.length; at++) {
    if (!Number.isFinite(data[at])) return at
    if (Math.abs(data[at] ?? 0) > Math.abs(data[best] ?? 0)) best = at
  }
  return best
}

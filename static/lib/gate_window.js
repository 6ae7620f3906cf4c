/**
 * The tensors between dA and dZ of a hidden layer, as windows of the same cells: whole numbers all.
 *
 * @import { Matrix, Tensor, Trace } from "../types.js"
 */
import { toMatrix } from "../draw/heatmap.js"
import { look, readSlope, readWindow } from "../readings.js"
import { trace } from "../state.js"
import { isWhole, matrixOf, tensorOf } from "../tensors.js"
import { productsOf, windowOf } from "./gate_words.js"

export const MOST = { rows: 256, cols: 64 } // of a layer at once: more would be too small to point at

/** @typedef {{row: number, col: number}} First the first cell of a window */
/**
 * `parts` are by name, "slope" among them; `zeros` counts those of each factor over the whole layer.
 * @typedef {{parts: Record<string, Matrix>, isAllHere: boolean, zeros: Record<string, number>, first: First, shape: readonly [number, number]}} Shown
 */

/** What a layer has between dA and dZ. @param {Trace} about @param {number} layer */
export const kindsBetween = (about, layer) => ({ isMasked: tensorOf(about, "D", layer) !== null, isNormalised: tensorOf(about, "dN", layer) !== null })

/** Whether a layer's means are over its examples and not over its units: dM is (n_l, 1) then, and m never 1. @param {Trace} about @param {number} layer */
export const isOverExamples = (about, layer) => tensorOf(about, "dM", layer)?.shape[1] === 1 && about.batch.size > 1

/**
 * One after the other where they don't come whole: the product of two pooled pictures is not the picture of the product.
 * @param {Trace} about @param {number} layer @param {First} first @param {{rows: number, cols: number}} most @param {AbortSignal} signal @returns {Promise<Shown | null>}
 */
export async function readBetween(about, layer, first, most, signal) {
  const of = look()
  const shape = about.layers[layer]?.dA?.shape
  if (!shape) return null
  const names = namesBetween(about, layer)
  const tensors = names.map((name) => [name, tensorOf(about, name, layer)])
  const isAllHere = tensors.every(([name, tensor]) => name === "slope" || (tensor && isWhole(/** @type {Tensor} */ (tensor))))
  const from = firstWithin(shape, first)
  const isGone = () => trace.peek() !== about
  const [rows, cols] = shape
  /** @type {Record<string, Matrix>} */
  const parts = {}
  if (isAllHere) {
    // a slope that would come pooled is asked for as a window of all of it
    const slope = await (rows <= 256 && cols <= 256 ? readSlope(of, layer, signal) : readWindow(of, "slope", layer, [0, rows], [0, cols], signal))
    for (const [name, tensor] of tensors) parts[/** @type {string} */ (name)] = name === "slope" ? toMatrix(slope) : matrixOf(/** @type {Tensor} */ (tensor))
    return { parts, isAllHere, zeros: zerosOf(about, layer, slope), first: { row: 0, col: 0 }, shape }
  }
  const slope = await readSlope(of, layer, signal)
  for (const name of names) {
    if (isGone()) return null
    const [all, across] = tensorOf(about, name, layer)?.shape ?? shape // dV and dM have one row or one column
    const part = await readWindow(of, name, layer, all === 1 && rows > 1 ? [0, 1] : [from.row, Math.min(rows, from.row + most.rows)], across === 1 && cols > 1 ? [0, 1] : [from.col, Math.min(cols, from.col + most.cols)], signal)
    parts[name] = toMatrix(part)
  }
  return isGone() ? null : { parts, isAllHere, zeros: zerosOf(about, layer, slope), first: from, shape }
}

/** The first cell that is wished for; where the layer ends before it, as that of one example alone, the very first. @param {readonly [number, number]} shape @param {First} first @returns {First} */
export const firstWithin = ([rows, cols], { row, col }) => ({ row: row < rows ? row : 0, col: col < cols ? col : 0 })

/** @param {Trace} about @param {number} layer @returns {string[]} */
function namesBetween(about, layer) {
  const kinds = kindsBetween(about, layer)
  const names = productsOf(kinds).flatMap(({ arrives, factor, leaves }) => [arrives, factor, leaves])
  return [...new Set([...names, ...(kinds.isNormalised ? ["dZhat", "dV", "dM", "dZ"] : [])])]
}

/** @param {Trace} about @param {number} layer @param {Tensor} slope @returns {Record<string, number>} */
const zerosOf = (about, layer, slope) => ({ slope: slope.stats.zeros, D: tensorOf(about, "D", layer)?.stats.zeros ?? 0 })

/** The part of what came whole that is looked at. @param {Shown} shown @param {First} from @param {{rows: number, cols: number}} most @returns {Record<string, Matrix>} */
export function partsFrom({ parts, isAllHere, shape }, from, most) {
  if (!isAllHere) return parts
  const cut = (/** @type {Matrix} */ matrix) =>
    windowOf(
      matrix,
      matrix.rows < shape[0] ? [0, matrix.rows] : [from.row, Math.min(shape[0], from.row + most.rows)],
      matrix.cols < shape[1] ? [0, matrix.cols] : [from.col, Math.min(shape[1], from.col + most.cols)],
    )
  return Object.fromEntries(Object.entries(parts).map(([name, matrix]) => [name, cut(matrix)]))
}

/**
 * How much the examples of a batch agree: the cancellation index |sum| / sum of magnitudes, as cells, units and words. Pure.
 *
 * @import { Cancellation, Matrix, Tensor, Trace, Value } from "../types.js"
 */
import { toMatrix } from "../draw/heatmap.js"
import { formatNumber } from "./format.js"

/**
 * The cells of the index. Where no example pulls, the index is NaN and the gradient is exactly 0: nothing is broken there,
 * so these cells are told apart from a NaN that comes of numbers that are not finite.
 *
 * @param {Tensor} index @param {Tensor | null | undefined} gradient the trace's dW or db, whole or pooled as the index is
 * @returns {{matrix: Matrix, idle: Uint8Array, idleCount: number}} `idle` is 1 where no example pulls
 */
export function indexCells(index, gradient) {
  const matrix = toMatrix(index)
  const of = gradient ? toMatrix(gradient) : null
  const isAlike = of !== null && of.rows === matrix.rows && of.cols === matrix.cols
  const idle = Uint8Array.from(matrix.data, (value, at) => (Number.isNaN(value) && (!isAlike || of.data[at] === 0) ? 1 : 0))
  const data = matrix.data.map((value, at) => (idle[at] ? 0 : value))
  const idleCount = idle.reduce((count, is) => count + is, 0)
  return { matrix: { ...matrix, data, nonFinite: matrix.nonFinite - idleCount }, idle, idleCount }
}

/**
 * How many examples pull at a weight, a bias or a unit: those whose term is not 0. Null where the tensors came pooled.
 *
 * @param {Trace} trace @param {number} layer @param {number} unit @param {number | null} from unit of the layer before; null for all, and for the bias
 */
export function pulling(trace, layer, unit, from) {
  const dZ = trace.layers[layer]?.dZ?.values?.[unit]
  const A = from === null ? null : trace.layers[layer - 1]?.A?.values?.[from]
  if (!dZ || A === undefined) return null
  return dZ.reduce((/** @type {number} */ count, value, example) => count + (Number(value) !== 0 && (A === null || Number(A[example]) !== 0) ? 1 : 0), 0)
}

/** @typedef {{layer: number, unit: number, index: number, pulling: number | null}} UnitIndex */

/**
 * The units of all layers whose examples agree least, and most; none twice. A unit at which one example alone pulls agrees with itself:
 * it is left out.
 * @param {Cancellation} told @param {Trace} trace of the same step @param {number} most @returns {{least: UnitIndex[], most: UnitIndex[]}}
 */
export function rankUnits({ layers }, trace, most) {
  const all = layers
    .flatMap(({ index: layer, dW }) => dW.units.map((value, unit) => ({ layer, unit, index: Number(value), pulling: pulling(trace, layer, unit, null) })))
    .filter(({ index, pulling }) => Number.isFinite(index) && (pulling === null || pulling > 1))
    .sort((one, other) => one.index - other.index)
  const count = Math.min(most, Math.floor(all.length / 2))
  return { least: all.slice(0, count), most: all.slice(all.length - count).reverse() }
}

/** An index as it is written: 0.40. @param {Value} index */
export const indexText = (index) => (Number.isFinite(Number(index)) ? Number(index).toFixed(2) : "–")

/**
 * The index of one cell, in words.
 * @param {number} index @param {boolean} isIdle @param {number} examples of the batch @param {number | null} pulling of them; null where it is not known
 */
export function indexWords(index, isIdle, examples, pulling) {
  if (isIdle) return "no example pulls: every term is 0"
  if (Number.isNaN(index)) return "NaN: the terms are not finite"
  if (pulling === 1) return `1: ${examples === 1 ? "there is one example" : `one of ${examples} examples pulls`}, and agrees with itself`
  const who = pulling === null || pulling === examples ? `the ${examples} examples` : `${pulling} of ${examples} examples`
  if (index >= 0.9995) return `${formatNumber(index, 3)}: ${who} pull the same way`
  if (index < 0.0005) return `${formatNumber(index, 2)}: ${who} pull, and cancel`
  const chance = pulling === null ? "" : `; at random it would be about ${formatNumber(100 * byChance(pulling), 2)} %`
  return `${formatNumber(index, 3)}: of what ${who} pull, ${formatNumber(100 * index, 2)} % is left${chance}`
}

/** What is left where so many examples pull at random: a sum of k random signs grows with the root of k. @param {number} k */
export const byChance = (k) => 1 / Math.sqrt(k)

/** A layer's index in a few words. @param {Value} index of its dW @param {string} name "hidden 1" */
export function layerWords(index, name) {
  const value = Number(index)
  return Number.isNaN(value) ? `${name} has none (every term is 0, or some are not finite)` : `${formatNumber(100 * value, 2)} % in ${name}`
}

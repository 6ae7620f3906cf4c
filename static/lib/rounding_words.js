/**
 * Where a number is 0 by algebra and only rounding is left of it: so that its digits are not read as a signal. Pure.
 *
 * @import { Cell, Explanation, Trace } from "../types.js"
 */
import { extentOf } from "../tensors.js"
import { isGradient, partsOf } from "./tensor_names.js"

/** The distance from 1 to the next number. @type {Record<string, number>} */
const EPSILON = { float32: 2 ** -23, float64: 2 ** -52 }

/**
 * Whether a sum is not told from 0: it is within what rounding may make of so many terms of their size.
 * Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, section 4.2.
 * @param {Pick<Explanation, "sum" | "count" | "magnitude">} explanation @param {string} dtype
 */
export function isRounding({ sum, count, magnitude }, dtype) {
  const size = Math.abs(Number(sum))
  return count > 1 && size > 0 && size <= count * (EPSILON[dtype] ?? 0) * Number(magnitude)
}

/**
 * Whether nothing but rounding is in a whole tensor, which its picture paints like any other: the gradient of biases under batch normalisation.
 * @param {string} name @param {number} layer @param {Trace} trace
 */
export function isAllRounding(name, layer, trace) {
  const there = trace.layers[layer]
  const { db, dZ } = there ?? {}
  if (name !== "db" || !there?.rM || !db || !dZ) return false
  const size = extentOf(db)
  return size > 0 && size <= dZ.shape[1] * (EPSILON[trace.dtype] ?? 0) * extentOf(dZ)
}

/** What a bias is where batch normalisation takes it away again, with all that an update holds of it; "" elsewhere. @param {Cell} cell @param {Trace} trace */
export function uselessBias({ tensor, layer }, trace) {
  const parts = partsOf(tensor)
  if (parts?.letter !== "b" || parts.mark === "t" || !trace.layers[layer]?.rM) return ""
  const why = "each Z of its unit moves with the bias, and the mean of the batch takes that away again"
  return isGradient(parts)
    ? `Under batch normalisation it is 0 by algebra: ${why}, so the dZ of a unit add up to 0. Any digit that stands here is rounding.`
    : `Under batch normalisation it does nothing: ${why}. Its gradient is 0 but for rounding.`
}

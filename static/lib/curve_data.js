/**
 * The history as columns for a plot: step 0 is the network before its first batch, which only the test set has seen.
 *
 * @import { History, Value } from "../types.js"
 */

/** @typedef {(number | null)[]} Column null where there is no number, or one that is not finite */
/** @typedef {{steps: number[], loss: [Column, Column], accuracy: [Column, Column]}} CurveData the batch's, then the test set's; accuracy in % */

/** @param {Value | null | undefined} value @returns {number | null} */
export function finite(value) {
  if (value === null || value === undefined) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** @param {History} history @returns {CurveData} */
export function curveData({ initial, steps, loss, accuracy, test_loss, test_accuracy }) {
  const percent = (/** @type {Value | null | undefined} */ share) => {
    const number = finite(share)
    return number === null ? null : 100 * number
  }
  const before = initial ? 1 : 0
  /** @param {(Value | null)[]} values @param {Value | null | undefined} first @param {(value: Value | null | undefined) => number | null} as @returns {Column} */
  const column = (values, first, as) => (before ? [as(first), ...values.map(as)] : values.map(as))
  return {
    steps: before ? [0, ...steps] : steps,
    loss: [column(loss, null, finite), column(test_loss, initial?.test_loss, finite)],
    accuracy: [column(accuracy, null, percent), column(test_accuracy, initial?.test_accuracy, percent)],
  }
}

/**
 * A line through many points in few: the lowest and the highest of each pixel, so that no spike is lost.
 * @param {Column} values @param {number} width @param {number} height @returns {string} an SVG path; "" where there is nothing
 */
export function sparkline(values, width, height) {
  const known = values.filter((value) => value !== null)
  if (known.length === 0 || width <= 0) return ""
  const high = known.reduce((most, value) => Math.max(most, value), 0) || 1
  const y = (/** @type {number} */ value) => (height - 2 - (value / high) * (height - 4)).toFixed(1)
  const last = values.length - 1
  const buckets = Math.min(values.length, Math.floor(width))
  let path = ""
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * values.length) / buckets)
    const part = values.slice(from, Math.floor(((bucket + 1) * values.length) / buckets)).filter((value) => value !== null)
    if (part.length === 0) continue
    const x = (last === 0 ? 0 : (from / last) * width).toFixed(1)
    const [low, top] = [Math.min(...part), Math.max(...part)]
    path += `${path ? "L" : "M"}${x} ${y(top)}`
    if (low !== top) path += `L${x} ${y(low)}`
  }
  return path
}

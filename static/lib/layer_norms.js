/**
 * How large the gradient of each layer is in one step of several runs, and where that stands on a logarithmic axis. Pure.
 *
 * @import { History, Value } from "../types.js"
 */
import { finite, logRange } from "./curve_data.js"
import { formatCount, formatNumber } from "./format.js"

/** The norms of dW in layers 1 to `last`; null where the run has no such layer or has not taken the step. @param {History} history @param {number} step @param {number} last @returns {(Value | null)[]} */
export function normsAt({ steps, layers }, step, last) {
  const at = step - (steps[0] ?? 1)
  return Array.from({ length: last }, (_, position) => layers.find(({ index }) => index === position + 1)?.dW_l2[at] ?? null)
}

/** Where an axis for all of them begins and ends; 0 has no place on it, nor has what is not finite. @param {readonly (readonly (Value | null)[])[]} rows @returns {[number, number]} */
export function normRange(rows) {
  const known = rows.flat().map((value) => finite(value) ?? 0).filter((number) => number > 0)
  return known.length > 0 ? logRange(Math.min(...known), Math.max(...known)) : logRange(null, null)
}

/** How far up a number stands on the axis, from 0 to 1; null where it has no place. @param {Value | null} value @param {readonly [number, number]} range */
export function normPlace(value, [low, high]) {
  const number = finite(value)
  return number === null || number <= 0 ? null : Math.log(number / low) / Math.log(high / low)
}

/** The sign of a number that has no place on the axis, and whether it stands above all or below. @param {Value | null} value @returns {{sign: string, isAbove: boolean} | null} */
export function oddNorm(value) {
  if (value === null || normPlace(value, [1, 2]) !== null) return null
  const number = Number(value)
  return Number.isNaN(number) ? { sign: "×", isAbove: true } : number > 0 ? { sign: "▲", isAbove: true } : { sign: "○", isAbove: false }
}

/** A line through what has a place, broken where something has none. @param {readonly ({x: number, y: number} | null)[]} points @returns {string} an SVG path */
export const brokenLine = (points) => points.map((point, at) => (point ? `${points[at - 1] ? "L" : "M"}${point.x.toFixed(1)} ${point.y.toFixed(1)}` : "")).join("")

/** How many times that of the first a norm is: "630,000 × A". "" where that says nothing. @param {Value | null} value @param {Value | null} first @param {string} letter of the first */
export function timesWords(value, first, letter) {
  const [number, base] = [finite(value), finite(first)]
  if (number === null || base === null || base <= 0 || number <= 0) return ""
  const times = Number((number / base).toPrecision(2))
  return `${times >= 1000 && times < 1e6 ? formatCount(times) : formatNumber(times, 2)} × ${letter}`
}

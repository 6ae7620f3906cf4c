/** Numbers as people read them. */

const MINUS = "\u2212"
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

/** From here on, and below its inverse side, powers of ten read better than zeros. */
const LARGE = 1e6
const SMALL = 1e-4

/**
 * A number to a few significant digits: −0.01321, 1.2×10⁻⁵, 0.5, NaN, ∞.
 * Digits before the decimal point are never rounded away below a million: 123456 stays 123456.
 * @param {number|string|null|undefined} value a number, or "NaN", "Infinity", "-Infinity" as the service writes them
 * @param {number} [digits] significant, 1 or more
 * @returns {string}
 */
export function formatNumber(value, digits = 4) {
  if (value === null || value === undefined) return "–"
  const number = Number(value)
  if (Number.isNaN(number)) return "NaN"
  const sign = number < 0 ? MINUS : ""
  const size = Math.abs(number)
  if (size === Infinity) return `${sign}∞`
  if (size === 0) return "0"

  const rounded = Number(size.toPrecision(digits)) // first, so that 999999.9 is already a million
  if (rounded >= LARGE || rounded < SMALL) return sign + scientific(size, digits)
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(rounded)))
  return sign + dropZeros(size.toFixed(Math.min(100, decimals)))
}

/** A sentence of the service, its numbers as this page writes them: 3.9e-06 is 3.9×10⁻⁶. @param {string} text */
export const formatNumbersIn = (text) => text.replace(/-?\d+(?:\.(\d+))?e[+-]?\d+/g, (number, decimals = "") => formatNumber(number, 1 + decimals.length))

/**
 * Every digit: the shortest text that reads back to the same float, to be pasted into any program.
 * Hence ASCII, with a hyphen for minus.
 * @param {number|string|null|undefined} value
 * @returns {string}
 */
export function formatExact(value) {
  if (value === null || value === undefined) return "–"
  const number = Number(value)
  return Object.is(number, -0) ? "-0" : String(number)
}

/**
 * A whole number with its thousands apart: 1,797.
 * @param {number} count
 * @returns {string}
 */
export function formatCount(count) {
  if (!Number.isFinite(count)) return formatNumber(count)
  const digits = Math.abs(Math.round(count)).toFixed(0)
  return (count <= -0.5 ? MINUS : "") + digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",")
}

/**
 * Rows by columns: 32×64.
 * @param {readonly [number, number]} shape
 * @returns {string}
 */
export function formatShape([rows, cols]) {
  return `${rows}×${cols}`
}

/**
 * A tensor's name in plain text, as the derivation writes it: dZ[2]. For labels, text alternatives and titles.
 * @param {string} tensor
 * @param {number} [layer]
 * @returns {string}
 */
export function tensorLabel(tensor, layer) {
  if (layer === undefined || tensor === "loss" || tensor === "Y" || tensor === "update") return tensor
  if (tensor.endsWith("_next")) return `${tensor.slice(0, -"_next".length)}[${layer}] after the update`
  return `${tensor}[${layer}]`
}

/** @param {number} size above 0 @param {number} digits */
function scientific(size, digits) {
  const [mantissa = "", exponent = ""] = size.toExponential(digits - 1).split("e")
  const power = [...String(Math.abs(Number(exponent)))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")
  return `${dropZeros(mantissa)}×10${exponent.startsWith("-") ? "⁻" : ""}${power}`
}

/** 0.5000 is 0.5, but 100 stays. @param {string} text */
function dropZeros(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text
}

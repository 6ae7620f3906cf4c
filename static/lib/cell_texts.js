/**
 * The numbers that are written into the cells of one picture: each whole, or none. A number that is cut off is another number. Pure.
 */
import { maxAbs } from "../draw/heatmap.js"
import { formatNumber } from "./format.js"
import { widthOf } from "./text_width.js"

const FEWEST = 2 // with one, 0.35 would be told as 0.3
const AIR = { least: 1.5, more: 4 } // pixels to each side, so that neighbours don't run into each other; a third digit has to leave more

/**
 * All with as many digits as there is room for in each cell. Where two are too many: with one of a power of ten, or to the decimals that the
 * largest has, as in a table; there alone a cell may be without, where its number is too small for them.
 *
 * @param {ArrayLike<number>} data what is not finite has no number: the picture itself says what it is
 * @param {number} width of a cell in pixels
 * @param {object} [options]
 * @param {number} [options.most] digits
 * @param {number} [options.zoom] how much larger than the small print they are set
 * @param {boolean} [options.isAligned] whether decimals of the largest will do: not of numbers that are told apart by their powers of ten
 * @param {(at: number) => boolean} [options.isLeftOut] which cells have no number
 * @returns {string[] | null} "" where a cell has none; null where the others don't all fit
 */
export function cellTexts(data, width, { most = FEWEST, zoom = 1, isAligned = false, isLeftOut = () => false } = {}) {
  const extent = maxAbs(Float64Array.from(data, (value, at) => (isLeftOut(at) ? 0 : value))) || 1
  const fits = (/** @type {string} */ text, air = AIR.least) => widthOf(text) * zoom <= width - 2 * air
  const written = (/** @type {(value: number) => string} */ write) => Array.from(data, (value, at) => (Number.isFinite(value) && !isLeftOut(at) ? write(value) : ""))
  for (let digits = most; digits >= FEWEST; digits--) {
    const texts = written((value) => formatNumber(value, digits))
    if (texts.every((text) => fits(text, digits > FEWEST ? AIR.more : AIR.least))) return texts
  }
  const short = written((value) => {
    const text = formatNumber(value, FEWEST)
    return fits(text) || !text.includes("×") ? text : formatNumber(value, 1)
  })
  const aligned = written((value) => toDecimals(value, FEWEST - 1 - Math.floor(Math.log10(extent)), fits))
  return [short, ...(isAligned ? [aligned] : [])].find((texts) => texts.every((text) => fits(text))) ?? null
}

/** 0.98 and 0.04. What is too small for these decimals has one digit of its own where that fits, and else none: as 0.0 it would pass for zero, without its sign. @param {number} value @param {number} decimals @param {(text: string) => boolean} fits */
function toDecimals(value, decimals, fits) {
  const rounded = Number(value.toFixed(Math.max(0, Math.min(100, decimals))))
  if (rounded !== 0 || value === 0) return formatNumber(rounded)
  const own = formatNumber(value, 1)
  return fits(own) ? own : ""
}

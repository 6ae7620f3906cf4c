/**
 * The numbers that are written into the cells of one picture: each whole, or none. A number that is cut off is another number. Pure.
 */
import { formatNumber } from "./format.js"
import { widthOf } from "./text_width.js"

const FEWEST = 2 // with one, 0.35 would be told as 0.3
const AIR = 2 // pixels to each side, so that neighbours don't run into each other

/**
 * All with as many digits as there is room for in each cell; with one where a power of ten leaves room for no more.
 *
 * @param {ArrayLike<number>} data what is not finite has no number: the picture itself says what it is
 * @param {number} width of a cell in pixels
 * @param {object} [options]
 * @param {number} [options.most] digits
 * @param {number} [options.zoom] how much larger than the small print they are set
 * @param {(at: number) => boolean} [options.isLeftOut] which cells have no number
 * @returns {string[] | null} "" where a cell has none; null where they don't all fit
 */
export function cellTexts(data, width, { most = FEWEST, zoom = 1, isLeftOut = () => false } = {}) {
  const room = (width - 2 * AIR) / zoom
  const fits = (/** @type {string} */ text) => widthOf(text) <= room
  const written = (/** @type {(value: number) => string} */ write) => Array.from(data, (value, at) => (Number.isFinite(value) && !isLeftOut(at) ? write(value) : ""))
  for (let digits = most; digits >= FEWEST; digits--) {
    const texts = written((value) => formatNumber(value, digits))
    if (texts.every(fits)) return texts
  }
  const texts = written((value) => {
    const text = formatNumber(value, FEWEST)
    return fits(text) || !text.includes("×") ? text : formatNumber(value, 1)
  })
  return texts.every(fits) ? texts : null
}

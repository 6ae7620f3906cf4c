/**
 * The relative errors of a sample of a tensor's cells, where these cells are; what was not checked is told apart. Pure.
 *
 * @import { Cell, ErrorSample, Matrix } from "../types.js"
 * @import { Places } from "./places.js"
 */
import { placesOf } from "./places.js"

/** Blocks of a picture at most: four pixels each, or they could neither be seen nor pointed at. */
const MOST = { rows: 64, cols: 96 }

/** @typedef {{error: number, isKink: boolean, isSmall: boolean}} Found NaN where the gradient or the difference is not finite, and of a kink or what is not resolved */

/**
 * @typedef {object} SampledErrors
 * @property {Matrix} matrix of each block the largest error that was found in it; 0 where there is none
 * @property {Uint8Array} kinks blocks of which nothing but kinks, or what is not resolved, was checked
 * @property {Uint8Array} small blocks of which nothing was checked but what is too small to compare, and kinks
 * @property {Uint8Array} absent blocks of which nothing was checked
 * @property {Places} places a block stands for its cell with the largest error, or for its first where none was checked
 * @property {(cell: Cell) => Found | null} found null where the cell was not checked
 */

/** @param {ErrorSample} sample @param {[number, number]} shape of the tensor @param {string} tensor @param {number} layer @returns {SampledErrors} */
export function sampledErrors({ rows: itsRows, cols: itsCols, errors, kinks: ofKinks, unresolved, small: areSmall }, shape, tensor, layer) {
  const areKinks = ofKinks.map((isKink, at) => isKink || unresolved[at] === true)
  const [allRows, allCols] = shape
  const [rows, cols] = [Math.min(allRows, MOST.rows), Math.min(allCols, MOST.cols)]
  const plain = placesOf(tensor, layer, { rows, cols, shape })
  const worst = new Int32Array(rows * cols).fill(-1)
  /** @type {Map<number, number>} */
  const known = new Map()
  // what is not finite is worse than any error; of what is too small, and of a kink, there is nothing to say
  const weigh = (/** @type {number} */ at) => (at < 0 ? -3 : areKinks[at] ? -2 : areSmall[at] ? -1 : Number.isFinite(Number(errors[at])) ? Number(errors[at]) : Infinity)
  itsRows.forEach((row, at) => {
    const col = itsCols[at] ?? 0
    known.set(row * allCols + col, at)
    const block = Math.floor((row * rows) / allRows) * cols + Math.floor((col * cols) / allCols)
    if (weigh(at) > weigh(worst[block] ?? -1)) worst[block] = at
  })
  const kinks = Uint8Array.from(worst, (at) => (at >= 0 && areKinks[at] ? 1 : 0))
  const data = Float64Array.from(worst, (at) => (at < 0 || areKinks[at] || areSmall[at] ? 0 : Number(errors[at])))
  return {
    matrix: { rows, cols, data, exact: rows === allRows && cols === allCols, shape, nonFinite: data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0) },
    kinks,
    small: Uint8Array.from(worst, (at) => (at >= 0 && areSmall[at] ? 1 : 0)),
    absent: Uint8Array.from(worst, (at) => (at < 0 ? 1 : 0)),
    places: {
      find: plain.find,
      at: (place) => {
        const at = worst[place.row * cols + place.col] ?? -1
        return at < 0 ? plain.at(place) : { tensor, layer, row: itsRows[at] ?? 0, col: itsCols[at] ?? 0 }
      },
    },
    found: (cell) => {
      const at = known.get(cell.row * allCols + cell.col)
      return at === undefined ? null : { error: Number(errors[at]), isKink: areKinks[at] === true, isSmall: areSmall[at] === true }
    },
  }
}

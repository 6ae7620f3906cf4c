/** How large the cells of a heatmap are drawn: whole pixels, so that no row looks thicker than its neighbour. Pure. */

const defaults = {
  /** Of a matrix of few cells: with room for its numbers. */
  numbered: { width: 60, height: 28, most: 8 },
  width: 8,
  height: 12, // a line of small print: a row can have its number beside it
}

/** @typedef {{width: number, height: number}} CellSize */

/**
 * @param {number} rows @param {number} cols
 * @param {number} room pixels at hand for the width; a matrix with more columns is wider, a pixel each, and scrolls
 * @param {number} tallest pixels at hand for the height; likewise
 * @returns {CellSize}
 */
export function cellSize(rows, cols, room, tallest) {
  const { numbered } = defaults
  if (rows <= numbered.most && cols <= numbered.most) return { width: within(Math.floor(room / cols), 12, numbered.width), height: numbered.height }
  return {
    width: within(Math.floor(room / cols), 1, cols <= numbered.most ? 24 : cols <= 24 ? 16 : defaults.width),
    height: within(Math.floor(tallest / rows), 1, rows <= numbered.most ? 20 : defaults.height),
  }
}

/** Whether numbers may be written into cells of this size; whether they fit is for `cellTexts` to say. @param {CellSize} size */
export const hasRoomForNumbers = ({ width, height }) => width >= 24 && height >= 20

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.max(low, Math.min(high, value))

/** Which cell of a tensor a place of a picture stands for, and back. Pure. @import { Cell } from "../types.js" */

/** @typedef {{row: number, col: number}} Place in the picture */
/** @typedef {{at: (place: Place) => Cell, find: (cell: Cell) => Place | null}} Places */

/**
 * Of a whole tensor, or of a pooled picture of it, where a place stands for the first cell of its block.
 * @param {string} tensor @param {number} layer @param {{rows: number, cols: number, shape: readonly [number, number]}} picture @returns {Places}
 */
export function placesOf(tensor, layer, { rows, cols, shape: [allRows, allCols] }) {
  return {
    at: ({ row, col }) => ({ tensor, layer, row: Math.ceil((row * allRows) / rows), col: Math.ceil((col * allCols) / cols) }),
    find: (cell) =>
      cell.tensor === tensor && cell.layer === layer && cell.row < allRows && cell.col < allCols
        ? { row: Math.floor((cell.row * rows) / allRows), col: Math.floor((cell.col * cols) / allCols) }
        : null,
  }
}

/**
 * Of a window of a tensor, whose cells are also those of other tensors of the same shape.
 * @param {string} tensor that is pointed at @param {string[]} others whose cells are found here too @param {number} layer
 * @param {{rows: number, cols: number}} picture @param {Place} first cell of the window @returns {Places}
 */
export function placesInWindow(tensor, others, layer, { rows, cols }, first) {
  return {
    at: ({ row, col }) => ({ tensor, layer, row: first.row + row, col: first.col + col }),
    find: (cell) => {
      if (cell.layer !== layer || !(cell.tensor === tensor || others.includes(cell.tensor))) return null
      const place = { row: cell.row - first.row, col: cell.col - first.col }
      return place.row >= 0 && place.col >= 0 && place.row < rows && place.col < cols ? place : null
    },
  }
}

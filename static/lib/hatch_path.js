/** Cells that are hatched, as one path of an SVG: neighbours of a row share a rectangle. Pure. */

/**
 * @param {ArrayLike<number | boolean>} mask row-major; what is true is hatched
 * @param {number} rows @param {number} cols @param {import("./cell_sizes.js").CellSize} size of a cell
 * @returns {string} "" where nothing is hatched
 */
export function hatchPath(mask, rows, cols, { width, height }) {
  const parts = []
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      if (!mask[row * cols + col]) continue
      const start = col
      while (col + 1 < cols && mask[row * cols + col + 1]) col++
      parts.push(`M${start * width} ${row * height}h${(col - start + 1) * width}v${height}H${start * width}z`)
    }
  }
  return parts.join("")
}

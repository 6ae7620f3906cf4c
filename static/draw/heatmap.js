/**
 * A tensor as pixels: one pixel a cell, which CSS enlarges with `image-rendering: pixelated`.
 *
 * Where a number is not finite, every cell becomes a square of k by k pixels, so that NaN and the infinities carry
 * hatches in pure black and white, which no palette holds: chequered for NaN, rising lines for Infinity, falling for -Infinity.
 *
 * @typedef {import("../types.js").Tensor} Tensor
 * @typedef {import("../types.js").Matrix} Matrix
 * @typedef {import("../types.js").Scale} Scale
 */

export const defaults = {
  /** Pixels of a hatched cell: 8, or 4 where that many would make a large bitmap. Multiples of the hatch's period, 4. */
  hatch: { fine: 8, coarse: 4, coarseAbove: 16_384 },
  ink: 0xff000000,
  paper: 0xffffffff,
}

/**
 * The numbers of a tensor, whole or as the view that came.
 * @param {Tensor} tensor
 * @returns {Matrix}
 * @throws {RangeError} ragged rows, or neither values nor a view
 */
export function toMatrix(tensor) {
  const values = tensor.values ?? tensor.view?.values
  if (!values) throw new RangeError("a tensor needs values or a view")
  const rows = values.length
  const cols = values[0]?.length ?? 0
  const data = new Float64Array(rows * cols)
  let nonFinite = 0
  for (let row = 0; row < rows; row++) {
    const line = values[row] ?? []
    if (line.length !== cols) throw new RangeError(`row ${row} has ${line.length} values; the first has ${cols}`)
    for (let col = 0; col < cols; col++) {
      const value = Number(line[col]) // reads "NaN" and "-Infinity" too
      if (!Number.isFinite(value)) nonFinite++
      data[row * cols + col] = value
    }
  }
  return { rows, cols, data, exact: tensor.values !== undefined, shape: tensor.shape, nonFinite }
}

/**
 * The largest finite magnitude; 0 where there is none. Of several tensors: the largest of all.
 * @param {...ArrayLike<number>} arrays
 * @returns {number}
 */
export function maxAbs(...arrays) {
  let largest = 0
  for (const data of arrays) {
    for (let at = 0; at < data.length; at++) {
      const size = Math.abs(data[at] ?? 0)
      if (size > largest && size < Infinity) largest = size
    }
  }
  return largest
}

/**
 * At most maxRows by maxCols blocks, each the signed value of its largest magnitude, so no extreme can hide.
 * NaN counts as larger than everything. A matrix that is small enough comes back as it is.
 * @param {Matrix} matrix
 * @param {number} maxRows 1 or more
 * @param {number} maxCols 1 or more
 * @returns {Matrix}
 */
export function poolAbsmax(matrix, maxRows, maxCols) {
  if (matrix.rows <= maxRows && matrix.cols <= maxCols) return matrix
  const rows = Math.min(matrix.rows, maxRows)
  const cols = Math.min(matrix.cols, maxCols)
  const data = new Float64Array(rows * cols)
  let nonFinite = 0
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = blockRange(row, rows, matrix.rows)
    for (let col = 0; col < cols; col++) {
      const [left, right] = blockRange(col, cols, matrix.cols)
      const value = absmaxOf(matrix, top, bottom, left, right)
      if (!Number.isFinite(value)) nonFinite++
      data[row * cols + col] = value
    }
  }
  return { rows, cols, data, exact: false, shape: matrix.shape, nonFinite }
}

/**
 * Which of `length` rows (or columns) block `index` of `blocks` stands for: from, and up to but without the second.
 * The inverse: row r is in block floor(r * blocks / length).
 * @param {number} index
 * @param {number} blocks
 * @param {number} length
 * @returns {[number, number]}
 */
export function blockRange(index, blocks, length) {
  return [Math.ceil((index * length) / blocks), Math.ceil(((index + 1) * length) / blocks)]
}

/**
 * The bitmap that drawHeatmap makes: k pixels a cell each way.
 * @param {Matrix} matrix
 * @returns {{k: number, width: number, height: number}}
 */
export function bitmapSize({ rows, cols, nonFinite }) {
  const { fine, coarse, coarseAbove } = defaults.hatch
  const k = nonFinite === 0 ? 1 : rows * cols > coarseAbove ? coarse : fine
  return { k, width: cols * k, height: rows * k }
}

/**
 * Draws and sizes the context's canvas to the bitmap (its CSS size is the caller's).
 * @param {CanvasRenderingContext2D} context
 * @param {Matrix} matrix
 * @param {Scale} scale
 * @returns {{k: number, width: number, height: number}} as bitmapSize
 */
export function drawHeatmap(context, matrix, scale) {
  const size = bitmapSize(matrix)
  const { k, width, height } = size
  if (context.canvas.width !== width) context.canvas.width = width
  if (context.canvas.height !== height) context.canvas.height = height
  if (width === 0 || height === 0) return size // an image of no pixels can't be made

  const image = context.createImageData(width, height)
  const pixels = new Uint32Array(image.data.buffer)
  if (k === 1) paintPlain(pixels, matrix, scale)
  else paintHatched(pixels, matrix, scale, k)
  context.putImageData(image, 0, 0)
  return size
}

/**
 * The colour of one pixel of a hatch.
 * @param {number} value not finite
 * @param {number} x in the cell
 * @param {number} y in the cell, downwards
 * @returns {number} ink or paper
 */
export function hatchColor(value, x, y) {
  const inked = Number.isNaN(value)
    ? ((x >> 1) + (y >> 1)) % 2 === 0
    : value > 0 ? (x + y) % 4 < 2 : (x - y + 64) % 4 < 2 // 64: keeps the remainder positive
  return inked ? defaults.ink : defaults.paper
}

/**
 * The cell under a point of the drawn heatmap, or null outside it.
 * @param {number} x from the left, in the unit of width
 * @param {number} y from the top
 * @param {number} width as drawn
 * @param {number} height as drawn
 * @param {number} rows
 * @param {number} cols
 * @returns {{row: number, col: number}|null}
 */
export function cellAt(x, y, width, height, rows, cols) {
  if (!(x >= 0 && y >= 0 && x < width && y < height) || rows === 0 || cols === 0) return null
  // min: x * cols / width can round up to cols just left of the edge
  return { row: Math.min(rows - 1, Math.floor((y * rows) / height)), col: Math.min(cols - 1, Math.floor((x * cols) / width)) }
}

/**
 * Where a cell is drawn.
 * @param {number} row
 * @param {number} col
 * @param {number} width
 * @param {number} height
 * @param {number} rows
 * @param {number} cols
 * @returns {{x: number, y: number, width: number, height: number}}
 */
export function cellRect(row, col, width, height, rows, cols) {
  return { x: (col * width) / cols, y: (row * height) / rows, width: width / cols, height: height / rows }
}

/** @param {Uint32Array} pixels @param {Matrix} matrix @param {Scale} scale */
function paintPlain(pixels, { data }, { colors, lookup }) {
  for (let at = 0; at < data.length; at++) pixels[at] = /** @type {number} */ (colors[lookup(data[at] ?? 0)])
}

/** @param {Uint32Array} pixels @param {Matrix} matrix @param {Scale} scale @param {number} k */
function paintHatched(pixels, { rows, cols, data }, { colors, lookup }, k) {
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const value = data[row * cols + col] ?? 0
      const color = colors[lookup(value)] // undefined for what is not finite
      for (let y = 0; y < k; y++) {
        const start = (row * k + y) * cols * k + col * k
        for (let x = 0; x < k; x++) pixels[start + x] = color ?? hatchColor(value, x, y)
      }
    }
  }
}

/** @param {Matrix} matrix @param {number} top @param {number} bottom @param {number} left @param {number} right */
function absmaxOf({ data, cols }, top, bottom, left, right) {
  let extreme = 0
  for (let row = top; row < bottom; row++) {
    for (let col = left; col < right; col++) {
      const value = data[row * cols + col] ?? 0
      if (Number.isNaN(value)) return NaN
      if (Math.abs(value) > Math.abs(extreme)) extreme = value
    }
  }
  return extreme
}

/**
 * A tensor as pixels: one pixel a cell, which CSS enlarges with `image-rendering: pixelated`.
 *
 * Where a number is not finite, the picture is made as large as it is shown, so that its hatch looks the same in a small cell and
 * in a large one: pure black and white, which no palette holds, chequered for NaN, rising lines for Infinity, falling for -Infinity.
 * A cell that is too small for it is hatched beyond its edges, for what is not finite must not hide; a large one has its word in it.
 *
 * @typedef {import("../lib/cell_sizes.js").CellSize} PixelSize
 * @typedef {import("../types.js").Tensor} Tensor
 * @typedef {import("../types.js").Matrix} Matrix
 * @typedef {import("../types.js").Scale} Scale
 */

export const defaults = {
  /** Pixels that a hatch has at least each way. */
  hatched: 6,
  /** Pixels of a cell beside and above a word, so that its hatch is seen too, and how many times its own size it has at most. */
  word: { beside: 6, above: 9, largest: 3 },
  ink: 0xff000000,
  paper: 0xffffffff,
}

/** NaN, +∞ and −∞ in pixels: letters would be set in another font, and in another colour on a dark page. */
const WORDS = {
  nan: ["#..#.....#..#", "##.#..##.##.#", "#.##.#.#.#.##", "#..#.#.#.#..#", "#..#..##.#..#"],
  high: ["...........", ".#...##.##.", "###.#..#..#", ".#...##.##.", "..........."],
  low: ["...........", ".....##.##.", "###.#..#..#", ".....##.##.", "..........."],
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
 * The bitmap that drawHeatmap makes: a pixel a cell, or as large as it is shown where a number is not finite.
 * @param {Matrix} matrix
 * @param {PixelSize} shown
 * @returns {PixelSize}
 */
function bitmapSize({ rows, cols, nonFinite }, { width, height }) {
  return nonFinite === 0 ? { width: cols, height: rows } : { width: Math.max(cols, Math.round(width)), height: Math.max(rows, Math.round(height)) }
}

/**
 * Draws and sizes the context's canvas to the bitmap (its CSS size is the caller's).
 * @param {CanvasRenderingContext2D} context
 * @param {Matrix} matrix
 * @param {Scale} scale
 * @param {PixelSize} shown the canvas as CSS has it, in pixels
 * @returns {PixelSize} as bitmapSize
 */
export function drawHeatmap(context, matrix, scale, shown) {
  const size = bitmapSize(matrix, shown)
  const { width, height } = size
  if (context.canvas.width !== width) context.canvas.width = width
  if (context.canvas.height !== height) context.canvas.height = height
  if (matrix.data.length === 0) return size // an image of no pixels can't be made

  const image = context.createImageData(width, height)
  const pixels = new Uint32Array(image.data.buffer)
  if (matrix.nonFinite === 0) paintPlain(pixels, matrix, scale)
  else paintHatched(pixels, size, matrix, scale)
  context.putImageData(image, 0, 0)
  return size
}

/**
 * The colour of one pixel of a hatch.
 * @param {number} value not finite
 * @param {number} x of the picture: hatches of neighbours are one
 * @param {number} y downwards
 * @returns {number} ink or paper
 */
export function hatchColor(value, x, y) {
  const inked = Number.isNaN(value)
    ? ((x >> 1) + (y >> 1)) % 2 === 0
    : value > 0 ? (x + y) % 4 < 2 : ((x - y) & 3) < 2 // & 3: a remainder that is never negative
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

/** @param {Uint32Array} pixels @param {PixelSize} size @param {Matrix} matrix @param {Scale} scale */
function paintHatched(pixels, { width, height }, { rows, cols, data }, { colors, lookup }) {
  const edges = (/** @type {number} */ at, /** @type {number} */ count, /** @type {number} */ length) => /** @type {const} */ ([Math.round((at * length) / count), Math.round(((at + 1) * length) / count)])
  const broken = []
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = edges(row, rows, height)
    for (let col = 0; col < cols; col++) {
      const [left, right] = edges(col, cols, width)
      const value = data[row * cols + col] ?? 0
      const color = colors[lookup(value)] // undefined for what is not finite
      if (color === undefined) broken.push({ value, left, right, top, bottom })
      else for (let y = top; y < bottom; y++) pixels.fill(color, y * width + left, y * width + right)
    }
  }
  // over the others, since a small one reaches beyond its cell
  for (const { value, left, right, top, bottom } of broken) {
    const [[x0, x1], [y0, y1]] = [widened(left, right, width), widened(top, bottom, height)]
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) pixels[y * width + x] = hatchColor(value, x, y)
    paintWord(pixels, width, value, { left, right, top, bottom })
  }
}

/** Wide enough for a hatch, within a picture of this length. @param {number} from @param {number} to @param {number} length @returns {[number, number]} */
function widened(from, to, length) {
  const more = Math.max(0, defaults.hatched - (to - from))
  const start = Math.max(0, Math.min(from - (more >> 1), length - (to - from) - more))
  return [start, Math.min(length, start + (to - from) + more)]
}

/** What it is, in the middle of a cell with room for it. @param {Uint32Array} pixels @param {number} width of the picture @param {number} value @param {{left: number, right: number, top: number, bottom: number}} cell */
function paintWord(pixels, width, value, { left, right, top, bottom }) {
  const word = WORDS[Number.isNaN(value) ? "nan" : value > 0 ? "high" : "low"]
  const [wide, high] = [word[0]?.length ?? 0, word.length]
  const { beside, above, largest } = defaults.word
  const by = Math.min(largest, Math.floor((right - left - beside) / (wide + 2)), Math.floor((bottom - top - above) / (high + 2)))
  if (by < 1) return
  const x0 = (left + right - by * (wide + 2)) >> 1
  const y0 = (top + bottom - by * (high + 2)) >> 1
  for (let y = 0; y < by * (high + 2); y++) {
    for (let x = 0; x < by * (wide + 2); x++) {
      const isInked = word[Math.floor(y / by) - 1]?.[Math.floor(x / by) - 1] === "#" // a pixel of paper around it
      pixels[(y0 + y) * width + x0 + x] = isInked ? defaults.ink : defaults.paper
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

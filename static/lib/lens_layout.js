/**
 * How many pixels each heatmap of the lens gets: pure, so that a test can hold cells against pixels.
 *
 * A cell is a whole number of pixels wherever it can be, so that no row looks thicker than its neighbour. All tensors with one
 * column an example are equally wide; all tensors of a layer are equally high, so unit j stands at one height in all of them.
 *
 * @import { Column } from "./lens_columns.js"
 */

const defaults = {
  largestCell: 22,
  oneWide: 16,
  oneColumn: 56, // its name, and a range as long as ±1.2×10⁻⁷, have room
  oneHigh: 14,
  gap: 10,
  layerGap: 28,
  narrowestColumn: 56, // a tensor of one or two columns still carries its name
  /** Where all tensors have few cells these are large, each with its number in it; at least as wide as 0.12 is. Closer together where that lets them be so wide. */
  numbered: { most: 8, width: 76, least: 28, height: 38, tight: { gap: 8, layerGap: 20, below: 33 } },
  narrowest: 64, // below this a heatmap says nothing, and the lens scrolls sideways instead
}

/** @typedef {{column: number, width: number}} Width of a column, and of the heatmaps in it */
/** `isNumbered`: cells are large, and have their numbers in them. @typedef {{isNumbered: boolean, widths: Width[][], heights: number[], updateHeights: number[], gap: number, layerGap: number, total: number}} Layout */

/**
 * @param {{size: number, columns: readonly Column[]}[]} layers 0..L
 * @param {number} m examples in the batch
 * @param {number} width pixels at hand
 * @param {number} laneHeight pixels at hand for the highest tensor of a lane
 * @param {number} [updateHeight] the same for each row of the update's lane
 * @returns {Layout} `widths[l][c]` of column c of layer l, `heights[l]` of its tensors
 */
export function lensLayout(layers, m, width, laneHeight, updateHeight = laneHeight) {
  const { gap, layerGap, oneColumn, oneWide, largestCell } = defaults
  const large = numberedCells(layers, m, width)
  if (large) return numberedLayout(layers, m, large, laneHeight, updateHeight)
  const highest = (/** @type {number} */ room) => layers.map(({ size }) => pixels(size, Math.min(room, size * largestCell)))
  const breadths = layers.flatMap(({ columns }) => columns.map(({ breadth }) => breadth))
  const count = (/** @type {string} */ breadth) => breadths.filter((one) => one === breadth).length

  // One kind of column: how many tensors have it, how many cells it has, and its pixels a cell
  const examples = group(m, count("examples"))
  const weights = layers.slice(0, -1).map(({ size }) => group(size, 1))
  const groups = [examples, ...weights]
  const L = layers.length - 1
  const fixed = count("one") * oneColumn + (breadths.length - 1 - L) * gap + L * layerGap
  const total = () => fixed + groups.reduce((sum, group) => sum + group.copies * group.width, 0)

  // Spend what is left a step at a time on the column that is narrowest for the square root of its cells
  for (;;) {
    const room = width - total()
    const next = groups
      .filter((group) => group.width < group.cells * largestCell && growth(group) * group.copies <= room)
      .sort((a, b) => a.width / Math.sqrt(a.cells) - b.width / Math.sqrt(b.cells))[0]
    if (!next) break
    next.width += growth(next)
  }
  const widths = layers.map(({ columns }, l) =>
    columns.map(({ breadth }) => {
      if (breadth === "one") return { column: oneColumn, width: oneWide }
      const { width } = (breadth === "weights" ? weights[l - 1] : examples) ?? examples
      return { column: width, width }
    }),
  )
  return { isNumbered: false, widths, heights: highest(laneHeight), updateHeights: highest(updateHeight), gap, layerGap, total: total() }
}

/** How many cells a column counts across. @param {Column} column @param {number} l @param {readonly {size: number}[]} layers @param {number} m */
const across = ({ breadth }, l, layers, m) => (breadth === "one" ? 1 : breadth === "examples" ? m : (layers[l - 1]?.size ?? 1))

/** Pixels of a column of cells this wide, with room for its name. @param {number} cells @param {number} cell */
const numberedWidth = (cells, cell) => Math.max(defaults.oneColumn, cells * cell)

/**
 * How wide the cells of a lens of few are, so that all of it is in sight, and how far its columns are apart; null where they are too many to have their numbers.
 * @param {{size: number, columns: readonly Column[]}[]} layers @param {number} m @param {number} width @returns {Spaced | null}
 */
function numberedCells(layers, m, width) {
  const { gap, layerGap, numbered } = defaults
  if (Math.max(m, ...layers.map(({ size }) => size)) > numbered.most) return null
  const columns = layers.flatMap(({ columns }, l) => columns.map((column) => across(column, l, layers, m)))
  const widest = (/** @type {number} */ gaps, /** @type {number} */ least) => {
    for (let cell = numbered.width; cell >= least; cell--) if (columns.reduce((sum, cells) => sum + numberedWidth(cells, cell), gaps) <= width) return cell
    return 0
  }
  for (const space of [{ gap, layerGap, least: numbered.tight.below }, { ...numbered.tight, least: numbered.least }]) {
    const cell = widest((columns.length - layers.length) * space.gap + (layers.length - 1) * space.layerGap, space.least)
    if (cell > 0) return { cell, gap: space.gap, layerGap: space.layerGap }
  }
  return null
}

/** @typedef {{cell: number, gap: number, layerGap: number}} Spaced pixels */

/** All cells alike. @param {{size: number, columns: readonly Column[]}[]} layers @param {number} m @param {Spaced} spaced @param {number} laneHeight @param {number} updateHeight @returns {Layout} */
function numberedLayout(layers, m, { cell, gap, layerGap }, laneHeight, updateHeight) {
  const { oneColumn, numbered } = defaults
  const widths = layers.map(({ columns }, l) =>
    columns.map((column) => {
      const cells = across(column, l, layers, m)
      // what is narrower than its own name is drawn as wide as that
      return { column: numberedWidth(cells, cell), width: Math.max(cells * cell, cells * Math.floor(oneColumn / cells)) }
    }),
  )
  const highest = (/** @type {number} */ room) => layers.map(({ size }) => pixels(size, Math.min(room, size * numbered.height)))
  const total = widths.flat().reduce((sum, { column }) => sum + column, (widths.flat().length - layers.length) * gap + (layers.length - 1) * layerGap)
  return { isNumbered: true, widths, heights: highest(laneHeight), updateHeights: highest(updateHeight), gap, layerGap, total }
}

/** Pixels from the left of the lanes. @typedef {{from: number, to: number}} Span */

/** Where each layer stands. @param {Layout} layout @returns {Span[]} */
export function spansOf({ widths, gap, layerGap }) {
  let left = 0
  return widths.map((layer) => {
    const from = left
    const to = from + layer.reduce((sum, { column }) => sum + column, 0) + (layer.length - 1) * gap
    left = to + layerGap
    return { from, to }
  })
}

/**
 * Layers that stand beside each other on paper, which nobody scrolls: as many as a line of it has room for, and at least one.
 *
 * @param {readonly Span[]} spans @param {number} width pixels of a line @returns {{first: number, last: number, total: number}[]} the lines, each with its pixels
 */
export function linesOf(spans, width) {
  /** @type {{first: number, last: number, total: number}[]} */
  const lines = []
  spans.forEach(({ to }, l) => {
    const line = lines.at(-1)
    const total = line ? to - (spans[line.first]?.from ?? 0) : Infinity
    if (line && total <= width) Object.assign(line, { last: l, total })
    else lines.push({ first: l, last: l, total: to - (spans[l]?.from ?? 0) })
  })
  return lines
}

/** The part of a layer that is in sight, as shares of it; null where none is. @param {Span} span @param {{left: number, width: number}} window @returns {Span | null} */
export function partInSight({ from, to }, { left, width }) {
  const [start, end] = [Math.max(from, left), Math.min(to, left + width)]
  return end - start > 1 ? { from: (start - from) / (to - from), to: (end - from) / (to - from) } : null
}

/**
 * The layer that the window begins with, so that another window may be brought there: the first that is more than half in sight, or at the
 * end of the lanes the last, which a narrower window would not show otherwise.
 * @param {readonly (Span | null)[]} parts of each layer, what is in sight @param {import("./use_scroll.js").Scroll} window @returns {number | null} null before the first layout
 */
export function leadingOf(parts, { left, width, whole }) {
  if (width === 0) return null
  if (left > 1 && left + width >= whole - 1) return parts.length - 1
  const half = parts.findIndex((part) => part && part.to - part.from > 0.5)
  return half < 0 ? Math.max(0, parts.findIndex(Boolean)) : half
}

/** The pixels of one tensor in its column: a row that stands for all units of its layer is a strip, a number for all of them a square; where numbers are written, as high as any row.
 * @param {readonly [number, number]} shape @param {number} size of the layer @param {number} width of its column @param {number} height of its layer @param {boolean} [isNumbered] */
export function pixelsOf([rows, cols], size, width, height, isNumbered = false) {
  if (isNumbered) return { width, height: (rows * height) / size }
  const isStrip = rows === 1 && size > 1
  return { width: isStrip && cols === 1 ? Math.min(width, defaults.oneWide) : width, height: isStrip ? Math.min(height, defaults.oneHigh) : height }
}

/** @param {number} cells @param {number} copies */
const group = (cells, copies) => ({ cells, copies, width: smallest(cells) })

/** The least width: whole pixels a cell, or a pooled picture where even one pixel is too much. @param {number} cells */
function smallest(cells) {
  if (cells > 2 * defaults.narrowest) return defaults.narrowest
  const cell = Math.max(1, Math.min(defaults.largestCell, Math.floor(defaults.narrowest / cells)))
  return cells * Math.max(cell, Math.ceil(defaults.narrowestColumn / cells))
}

/** The next step up: one pixel more for each cell, or a little more room for a pooled picture.
 * @param {{cells: number, width: number}} group */
function growth({ cells, width }) {
  if (width >= cells) return cells
  return cells - width <= 16 ? cells - width : 16
}

/** The largest whole number of pixels a cell within `room`; `room` itself where a cell is less than a pixel.
 * @param {number} cells @param {number} room */
function pixels(cells, room) {
  return cells <= room ? cells * Math.floor(room / cells) : Math.floor(room)
}

/**
 * How many pixels each heatmap of the lens gets: pure, so that a test can hold cells against pixels.
 *
 * A cell is a whole number of pixels wherever it can be, so that no row looks thicker than its neighbour. All tensors with one
 * column an example are equally wide; all tensors of a layer are equally high, so unit j stands at one height in all of them.
 */

const defaults = {
  largestCell: 22,
  biasWidth: 16,
  biasColumn: 34,
  gap: 10,
  layerGap: 28,
  narrowestColumn: 40, // a tensor of one or two columns still carries its name
  narrowest: 64, // below this a heatmap says nothing, and the lens scrolls sideways instead
}

/**
 * @param {number[]} layerSizes n_0..n_L
 * @param {number} m examples in the batch
 * @param {number} width pixels at hand
 * @param {number} laneHeight pixels at hand for the highest tensor of a lane
 * @returns {{heights: number[], examples: number, weights: number[], bias: number, biasColumn: number, gap: number, layerGap: number, total: number}}
 *   `heights[l]` of layer l, `examples` the width of X, Z and A, `weights[l]` the width of W of layer l (0 at the input)
 */
export function lensLayout(layerSizes, m, width, laneHeight) {
  const L = layerSizes.length - 1
  const { gap, layerGap, biasColumn } = defaults
  const heights = layerSizes.map((n) => pixels(n, Math.min(laneHeight, n * defaults.largestCell)))

  // One kind of column: how many tensors have it, how many cells it has, and its pixels a cell
  const groups = [
    { copies: 2 * L + 1, cells: m },
    ...layerSizes.slice(0, -1).map((cells) => ({ copies: 1, cells })),
  ].map((group) => ({ ...group, width: smallest(group.cells) }))
  const fixed = L * (biasColumn + 3 * gap + layerGap)
  const total = () => fixed + groups.reduce((sum, group) => sum + group.copies * group.width, 0)

  // Spend what is left a step at a time on the column that is narrowest for the square root of its cells
  for (;;) {
    const room = width - total()
    const next = groups
      .filter((group) => group.width < group.cells * defaults.largestCell && growth(group) * group.copies <= room)
      .sort((a, b) => a.width / Math.sqrt(a.cells) - b.width / Math.sqrt(b.cells))[0]
    if (!next) break
    next.width += growth(next)
  }
  const [examples, ...weights] = groups.map((group) => group.width)
  return { heights, examples: examples ?? 0, weights: [0, ...weights], bias: defaults.biasWidth, biasColumn, gap, layerGap, total: total() }
}

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

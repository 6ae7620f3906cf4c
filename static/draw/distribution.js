/**
 * Histograms over time as pixels: a column a step, a row a bin, the colour its share of the cells. Zeros and what is not finite
 * have a lane each, below and above, for they have no bin. Numbers in, pixels out.
 *
 * @import { Distributions, Scale } from "../types.js"
 */
import { columnsOf, notFinite } from "../lib/distribution_data.js"

/** Heights in CSS pixels; `odd` is 0 where all is finite. @typedef {{width: number, odd: number, bins: number, zeros: number, gap: number}} Room */

/**
 * @param {CanvasRenderingContext2D} context in CSS pixels @param {Distributions} told @param {Room} room
 * @param {Scale} scale of shares @param {{zero: string, bad: string, paper: string}} colors
 */
export function drawDistributions(context, told, { width, odd, bins, zeros, gap }, scale, colors) {
  const spans = columnsOf(told.steps)
  const [first, last] = [spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? 1]
  const xOf = (/** @type {number} */ step) => Math.round(((step - first) / (last - first)) * width)
  const top = odd ? odd + gap : 0
  const count = told.edges.length - 1
  const yOf = (/** @type {number} */ bin) => Math.round(top + bins - (bin / count) * bins)
  context.fillStyle = colors.paper
  context.fillRect(0, 0, width, top + bins + gap + zeros)
  spans.forEach(([from, to], at) => {
    const [x, wide] = [xOf(from), xOf(to) - xOf(from)]
    const cells = told.cells[at] || 1
    told.bins[at]?.forEach((inBin, bin) => {
      if (inBin === 0) return
      context.fillStyle = scale.colorCss(inBin / cells) ?? colors.paper
      context.fillRect(x, yOf(bin + 1), wide, yOf(bin) - yOf(bin + 1))
    })
    /** A lane's bar is as high as its share. @param {number} share @param {number} foot @param {number} high @param {string} color */
    const bar = (share, foot, high, color) => {
      if (share === 0) return
      context.fillStyle = color
      const tall = Math.max(1, share * high) // one cell of thousands is still seen
      context.fillRect(x, foot - tall, wide, tall)
    }
    bar((told.zeros[at] ?? 0) / cells, top + bins + gap + zeros, zeros, colors.zero)
    if (odd) bar(notFinite(told, at) / cells, odd, odd, colors.bad)
  })
}

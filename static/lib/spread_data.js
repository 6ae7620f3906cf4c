/**
 * Histograms of several runs as outlines over one axis. Pure.
 *
 * @import { Spread, Spreads } from "../types.js"
 */
import { formatCount } from "./format.js"
import { ticks } from "./plane.js"

const [LEAST_BINS, MOST_BINS] = [5, 60]

/** How many bins say something of so many cells: their square root, as finer ones would show single cells. @param {number} cells */
export const binsFor = (cells) => Math.max(LEAST_BINS, Math.min(MOST_BINS, Math.ceil(Math.sqrt(cells))))

/** Round percentages to write beside the axis, from 0 up, with their places; 1 is the top. @param {number} most the share that is as high as the plot */
export const shareTicks = (most) => (most > 0 ? ticks(0, 100 * most, 3).map((percent) => ({ percent, place: percent / (100 * most) })) : [{ percent: 0, place: 0 }])

/** The largest share of a run's cells in one bin. @param {Spreads} told */
export const largestBin = ({ sessions }) => sessions.reduce((most, one) => (one ? one.bins.reduce((top, count) => Math.max(top, count / (one.cells || 1)), most) : most), 0)

/**
 * A line over the tops of the bins, from the axis up and back to it.
 * @param {Spread} spread @param {number} most the share that is as high as the plot @param {number} width @param {number} height @returns {string} an SVG path
 */
export function outline({ bins, cells }, most, width, height) {
  const y = (/** @type {number} */ count) => (height - (most > 0 ? (count / (cells || 1) / most) * height : 0)).toFixed(1)
  const x = (/** @type {number} */ at) => ((at / bins.length) * width).toFixed(1)
  return `M0 ${height}${bins.map((count, at) => `V${y(count)}H${x(at + 1)}`).join("")}V${height}`
}

/** What has no bin, in words: zeros and what is not finite. @param {Spread} spread */
export function apartWords({ zeros, nan, posinf, neginf, cells }) {
  const share = (/** @type {number} */ count) => `${((100 * count) / (cells || 1)).toFixed(1)} %`
  const words = [`${formatCount(zeros)} of ${formatCount(cells)} exactly 0 (${share(zeros)})`]
  if (nan) words.push(`${formatCount(nan)} NaN`)
  if (posinf) words.push(`${formatCount(posinf)} ∞`)
  if (neginf) words.push(`${formatCount(neginf)} −∞`)
  return words.join(", ")
}

/** As columns of a file: a row a bin. @param {Spreads} told @param {string[]} letters @returns {{header: string[], columns: (number | null)[][]}} */
export const spreadColumns = ({ edges, sessions }, letters) => ({
  header: ["from", "to", ...letters.map((letter) => `cells of ${letter}`)],
  columns: [edges.slice(0, -1), edges.slice(1), ...sessions.map((one) => edges.slice(1).map((_, bin) => one?.bins[bin] ?? null))],
})

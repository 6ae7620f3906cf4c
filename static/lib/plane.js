/**
 * The plane of two features as a view draws it: from data to pixels and back, ticks, arrows, and what the network says between the grid's points.
 *
 * @import { Value } from "../types.js"
 */

/** @typedef {{low: number, high: number, from: number, to: number}} Axis numbers at `low` and `high` stand at the pixels `from` and `to` */

/** @param {Axis} axis @param {number} value @returns {number} pixels */
export const toPixel = ({ low, high, from, to }, value) => from + ((value - low) / (high - low)) * (to - from)

/** @param {Axis} axis @param {number} pixel @returns {number} */
export const toValue = ({ low, high, from, to }, pixel) => low + ((pixel - from) / (to - from)) * (high - low)

/** Round numbers in a range, about `count` of them: steps of 1, 2 or 5 times a power of ten. @param {number} low @param {number} high @param {number} count */
export function ticks(low, high, count) {
  const rough = (high - low) / count
  if (!(rough > 0 && rough < Infinity)) return []
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((by) => by * power).find((one) => one >= rough) ?? rough
  const first = Math.ceil(low / step)
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)))
}

/**
 * One output between the points of its grid, by the four around.
 * @param {Value[][]} rows one for each value of y, upwards @param {number} u 0 at the first column, 1 at the last @param {number} v 0 at the first row
 */
export function between(rows, u, v) {
  const lastRow = rows.length - 1
  const lastCol = (rows[0]?.length ?? 1) - 1
  const x = Math.max(0, Math.min(1, u)) * lastCol
  const y = Math.max(0, Math.min(1, v)) * lastRow
  const [c, r] = [Math.min(Math.floor(x), Math.max(0, lastCol - 1)), Math.min(Math.floor(y), Math.max(0, lastRow - 1))]
  const at = (/** @type {number} */ row, /** @type {number} */ col) => Number(rows[Math.min(row, lastRow)]?.[Math.min(col, lastCol)] ?? NaN)
  const [right, up] = [x - c, y - r]
  // a weight of 0 leaves out what is not finite: 0 times an infinity would be NaN
  const mix = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ by) => (by === 0 ? a : by === 1 ? b : a + (b - a) * by)
  return mix(mix(at(r, c), at(r, c + 1), right), mix(at(r + 1, c), at(r + 1, c + 1), right), up)
}

/**
 * The class that is ahead and by how much; NaN where an output is not finite.
 * @param {number[]} outputs @returns {{best: number, lead: number}} `lead` in 0..1 where outputs are probabilities
 */
export function leader(outputs) {
  let best = 0
  let second = -Infinity
  for (let row = 1; row < outputs.length; row++) {
    const value = outputs[row] ?? NaN
    if (value > (outputs[best] ?? NaN)) [best, second] = [row, outputs[best] ?? NaN]
    else second = Math.max(second, value)
  }
  const lead = outputs.every(Number.isFinite) ? (outputs.length > 1 ? (outputs[best] ?? NaN) - second : 1) : NaN
  return { best, lead }
}

/** How far one unit along one axis may be drawn beside one along the other, before equal units would leave too little of the picture. */
const MOST_EQUAL = 3

/**
 * The two axes of the plane: with equal units where their ranges are comparable, so that a right angle is one; else each as long as there is room.
 * @param {{low: number, high: number}} x @param {{low: number, high: number}} y @param {{width: number, height: number}} room pixels
 * @returns {{width: number, height: number, stretch: number}} pixels of the axes; how many times longer a unit of y is than one of x: 1 where they are equal
 */
export function axesIn(x, y, { width, height }) {
  const [perX, perY] = [width / (x.high - x.low), height / (y.high - y.low)]
  if (!(Math.max(perX / perY, perY / perX) <= MOST_EQUAL)) return { width, height, stretch: perY / perX }
  const unit = Math.min(perX, perY)
  return { width: unit * (x.high - x.low), height: unit * (y.high - y.low), stretch: 1 }
}

/**
 * A gradient as the picture has it: the direction across its level lines, in which it rises the most for a pixel.
 * A step that is drawn longer rises less for each of its pixels, hence the quotients.
 * @param {number} gx @param {number} gy for a step of 1 along each feature @param {number} perX @param {number} perY pixels of such a step, with their sign
 * @returns {[number, number]}
 */
export const inPicture = (gx, gy, perX, perY) => [gx / perX, gy / perY]

/**
 * An arrow for each example, its gradient in the plane: all on one scale, the longest `longest` pixels, or fewer where one would leave the frame.
 * @param {[number, number][]} at where the examples stand, in pixels @param {[number, number][]} gradients as the picture has them
 * @param {number} longest
 * @param {{from?: number, frame?: {left: number, right: number, top: number, bottom: number}}} [options] `from`: pixels from an example to where its arrow begins
 * @returns {{x: number, y: number, dx: number, dy: number, length: number}[]} of those that are finite and not 0
 */
export function arrows(at, gradients, longest, { from = 0, frame } = {}) {
  const lengths = gradients.map(([dx, dy]) => Math.hypot(dx, dy))
  const most = lengths.reduce((all, length) => (Number.isFinite(length) ? Math.max(all, length) : all), 0)
  const begun = gradients.map(([dx, dy], col) => {
    const [x, y] = at[col] ?? [NaN, NaN]
    const length = lengths[col] ?? NaN
    return { x: x + (from * dx) / length, y: y + (from * dy) / length, dx, dy, length }
  })
  const drawn = begun.filter(({ x, y, length }) => length > 0 && Number.isFinite(x + y + length))
  const room = (/** @type {number} */ start, /** @type {number} */ step, /** @type {number} */ low, /** @type {number} */ high) => (step === 0 ? Infinity : Math.max(0, ((step > 0 ? high : low) - start) / step))
  const within = frame ? drawn.map(({ x, y, dx, dy }) => Math.min(room(x, dx, frame.left, frame.right), room(y, dy, frame.top, frame.bottom))) : []
  // what stands at the very edge and points outward has no room at any scale
  const by = Math.max(longest / 3 / most, Math.min(longest / most, ...within))
  return drawn.map(({ x, y, dx, dy, length }) => ({ x, y, dx: dx * by, dy: dy * by, length: length * by }))
}

const SHORTEST_WITH_HEAD = 5 // pixels

/** A line with a head, where it is long enough for one, as an SVG path. @param {{x: number, y: number, dx: number, dy: number, length: number}} arrow */
export function arrowPath({ x, y, dx, dy, length }) {
  const head = Math.min(5, length * 0.6)
  const [ux, uy] = [dx / length, dy / length]
  const [tx, ty] = [x + dx, y + dy]
  const line = `M${x.toFixed(1)} ${y.toFixed(1)}L${tx.toFixed(1)} ${ty.toFixed(1)}`
  if (length < SHORTEST_WITH_HEAD) return line
  const side = (/** @type {number} */ sign) => `${(tx - head * ux - sign * head * 0.55 * uy).toFixed(1)} ${(ty - head * uy + sign * head * 0.55 * ux).toFixed(1)}`
  return `${line}M${side(1)}L${tx.toFixed(1)} ${ty.toFixed(1)}L${side(-1)}`
}

/** The nearest of some points within reach. @param {[number, number][]} points @param {number} x @param {number} y @param {number} reach @returns {number} -1 where none is */
export function nearest(points, x, y, reach) {
  let best = -1
  let least = reach
  points.forEach(([px, py], at) => {
    const distance = Math.hypot(px - x, py - y)
    if (distance <= least) [best, least] = [at, distance]
  })
  return best
}

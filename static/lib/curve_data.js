/**
 * The history as columns for plots: step 0 is the network before its first batch, which only the test set has seen.
 *
 * @import { History, Value } from "../types.js"
 */

/** @typedef {(number | null)[]} Column null where there is no number, or one that is not finite */
/** @typedef {(Value | null)[]} Values as the service tells them */
/** @typedef {"linear" | "log"} Axis */
/** @typedef {{key: string, label: string, name: string, values: Values}} Series `name` for files, after the JSON; `values` as drawn, and as saved */
/** @typedef {"zero" | "infinity" | "-infinity" | "nan"} Oddity what a curve can't show at its height */

/** @param {Value | null | undefined} value @returns {number | null} */
export function finite(value) {
  if (value === null || value === undefined) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** @param {History} history @returns {number[]} */
export const stepsOf = ({ initial, steps }) => (initial ? [0, ...steps] : steps)

/** @param {Value | null | undefined} share @returns {Value | null} in %, and 29 where floats would have 28.999999999999996; words stay words */
const percent = (share) => (typeof share === "number" ? Number((100 * share).toPrecision(15)) : (share ?? null))

/** What is drawn in % is so in its file too, whose column says it. @param {string} name @param {boolean} isPercent */
const columnName = (name, isPercent) => (isPercent ? `${name} in %` : name)

/** The batch's values and the test set's. @param {History} history @param {"loss" | "accuracy"} name accuracy is drawn in % @param {string} [others] what the second is of, where nothing is held out @returns {[Series, Series]} */
export function batchAndTest(history, name, others = "test") {
  const { initial } = history
  const test = /** @type {const} */ (`test_${name}`)
  const isShare = name === "accuracy"
  /** @param {Values} told */
  const drawn = (told) => (isShare ? told.map(percent) : told)
  return [
    { key: "train", label: "batch", name: columnName(name, isShare), values: drawn([...(initial ? [null] : []), ...history[name]]) },
    { key: "test", label: others, name: columnName(test, isShare), values: drawn([...(initial ? [initial[test] ?? null] : []), ...history[test]]) },
  ]
}

/** @typedef {"dW_l2" | "db_l2" | "update_to_weight" | "W_l2" | "dead_units"} LayerName */

/**
 * A curve for each layer.
 * @param {History} history @param {LayerName} name dead units are drawn as a share of the layer, in %
 * @param {number[]} sizes of all layers, from the input on @returns {Series[]}
 */
export function ofLayers({ initial, layers }, name, sizes) {
  const isShare = name === "dead_units"
  return layers
    .filter(({ index }) => !isShare || index < layers.length) // the output's units are no hidden ones: none of them dies
    .map((layer) => {
      const told = [...(initial ? [null] : []), ...(layer[name] ?? [])]
      const size = sizes[layer.index] ?? NaN
      const values = isShare ? told.map((count) => (typeof count === "number" ? (100 * count) / size : count)) : told
      return { key: String(layer.index), label: `[${layer.index}]`, name: columnName(`${name}[${layer.index}]`, isShare), values }
    })
}

/** How many times what is usual the largest of a plot may be, before a linear axis presses all else onto its foot. */
const MOST_TIMES = 1000

/** The axis that shows most of these numbers: logarithmic where the largest is far from what is usual, as of a run that diverges. @param {readonly Values[]} columns of one plot @returns {Axis} */
export function axisFor(columns) {
  const known = columns.flatMap((values) => plotted(values, "linear").filter((value) => value !== null))
  if (known.some((value) => value < 0)) return "linear"
  const above = known.filter((value) => value > 0).sort((a, b) => a - b)
  const usual = above[Math.floor((above.length - 1) / 2)] ?? 1
  return (above.at(-1) ?? 0) / usual >= MOST_TIMES ? "log" : "linear"
}

/** What of the values a curve on this axis can show. @param {Values} values @param {Axis} axis @returns {Column} */
export const plotted = (values, axis) =>
  values.map((value) => {
    const number = finite(value)
    return number === null || (axis === "log" && number <= 0) ? null : number
  })

/** What it can't, which is marked at the edges of the plot instead. @param {Values} values @param {Axis} axis @returns {{index: number, kind: Oddity}[]} */
export function oddities(values, axis) {
  /** @type {{index: number, kind: Oddity}[]} */
  const found = []
  values.forEach((value, index) => {
    if (value === null || value === undefined) return
    const number = Number(value)
    if (Number.isNaN(number)) found.push({ index, kind: "nan" })
    else if (!Number.isFinite(number)) found.push({ index, kind: number > 0 ? "infinity" : "-infinity" })
    else if (number === 0 && axis === "log") found.push({ index, kind: "zero" })
  })
  return found
}

/** Where a linear axis begins and ends: at 0, unless there is less, and above all that is drawn. @param {number | null} low @param {number | null} high @param {number | null} top of its own @returns {[number, number]} */
export function linearRange(low, high, top) {
  const most = top === null ? (high !== null && high > 0 ? high * 1.05 : 1) : top * 1.02
  return [Math.min(0, low ?? 0), Math.min(most, Number.MAX_VALUE)]
}

/**
 * Where a logarithmic axis begins and ends: at 1, 2 or 5 times a power of ten, around all that is drawn.
 * @param {number | null} low @param {number | null} high above 0 @returns {[number, number]}
 */
export function logRange(low, high) {
  if (low === null || high === null || !(low > 0)) return [0.1, 1]
  const steps = [1, 2, 5, 10]
  const [under, over] = [low, high].map((one) => Math.floor(Math.log10(one)))
  const at = (/** @type {number} */ step, /** @type {number | undefined} */ power) => Number(`${step}e${power}`) // 10 ** -320 would be 0
  const begin = at(steps.findLast((step) => at(step, under) <= low * (1 + 1e-9)) ?? 1, under) || Number.MIN_VALUE
  const end = Math.min(at(steps.find((step) => at(step, over) >= high * (1 - 1e-9)) ?? 10, over), Number.MAX_VALUE)
  return begin < end ? [begin, end] : [begin / 2, end * 2]
}

/** Numbers to write beside such an axis: powers of ten, or 1, 2 and 5 of each where they are few. @param {number} low @param {number} high @param {number} most @returns {number[]} */
export function logTicks(low, high, most) {
  const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)]
  const powers = Array.from({ length: last - first + 1 }, (_, position) => first + position)
  const within = (/** @type {number} */ tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)
  const fine = powers.flatMap((power) => [1, 2, 5].map((step) => Number(`${step}e${power}`))).filter(within)
  if (fine.length <= most) return fine
  const every = Math.ceil(powers.length / most)
  return powers.filter((power) => power % every === 0).map((power) => Number(`1e${power}`)).filter(within)
}

/** Where a key leads from a step, as on a slider; null where it leads nowhere. @param {string} key @param {number} from @param {number} first @param {number} last */
export function stepByKey(key, from, first, last) {
  const page = Math.max(1, Math.round((last - first) / 10))
  const by = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -Infinity, End: Infinity })[key]
  return by === undefined ? null : Math.max(first, Math.min(last, from + by))
}

/**
 * Labels that would overlap, moved apart as little as need be.
 * @param {number[]} places wanted @param {number} gap between neighbours @param {number} low @param {number} high @returns {number[] | null} null where there is no room
 */
export function apart(places, gap, low, high) {
  if ((places.length - 1) * gap > high - low) return null
  const order = places.map((place, position) => ({ place, position })).sort((a, b) => a.place - b.place)
  let floor = low
  for (const one of order) floor = (one.place = Math.max(one.place, floor)) + gap
  let ceiling = high
  for (const one of order.toReversed()) ceiling = (one.place = Math.min(one.place, ceiling)) - gap
  const moved = [...places]
  for (const { place, position } of order) moved[position] = place
  return moved
}

/** Labels whose names would run into each other if they were as high. @template {{x: number}} T @param {readonly T[]} labels @param {number} width of one @returns {T[][]} */
export function sideBySide(labels, width) {
  /** @type {T[][]} */
  const groups = []
  for (const label of labels.toSorted((a, b) => a.x - b.x)) {
    const last = groups.at(-1)
    if (last && label.x - (last.at(-1)?.x ?? 0) < width) last.push(label)
    else groups.push([label])
  }
  return groups
}

/** Of what a number is, the least that a line's whole height stands for: what changes less is drawn as the little that it is. */
const LEAST_SPAN = 0.02

/**
 * From the lowest to the highest of a line's numbers, and not from 0: what changes far above 0 has a shape too.
 * @param {Column} values @returns {{low: number, high: number} | null} null where there is no number
 */
export function rangeOf(values) {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return null
  const low = known.reduce((least, value) => Math.min(least, value))
  const high = known.reduce((most, value) => Math.max(most, value))
  const span = Math.max(high - low, LEAST_SPAN * Math.max(Math.abs(low), Math.abs(high))) || 1
  const middle = low + (high - low) / 2
  return high - low === span ? { low, high } : { low: middle - span / 2, high: middle + span / 2 }
}

/**
 * A line through many points in few: the lowest and the highest of each pixel, so that no spike is lost. Its height is the range of its numbers.
 * @param {Column} values @param {number} width @param {number} height @returns {string} an SVG path; "" where there is nothing
 */
export function sparkline(values, width, height) {
  const range = rangeOf(values)
  if (!range || width <= 0) return ""
  const { low: least, high } = range
  const y = (/** @type {number} */ value) => (height - 2 - ((value - least) / (high - least)) * (height - 4)).toFixed(1)
  const last = values.length - 1
  const buckets = Math.min(values.length, Math.floor(width))
  let path = ""
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * values.length) / buckets)
    const part = values.slice(from, Math.floor(((bucket + 1) * values.length) / buckets)).filter((value) => value !== null)
    if (part.length === 0) continue
    const x = (last === 0 ? 0 : (from / last) * width).toFixed(1)
    const [low, top] = [Math.min(...part), Math.max(...part)]
    path += `${path ? "L" : "M"}${x} ${y(top)}`
    if (low !== top) path += `L${x} ${y(low)}`
  }
  return path
}

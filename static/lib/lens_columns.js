/**
 * Which tensors stand in which column of the lens. Pure.
 *
 * A layer's columns run as its forward pass does, W b -> Z -> (M V -> Zhat -> gamma beta -> N) -> (G -> D ->) A, with what an
 * ingredient adds where it acts. A tensor's gradient has its column in the lane below, and what an update makes of it below that.
 *
 * @import { LayerTrace } from "../types.js"
 */
import { isChangedGradient, isHeld, partsOf } from "./tensor_names.js"

/** `tensors` of the upper lane, one above the other; `breadth` is what its cells count across. @typedef {{tensors: string[], breadth: "weights" | "one" | "examples"}} Column */

/** The tensors of the upper lane in the order of the forward pass. */
const ORDER = ["W", "b", "Z", "M", "V", "Zhat", "gamma", "beta", "N", "G", "D", "A"]

/** Tensors of the upper lane that an ingredient adds. */
const ADDED = ORDER.slice(ORDER.indexOf("Z") + 1, -1)

/** @param {string} tensor whether it, or what it is made for, has a column that an ingredient adds */
export const isAdded = (tensor) => ADDED.includes(partsOf(tensor)?.letter ?? "")

/** Each tensor's name once, in the order of the forward pass; what is made for a tensor stands where it does. @param {readonly string[]} tensors */
export function inOrder(tensors) {
  const rank = (/** @type {string} */ tensor) => ORDER.indexOf(partsOf(tensor)?.letter ?? "")
  return [...new Set(tensors)].sort((one, other) => rank(one) - rank(other))
}

/** @param {LayerTrace} layer @param {boolean} [isFolded] without what ingredients add @returns {Column[]} */
export function columnsOf(layer, isFolded = false) {
  const examples = (/** @type {string[]} */ ...tensors) => ({ tensors, breadth: /** @type {const} */ ("examples") })
  const one = (/** @type {string} */ tensor) => ({ tensors: [tensor], breadth: /** @type {const} */ ("one") })
  const A = layer.D && !isFolded ? [examples("G"), examples("D"), examples("A")] : [examples("A")]
  if (layer.index === 0) return A
  // one of each unit is a column; one of each example a row, and two rows need no two columns
  const statistics = layer.rM ? [one("M"), one("V")] : [examples("M", "V")]
  const normalised = layer.N && !isFolded ? [...statistics, examples("Zhat"), one("gamma"), one("beta"), examples("N")] : []
  return [{ tensors: ["W"], breadth: "weights" }, one("b"), examples("Z"), ...normalised, ...A]
}

/** The tensors of a layer that came with the trace, as it names them. @param {LayerTrace} layer @returns {string[]} */
export const tensorsOf = (layer) => Object.entries(layer).filter(([name, found]) => found !== null && partsOf(name) !== null).map(([name]) => name)

/**
 * What the update's lane has under one tensor, in the order in which it is made, by the row of the lane.
 *
 * @param {LayerTrace} layer @param {string} tensor of the upper lane @returns {Record<string, string>} {g: "gW", v: "vW", v_next: "vW_next", _next: "W_next"}
 */
export function updateOf(layer, tensor) {
  const own = tensorsOf(layer).flatMap((name) => {
    const parts = partsOf(name)
    if (!parts || parts.letter !== tensor || !(parts.isNext || isChangedGradient(parts) || isHeld(parts))) return []
    return [[parts.mark === "r" && parts.isNext ? "_next" : name.replace(tensor, ""), name]] // no optimizer stands between a running mean and its next
  })
  return Object.fromEntries(own)
}

/**
 * The rows of the update's lane: what it makes, and what it makes that from.
 *
 * First the gradient as an edit and as clipping have changed it, what the parameter becomes, and what the states become; then the states as they were, and last
 * the counters, each one number.
 * @param {readonly LayerTrace[]} layers @returns {{made: string[], from: string[]}} of `updateOf`; empty where there was no update
 */
export function updateRows(layers) {
  const found = new Set(layers.flatMap((layer) => columnsOf(layer).flatMap(({ tensors }) => tensors.flatMap((tensor) => Object.keys(updateOf(layer, tensor))))))
  if (!found.has("_next")) return { made: [], from: [] }
  const isCounter = (/** @type {string} */ row) => row.startsWith("t")
  const isMade = (/** @type {string} */ row) => !isCounter(row) && (row.endsWith("_next") || row === "h" || row === "g")
  const rank = (/** @type {string} */ row) => ({ h: 0, g: 1, _next: 2 })[row] ?? (isCounter(row) ? 4 : 3)
  const rows = [...found].sort((one, other) => rank(one) - rank(other))
  return { made: rows.filter(isMade), from: rows.filter((row) => !isMade(row)) }
}

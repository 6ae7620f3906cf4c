/**
 * A step as it was and as it would have been, side by side. Pure.
 *
 * @import { Action, Cell, ChangedTensor, LayerTrace, Trace, Value } from "../types.js"
 */
import { formatNumber } from "./format.js"
import { isAdded } from "./lens_columns.js"
import { axesOf, isParameter, partsOf } from "./tensor_names.js"

/** The layers with every tensor that either trace has: for what has a place, and not for numbers. @param {Trace} before @param {Trace} after @returns {LayerTrace[]} */
export const joinedLayers = (before, after) => after.layers.map((layer, l) => ({ ...before.layers[l], ...layer }))

/** @param {Trace} before @param {Trace} after @param {readonly LayerTrace[]} layers after minus before, as the service tells it @returns {Trace} */
export function differenceTrace(before, after, layers) {
  return {
    ...after,
    loss: Number(after.loss) - Number(before.loss),
    accuracy: null,
    batch: { ...after.batch, losses: after.batch.losses?.map((loss, i) => minus(loss, before.batch.losses?.[i] ?? NaN)) },
    layers: after.layers.map(({ index, name, size, activation }) => ({ ...layers.find((one) => one.index === index), index, name, size, activation })),
  }
}

/** @param {Value} one @param {Value} other @returns {Value} */
function minus(one, other) {
  if (one === other) return 0
  const by = Number(one) - Number(other)
  return Number.isFinite(by) ? by : /** @type {Value} */ (String(by))
}

/**
 * What a tensor is in what changed: not at all, already, just now, or not yet.
 * @param {readonly ChangedTensor[]} changed in the order of computation @param {number} lit how many of them are lit @param {string} tensor @param {number} layer
 * @returns {"idle" | "changed" | "reached"}
 */
export function changeRole(changed, lit, tensor, layer) {
  const position = changed.findIndex((one) => one.tensor === tensor && one.layer === layer)
  if (position < 0 || position > lit) return "idle"
  return position === lit ? "reached" : "changed"
}

/**
 * Of what changed, the tensor that changed the most against its own largest number, as tensors of unlike size can be ranked by nothing else.
 * Counters are left out, and tensors that were 0 all over, which have no size.
 * @param {readonly ChangedTensor[]} changed @param {(tensor: string, layer: number) => number} extentOf its largest magnitude before
 * @returns {{one: ChangedTensor, share: number} | null} null where none can be compared
 */
export function mostChanged(changed, extentOf) {
  const ranked = changed
    .filter(({ tensor, only }) => only === null && axesOf(tensor) !== "one")
    .map((one) => ({ one, share: Number(one.max_abs) / extentOf(one.tensor, one.layer) }))
    .filter(({ share }) => Number.isFinite(share))
  return ranked.reduce((best, each) => (best === null || each.share > best.share ? each : best), /** @type {(typeof ranked)[number] | null} */ (null))
}

/** "12 % of", "33 times". @param {number} share of a number, 1 for as much as that */
export const shareWords = (share) => (share < 10 ? `${formatNumber(100 * share, 2)} % of` : `${formatNumber(share, 2)} times`)

/**
 * Where an edit of a parameter's gradient leaves that as it is, and changes what the update takes: the same cell of what the update takes of it, and of the parameter as it is then moved.
 * @param {Action} action @param {readonly ChangedTensor[]} changed @param {Cell} cell @returns {{used: Cell, moved: Cell} | null}
 */
export function takenOf(action, changed, cell) {
  const parts = partsOf(cell.tensor)
  if (!parts || parts.mark !== "d" || !isParameter(parts.letter) || action.tensor !== cell.tensor || action.layer !== cell.layer) return null
  const isChanged = (/** @type {string} */ name) => changed.some(({ tensor, layer }) => tensor === name && layer === cell.layer)
  if (isChanged(cell.tensor) || !isChanged(`g${parts.letter}`)) return null
  return { used: { ...cell, tensor: `g${parts.letter}` }, moved: { ...cell, tensor: `${parts.letter}_next` } }
}

/**
 * Why an edit changes nothing, where that is known: "the largest number to clip is 0.0938".
 * @param {Action} action @param {(tensor: string, layer: number) => number | null} extentOf the largest magnitude of a tensor of the step with the edit; null where it has none
 */
export function nothingWords({ name, tensor, layer, max_abs: bound }, extentOf) {
  if (name !== "clip_gradient" || typeof tensor !== "string" || typeof bound !== "number") return "Nothing changes in this step."
  // as it was scaled, where it was: hW if the run clips too, else gW, and of those none is beyond the bound
  const [edited = null] = ["h", "g"].map((mark) => extentOf(mark + tensor.slice(1), Number(layer))).filter((extent) => extent !== null)
  return edited === null ? "Nothing changes in this step." : `Nothing changes in this step: the largest number to clip is ${formatNumber(edited, 3)}.`
}

/** "17 tensors change". @param {readonly ChangedTensor[]} changed */
export const countWords = ({ length }) => (length === 1 ? "1 tensor changes" : `${length} tensors change`)

/** What comes with the edit and has no column in the lens, which stays as it was: "New with it: D[1], G[1]." @param {readonly ChangedTensor[]} changed @param {(tensor: string, layer: number) => string} label */
export function newWords(changed, label) {
  const names = changed.flatMap(({ tensor, layer, only }) => (only === "after" && isAdded(tensor) && partsOf(tensor)?.mark === "" ? [label(tensor, layer)] : []))
  if (names.length === 0) return ""
  return `New with it: ${names.join(", ")}.`
}

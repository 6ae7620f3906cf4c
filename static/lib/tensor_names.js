/**
 * What a tensor's name says: its letter, what of it is meant, and whether it is from after the update. Pure.
 *
 * "dZ" is the gradient of Z, "gW" what the update takes of W's, "hW" that before it is clipped, "rM" the running mean; "mgamma_next" is what the optimizer's state m of gamma becomes.
 */

/** `mark` is "" for the tensor itself, "d" for its gradient, "h" and "g" for that as an edit or clipping has changed it, else the letter of what is held of it from step to step.
 * @typedef {{mark: string, letter: string, isNext: boolean}} Parts */

const NAME = /^([a-z]?)(Zhat|gamma|beta|[ADGMNVWZb])(_next)?$/
const PARAMETERS = ["W", "b", "gamma", "beta"]
const OF_THE_BATCH = ["Y", "losses", "loss"]

/** @param {string} tensor @returns {Parts | null} null for what is no tensor of a layer */
export function partsOf(tensor) {
  const [, mark = "", letter, next] = NAME.exec(tensor) ?? []
  return letter === undefined ? null : { mark, letter, isNext: next !== undefined }
}

/** Whether a trace may have a tensor of this name. @param {string} tensor */
export const isTensorName = (tensor) => OF_THE_BATCH.includes(tensor) || partsOf(tensor) !== null

/** What an optimizer moves. @param {string} letter */
export const isParameter = (letter) => PARAMETERS.includes(letter)

/** Gradients: as the pass makes them, edited, and as the update takes them. */
const GRADIENTS = ["d", "h", "g"]

/** Whether a tensor is a gradient, changed or not. @param {Parts} parts */
export const isGradient = ({ mark }) => GRADIENTS.includes(mark)

/** @param {Parts} parts */
export const isChangedGradient = (parts) => isGradient(parts) && parts.mark !== "d"

/** Whether an update makes or moves it: changed gradients, parameters and states. @param {string} tensor */
export function isOfUpdate(tensor) {
  const parts = partsOf(tensor)
  return parts !== null && (parts.isNext || !["", "d"].includes(parts.mark))
}

/** What is held of a tensor from step to step: an optimizer's state, or a running statistic. @param {Parts} parts */
export const isHeld = (parts) => parts.mark !== "" && !isGradient(parts)

/** What its rows and columns count. A count has one number; a statistic has a row for each unit or a column for each example, and its shape says which.
 * @param {string} tensor @returns {"weights" | "units" | "examples" | "statistic" | "one"} */
export function axesOf(tensor) {
  const parts = partsOf(tensor)
  if (!parts) return tensor === "loss" ? "one" : "examples"
  const { mark, letter } = parts
  if (mark === "t") return "one"
  if (letter === "W") return "weights"
  if (isParameter(letter)) return "units"
  return letter === "M" || letter === "V" ? "statistic" : "examples"
}

/**
 * The indices of a cell as its equation has them: two, or one where the other would always be 0.
 * @param {string} tensor @param {number} row @param {number} col @returns {number[]}
 */
export function indicesOf(tensor, row, col) {
  const axes = axesOf(tensor)
  if (axes === "one") return []
  return axes === "weights" || axes === "examples" ? [row, col] : [row + col]
}

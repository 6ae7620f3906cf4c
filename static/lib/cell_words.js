/**
 * What the number in a cell is, in words. Units and examples are counted from 0, as in the API. Pure.
 *
 * @import { Cell, Trace } from "../types.js"
 */
import { axesOf, isParameter, partsOf } from "./tensor_names.js"

/** Whose cell it is, and how it is looked at: `unit` of the loss, "" where it has none; `alone` the one example that is looked at alone.
 * @typedef {{trace: Trace, unit?: string, alone?: number | null}} About */

/** @param {Cell} cell @param {About} about */
export function describeCell(cell, { trace, unit = "", alone = null }) {
  const parts = partsOf(cell.tensor)
  if (!parts) return ofTheBatch(cell, unit, alone)
  const words = wordsFor(cell, trace, alone)
  const { mark, letter, isNext } = parts
  if (isParameter(letter)) return ofParameter(parts, words, alone)
  if (mark === "r") return `The running ${STATISTICS[letter]} of ${words.statistic}${isNext ? " after this step" : ""}: what predictions use.`
  return mark === "d" ? ofGradient(letter, words) : ofPass(letter, words)
}

/** Whether a gradient of one example is one of all losses together: batch normalisation mixes the examples between it and the loss.
 * @param {Trace} trace @param {string} tensor a gradient @param {number} layer */
export const isOfAllLosses = (trace, tensor, layer) =>
  trace.layers.some(({ index, rM }) => Boolean(rM) && (index > layer || (index === layer && ["dZ", "dM", "dV"].includes(tensor))))

/** Whether the numbers of an example depend on its whole batch, so that it has no pass of its own. @param {Trace | null} trace */
export const mixesExamples = (trace) => trace?.layers.some(({ rM }) => Boolean(rM)) ?? false

export const NO_PASS_ALONE = "Under batch normalisation an example has no pass of its own: its numbers depend on the whole batch."

const STATISTICS = /** @type {Record<string, string>} */ ({ M: "mean", V: "variance" })

/** What an optimizer holds, by the letter of its state. */
const HELD = /** @type {Record<string, string>} */ ({
  v: "The velocity of",
  m: "The first moment, a running mean of the gradient, of",
  s: "What the optimizer holds of the squared gradients of",
})

/** The nouns of a sentence about a cell. @param {Cell} cell @param {Trace} trace @param {number | null} alone */
function wordsFor({ tensor, layer, row, col: column }, trace, alone) {
  const last = trace.layers.length - 1
  const isColumn = axesOf(tensor) === "statistic" && isOfUnit(trace, layer)
  const example = alone !== null && axesOf(tensor) !== "weights" && !isColumn ? alone : column
  const isInput = layer === 0
  const here = layer === last ? "the output layer" : `layer ${layer}`
  const unit = isInput ? `feature ${row}` : `unit ${row} of ${here}`
  return {
    isInput, here, unit, example,
    next: trace.layers[layer]?.N ? "it is normalised" : "its activation",
    from: layer === 1 ? `feature ${column}` : `unit ${column} of layer ${layer - 1}`,
    statistic: isColumn ? `${unit}'s Z over the batch` : `Z of example ${example} over the units of ${here}`,
    losses: isOfAllLosses(trace, tensor, layer) ? "the losses of the batch change" : `the loss of example ${example} changes`,
  }
}

/** Whether the layer's mean and variance are of a unit over the batch, and not of an example. @param {Trace} trace @param {number} layer */
const isOfUnit = (trace, layer) => Boolean(trace.layers[layer]?.rM)

/** @param {string} letter @param {ReturnType<typeof wordsFor>} words */
function ofPass(letter, { isInput, unit, example, next, statistic }) {
  switch (letter) {
    case "A":
      return isInput ? `${upper(unit)} of example ${example}.` : `What ${unit} passes on for example ${example}.`
    case "Z":
      return `${upper(unit)} on example ${example}, before ${next}.`
    case "Zhat":
      return `${upper(unit)} on example ${example}, moved to mean 0 and variance 1.`
    case "N":
      return `${upper(unit)} on example ${example}, normalised, scaled and shifted: what its activation reads.`
    case "D":
      return `The mask on ${unit} for example ${example}: 0 where it was dropped or ablated.`
    case "G":
      return `${upper(unit)} on example ${example} behind its activation, before the mask.`
    default:
      return `The ${STATISTICS[letter]} of ${statistic}.`
  }
}

/** @param {string} letter @param {ReturnType<typeof wordsFor>} words */
function ofGradient(letter, { isInput, unit, losses, next, statistic }) {
  const what = /** @type {Record<string, string>} */ ({
    A: isInput ? unit : `what ${unit} passes on`,
    Z: `${unit} before ${next}`,
    Zhat: `${unit} normalised, before scale and shift`,
    N: `${unit} before its activation`,
    G: `${unit} before the mask`,
    M: `the mean of ${statistic}`,
    V: `the variance of ${statistic}`,
  })
  return what[letter] ? `How ${losses} with ${what[letter]}.` : ""
}

/** @param {import("./tensor_names.js").Parts} parts @param {ReturnType<typeof wordsFor>} words @param {number | null} alone */
function ofParameter({ mark, letter, isNext }, { from, unit, here }, alone) {
  const one = letter === "W" ? `the weight from ${from} to ${unit}` : `the ${letter === "b" ? "bias" : letter === "gamma" ? "scale gamma" : "shift beta"} of ${unit}`
  const loss = alone === null ? "the mean loss" : `the loss of example ${alone} alone`
  const when = isNext ? "after this step's update" : "before this step's update"
  switch (mark) {
    case "":
      return `${upper(one)}${isNext ? ` ${when}` : ""}.`
    case "d":
      return `How ${loss} changes with ${one}.`
    case "h":
      return `How ${loss} changes with ${one}, as edits have changed it before it is clipped.`
    case "g":
      return `How ${loss} changes with ${one}, clipped or edited: what the update takes.`
    case "t":
      return `How many steps the optimizer has counted for ${letter} of ${here}, ${when}.`
    default:
      return `${HELD[mark] ?? "What the optimizer holds of"} ${one}, ${when}.`
  }
}

/** @param {Cell} cell @param {string} unit @param {number | null} alone */
function ofTheBatch({ tensor, row, col: column }, unit, alone) {
  const col = alone ?? column
  const counted = unit && `, in ${unit}`
  if (tensor === "Y") return `The target of unit ${row} for example ${col}.`
  if (tensor === "losses" || (tensor === "loss" && alone !== null)) return `The loss of example ${col}${counted}.`
  return tensor === "loss" ? `The mean of the losses of the batch${counted}.` : ""
}

/** @param {string} text */
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1)

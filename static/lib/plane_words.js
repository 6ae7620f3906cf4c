/**
 * What the plane and the curve have to say of a network that trains otherwise than it answers. Pure.
 *
 * @import { SessionConfig, Trace } from "../types.js"
 */
import { isOfAllLosses, mixesExamples } from "./cell_words.js"
import { formatNumber } from "./format.js"

/** Whose loss grows where dA[0] points. @param {Trace} trace */
export const whoseLossGrows = (trace) => (isOfAllLosses(trace, "dA", 0) ? "the losses of the batch grow" : "an example's loss grows")

/**
 * How what the network says everywhere was asked for, where a training pass is another one: what is drawn of the batch comes from that.
 * @param {Trace} trace @param {Pick<SessionConfig, "dropout">} config @param {string} what shows it: "Ground" @returns {string | null} null where the two are the same
 */
export function askedWords(trace, { dropout }, what) {
  const isNormalised = mixesExamples(trace)
  const isDropped = [dropout ?? 0].flat().some((rate) => rate > 0)
  if (!isNormalised && !isDropped) return null
  const asked = [isNormalised && "running statistics in the place of this batch's", isDropped && "no unit dropped"].filter(Boolean).join(" and ")
  return `${what}: asked for an answer, with ${asked}. Ringed points, their arrows and what is told of them: this batch's training pass${isNormalised ? ", with its own statistics" : ""}${isDropped ? `${isNormalised ? " and" : ", with"} its mask` : ""}.`
}

/**
 * What arrows are where the axes have not one unit, behind what else is said of them.
 * @param {number} stretch how many times longer a unit is drawn upwards @returns {string} "" where both are drawn alike
 */
export function stretchWords(stretch) {
  if (stretch === 1) return ""
  const by = formatNumber(Math.max(stretch, 1 / stretch), 2)
  return `. The axes are stretched: 1 is drawn ${by} times longer ${stretch > 1 ? "upwards than to the right" : "to the right than upwards"}. Arrows point where the rise is steepest on this picture, across its level lines; their lengths are the rise for each pixel`
}

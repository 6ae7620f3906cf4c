/** What a gradient check found, cell by cell and in words. Pure. @import { CheckedTensor, Matrix, Tensor } from "../types.js" */
import { toMatrix } from "../draw/heatmap.js"
import { formatCount, formatNumber } from "./format.js"

/** @type {Record<string, string>} */
const titles = {
  partly: "Right as far as it could be judged",
  disagrees: "Some gradients are wrong",
  kinks: "Kinks: nothing can be said",
  small: "Too small to judge",
  unresolved: "Not resolved: nothing can be said",
  not_finite: "Not finite: nothing can be said",
  edited: "Right, but for what edits scale on purpose",
}

/**
 * A verdict's title; what was not checked, or not resolved, is not spoken for.
 * @param {{outcome: string, checked: number, cells: number, tensors: {unresolved: number}[]}} check
 */
export function titleOf({ outcome, checked, cells, tensors }) {
  if (outcome === "agrees" && tensors.some(({ unresolved }) => unresolved > 0)) return "Every gradient that could be resolved is right"
  if (outcome === "agrees") return checked < cells ? "Every gradient that was checked is right" : "The gradients are right"
  return titles[outcome] ?? outcome
}

/** Ticks, crosses and their like in a box of 12: a verdict is never told by colour alone. @type {Record<string, string>} */
export const signs = {
  agrees: "M1.5 6.5 4.5 9.5 10.5 2.5",
  partly: "M6 1.5a4.5 4.5 0 0 1 0 9 4.5 4.5 0 0 1 0-9v9",
  disagrees: "M2 2 10 10M10 2 2 10",
  kinks: "M1 9 6 3 11 9",
  small: "M2 6h8",
  unresolved: "M1.5 7C3 3.5 5 3.5 6 6s3 2.5 4.5-1",
  not_finite: "M6 1.5v6M6 9.3v1.4",
  edited: "M2 10 2.6 7.6 8.4 1.8 10.2 3.6 4.4 9.4ZM7 3.2 8.8 5",
}

/** The outcome of one tensor: as the whole check's, from its counts. @param {CheckedTensor} tensor @param {string} [whole] the outcome of the check that it is of */
export function outcomeOf({ checked, kinks, small, unresolved, wrong, not_finite: broken, factor }, whole) {
  if (wrong > 0) return "disagrees"
  if (whole === "not_finite") return whole // on such a step no agreement says anything
  const judged = checked - kinks - small - unresolved - broken
  if (judged > 0 && 2 * judged < checked) return "partly"
  if (judged > 0) return factor === 1 ? "agrees" : "edited"
  if (unresolved > 0) return "unresolved"
  if (small > 0) return "small"
  return broken > 0 ? "not_finite" : "kinks"
}

/** What the counts of a tensor come to, in a word. @type {Record<string, string>} */
export const outcomeWords = { agrees: "agrees", partly: "agrees in part", disagrees: "disagrees", kinks: "kinks", small: "too small", unresolved: "not resolved", not_finite: "not finite", edited: "scaled by an edit" }

/**
 * The relative errors of a tensor. Its NaNs are kinks, or not resolved, unless the gradient itself is not finite: these are told apart.
 * @param {Tensor} errors @param {Tensor | null | undefined} gradient of the trace, whole or pooled alike
 * @returns {{matrix: Matrix, kinks: Uint8Array}}
 */
export function errorCells(errors, gradient) {
  const matrix = toMatrix(errors)
  const of = gradient ? toMatrix(gradient) : null
  const isAlike = of !== null && of.rows === matrix.rows && of.cols === matrix.cols
  const kinks = Uint8Array.from(matrix.data, (value, at) => (Number.isNaN(value) && (!isAlike || Number.isFinite(of.data[at])) ? 1 : 0))
  const count = kinks.reduce((sum, is) => sum + is, 0)
  return { matrix: { ...matrix, data: matrix.data.map((value, at) => (kinks[at] ? 0 : value)), nonFinite: matrix.nonFinite - count }, kinks }
}

/**
 * One cell's error in words.
 * @param {number} error @param {boolean} isKink whether there is no derivative to compare with @param {number} tolerance
 * @param {boolean} [hasUnresolved] whether that may also be since differences don't settle
 */
export function errorWords(error, isKink, tolerance, hasUnresolved = false) {
  if (isKink && hasUnresolved) return "nothing to compare with: a kink lies between the two points, or differences at ever smaller steps do not settle"
  if (isKink) return "a kink lies between the two points: the difference is no derivative, and says nothing"
  if (!Number.isFinite(error)) return "one of the two is not finite"
  if (error === 0) return "gradient and difference are equal to the last digit"
  const said = `relative error ${formatNumber(error, 2)}`
  return error > tolerance ? `${said}, above the tolerance of ${formatNumber(tolerance, 1)}` : said
}

/** One cell of a sample in words. @param {import("./sampled_errors.js").Found | null} found @param {number} tolerance @param {boolean} hasUnresolved */
export const sampledWords = (found, tolerance, hasUnresolved) => (found ? errorWords(found.error, found.isKink, tolerance, hasUnresolved) : "not checked: this cell is not in the sample")

/** How much of a tensor was checked. @param {CheckedTensor} tensor */
export const checkedWords = ({ checked, cells }) => (checked === cells ? `all ${formatCount(cells)}` : `${formatCount(checked)} of ${formatCount(cells)}`)

/** A verdict that is about something else than what is looked at. @param {{step: number, example: number | null, id: string}} of @param {{step: number, example: number | null, id: string}} now */
export function lateWords(of, now) {
  const name = (/** @type {{step: number, example: number | null}} */ { step, example }) => `step ${step}${example === null ? "" : `, example ${example} alone`}`
  if (of.id !== now.id) return `That was step ${of.step} of another run. This run's step ${now.step} has not been checked.`
  return `That was ${name(of)}. The page now shows ${name(now)}, which has not been checked.`
}

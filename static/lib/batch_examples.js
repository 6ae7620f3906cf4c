/**
 * The examples of a batch as people ask about them: what each is, what it was taken for, how sure, how costly.
 *
 * @import { Trace } from "../types.js"
 */
import { matrixOf, tensorOf } from "../tensors.js"
import { formatNumber } from "./format.js"

/**
 * @typedef {object} Example
 * @property {number} col its column in every tensor of the step
 * @property {number} label row of its largest target
 * @property {number} predicted row of its largest output; -1 where one of them is NaN: then none is the largest
 * @property {boolean} isRight
 * @property {number} confidence the output of the predicted class; NaN where there is none
 * @property {number} loss in nats
 * @property {number[]} outputs A[L] of this example
 */

/** @param {Trace} trace @returns {Example[]} none where the outputs came pooled, since then no example has its own numbers */
export function examplesOf(trace) {
  const last = trace.layers.length - 1
  const output = tensorOf(trace, "A", last)
  const labels = trace.batch.labels
  if (!output?.values || !labels) return []
  const { rows, cols, data } = matrixOf(output)
  const losses = /** @type {{losses?: (number | string)[]}} */ (trace.batch).losses
  return Array.from({ length: cols }, (_, col) => {
    const outputs = Array.from({ length: rows }, (_, row) => data[row * cols + col] ?? NaN)
    const predicted = outputs.some(Number.isNaN) ? -1 : outputs.reduce((best, value, row) => (value > (outputs[best] ?? -Infinity) ? row : best), 0)
    const label = labels[col] ?? 0
    const loss = losses ? Number(losses[col]) : -Math.log(outputs[label] ?? NaN)
    return { col, label, predicted, isRight: predicted === label, confidence: outputs[predicted] ?? NaN, loss, outputs }
  })
}

/** What an example was taken for. @param {Pick<Example, "predicted">} example @param {(label: number) => string} name of a class */
export const takenFor = ({ predicted }, name) => (predicted < 0 ? "no answer (NaN)" : name(predicted))

/** The same in a sentence: "taken for cat", but "no answer (NaN)". @param {Pick<Example, "predicted">} example @param {(label: number) => string} name of a class */
export const answerWords = (example, name) => `${example.predicted < 0 ? "" : "taken for "}${takenFor(example, name)}`

/** With how sure it is, and whether it is right, of which there is neither without an answer. @param {Pick<Example, "predicted" | "isRight" | "confidence">} example @param {(label: number) => string} name of a class */
export const verdictWords = (example, name) => `${answerWords(example, name)}${example.predicted < 0 ? "" : ` with ${formatNumber(example.confidence, 3)}; ${example.isRight ? "right" : "wrong"}`}`

/** How many are right, and how many have no answer. @param {Example[]} examples @returns {{right: number, unanswered: number}} */
export const countAnswers = (examples) => ({
  right: examples.filter(({ isRight }) => isRight).length,
  unanswered: examples.filter(({ predicted }) => predicted < 0).length,
})

/** @typedef {"order" | "confidence" | "loss"} Sorting */

/** @param {Example[]} examples @param {Sorting} by @returns {Example[]} */
export function sortExamples(examples, by) {
  if (by === "order") return examples
  // what is not a number comes first: it is the one to look at
  const key = (/** @type {Example} */ { confidence, loss }) => {
    const value = by === "loss" ? -loss : confidence
    return Number.isNaN(value) ? -Infinity : value
  }
  return [...examples].sort((one, other) => key(one) - key(other) || one.col - other.col)
}

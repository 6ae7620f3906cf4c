/**
 * How many examples a batch has while nobody has typed it: as many as is usual, or all where there are fewer, as the service takes it. Pure.
 *
 * @import { Catalog } from "../types.js"
 * @import { Ends, Values } from "./form_values.js"
 */
import { formatCount } from "./format.js"

/** The most that a batch can have; Infinity where nothing is known. @param {Catalog} known @param {Ends} ends */
export const mostExamples = (known, ends) => Math.min(known.limits.max_batch_size ?? Infinity, ends.examples ?? Infinity)

/** Whether it is the data, and not the server, that sets the bound. @param {Catalog} known @param {Ends} ends */
export const isHeldByData = (known, ends) => ends.examples !== null && ends.examples === mostExamples(known, ends)

/**
 * What a form begins with for a run: the usual size where its batch is what the service makes of that for its data, and its own otherwise.
 * @param {Catalog} known @param {{config: {batch_size: number}, dataset: {train_size: number}} | null | undefined} run
 */
export function wantedBatch(known, run) {
  const usual = Number(known.defaults.batch_size)
  if (!run || run.config.batch_size === Math.min(usual, run.dataset.train_size)) return usual
  return run.config.batch_size
}

/** The form with the batch that follows its data. @param {Values} values @param {number | null} wanted null once it is typed @param {Catalog} known @param {Ends} ends @returns {Values} */
export function withBatch(values, wanted, known, ends) {
  return wanted === null ? values : { ...values, batch_size: String(Math.min(wanted, mostExamples(known, ends))) }
}

/** @param {Catalog} known @param {Ends} ends */
export function batchHint(known, ends) {
  const most = mostExamples(known, ends)
  const words = Number.isFinite(most) ? `examples a step, 1 to ${formatCount(most)}` : "examples a step, 1 or more"
  return isHeldByData(known, ends) ? `${words}: all there are to train on` : words
}

/** What a dataset that is drawn leaves to train on: every fifth example of each class, which come in turn, is for the test. @param {number} count @param {number} classes */
export function drawnForTraining(count, classes) {
  const ofEach = Array.from({ length: classes }, (_, label) => Math.ceil((count - label) / classes))
  return ofEach.reduce((sum, one) => sum + one - Math.floor(one / 5), 0)
}

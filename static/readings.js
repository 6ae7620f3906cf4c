/**
 * What the service tells of a step, or of its run, beyond its trace. Nothing here changes what the page knows.
 *
 * Every reading names what it is about: a view that asks a moment after it was drawn asks about what it was drawn of. The page may
 * have gone on meanwhile, and a cell of the whole batch is none of an example alone.
 */
import { api } from "./api.js"
import * as state from "./state.js"

/** @import { Look } from "./api.js" */
/** @import { Cell } from "./types.js" */

/** What is looked at, for the client. @returns {Look} */
export function look() {
  return { id: state.session.value?.id ?? "", step: state.trace.value?.step ?? 0, example: state.example.value }
}

/** The step that is looked at, with its whole batch. @returns {Look} */
export const lookAtBatch = () => ({ ...look(), example: null })

/** One number at full precision. @param {Look} of @param {Cell} cell @param {AbortSignal} signal @returns {Promise<number>} */
export async function readCell(of, { tensor, layer, row, col }, signal) {
  const found = await api.window(of, tensor, layer, [row, row + 1], [col, col + 1], signal)
  return Number(found.values?.[0]?.[0] ?? NaN)
}

/**
 * A part of a tensor at full precision, for tables of what came pooled.
 * @param {Look} of @param {string} tensor @param {number} layer @param {[number, number]} rows from, up to but without @param {[number, number]} cols
 * @param {AbortSignal} signal
 */
export const readWindow = (of, tensor, layer, rows, cols, signal) => api.window(of, tensor, layer, rows, cols, signal)

/** Where a number came from. @param {Look} of @param {Cell} cell @param {{order?: "index" | "magnitude", offset?: number, limit?: number}} terms @param {AbortSignal} [signal] */
export const explain = (of, cell, terms, signal) => api.explain(of, cell, terms, signal)

/** What a weight influences. @param {Look} of @param {Cell} cell @param {number} limit @param {AbortSignal} [signal] */
export const readPaths = (of, cell, limit, signal) => api.paths(of, cell, limit, signal)

/** How much the examples of the batch disagree. @param {Look} of @param {AbortSignal} [signal] */
export const readCancellation = (of, signal) => api.cancellation(of, signal)

/** The slope g'(Z) of a hidden layer, pooled where it is large. @param {Look} of @param {number} layer @param {AbortSignal} [signal] */
export const readSlope = (of, layer, signal) => api.tensor(of, "slope", layer, { max_rows: 256, max_cols: 256 }, signal)

/** All gradients of the step against differences, or one cell's. @param {Look} of @param {Cell | null} cell @param {AbortSignal} [signal] */
export const checkGradients = (of, cell, signal) => api.gradcheck(of, cell ? { cell } : {}, signal)

/** What the update did to the loss, and what the gradient predicted. @param {Look} of @param {AbortSignal} [signal] */
export const readUpdate = (of, signal) => api.update(of, signal)

/** What goes wrong with the gradients of the step, and its layers in numbers. @param {Look} of @param {AbortSignal} [signal] */
export const readHealth = (of, signal) => api.health(of, signal)

/** How a tensor's numbers were spread over the steps of the run. @param {Look} of @param {{tensor: string, layer: number, bins: number, most: number, scale?: string}} asked @param {AbortSignal} [signal] */
export const readDistributions = (of, asked, signal) => api.distributions(of.id, asked, signal)

/** What the network says over the plane of its two features, or along its one. @param {Look} of @param {number} resolution @param {AbortSignal} [signal] */
export const readPredictions = (of, resolution, signal) => api.predictions(of, resolution, signal)

/** How a CSV file reads, before it is used. @param {object} request @param {AbortSignal} signal */
export const previewCsv = (request, signal) => api.previewCsv(request, signal)

/** The dataset on the page with the file or the arrays that were brought; null where none were. */
export async function readOwnData() {
  const now = state.session.value
  return now?.config.dataset.content ? (await api.data(now.id)).dataset : null
}

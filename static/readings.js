/** What the service tells of the step that is looked at, or of its run, beyond its trace. Nothing here changes what the page knows. */
import { api } from "./api.js"
import * as state from "./state.js"

/** @import { Cell } from "./types.js" */

/** What is looked at, for the client. @returns {import("./api.js").Look} */
export function look() {
  return { id: state.session.value?.id ?? "", step: state.trace.value?.step ?? 0, example: state.example.value }
}

/** One number at full precision. @param {Cell} cell @param {AbortSignal} signal @returns {Promise<number | null>} */
export async function readCell({ tensor, layer, row, col }, signal) {
  if (!state.session.value || !state.trace.value) return null
  const found = await api.window(look(), tensor, layer, [row, row + 1], [col, col + 1], signal)
  return Number(found.values?.[0]?.[0] ?? NaN)
}

/**
 * A part of a tensor at full precision, for tables of what came pooled.
 * @param {string} tensor @param {number} layer @param {[number, number]} rows from, up to but without @param {[number, number]} cols
 * @param {AbortSignal} signal
 */
export async function readWindow(tensor, layer, rows, cols, signal) {
  if (!state.session.value || !state.trace.value) return null
  return api.window(look(), tensor, layer, rows, cols, signal)
}

/** Where a number came from. @param {Cell} cell @param {{order?: "index" | "magnitude", offset?: number, limit?: number}} terms @param {AbortSignal} [signal] */
export const explain = (cell, terms, signal) => api.explain(look(), cell, terms, signal)

/** What a weight influences. @param {Cell} cell @param {number} limit @param {AbortSignal} [signal] */
export const readPaths = (cell, limit, signal) => api.paths(look(), cell, limit, signal)

/** How much the examples of the batch disagree. @param {AbortSignal} [signal] */
export const readCancellation = (signal) => api.cancellation(look(), signal)

/** The slope g'(Z) of a hidden layer, pooled where it is large. @param {number} layer @param {AbortSignal} [signal] */
export const readSlope = (layer, signal) => api.tensor(look(), "slope", layer, { max_rows: 256, max_cols: 256 }, signal)

/** All gradients of the step against differences, or one cell's. @param {Cell | null} cell @param {AbortSignal} [signal] */
export const checkGradients = (cell, signal) => api.gradcheck(look(), cell ? { cell } : {}, signal)

/** What the update did to the loss, and what the gradient predicted. @param {AbortSignal} [signal] */
export const readUpdate = (signal) => api.update(look(), signal)

/** What goes wrong with the gradients of the step, and its layers in numbers. @param {AbortSignal} [signal] */
export const readHealth = (signal) => api.health(look(), signal)

/** How a tensor's numbers were spread over the steps of the run. @param {{tensor: string, layer: number, bins: number, most: number, scale?: string}} asked @param {AbortSignal} [signal] */
export const readDistributions = (asked, signal) => api.distributions(look().id, asked, signal)

/** What the network says over the plane of its two features, or along its one. @param {number} resolution @param {AbortSignal} [signal] */
export const readPredictions = (resolution, signal) => api.predictions(look(), resolution, signal)

/** How a CSV file reads, before it is used. @param {object} request @param {AbortSignal} signal */
export const previewCsv = (request, signal) => api.previewCsv(request, signal)

/** The dataset on the page with the file or the arrays that were brought; null where none were. */
export async function readOwnData() {
  const now = state.session.value
  return now?.config.dataset.content ? (await api.data(now.id)).dataset : null
}

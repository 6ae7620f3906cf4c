/**
 * The one client: a method for each call of the REST API. Nobody else calls `fetch`, or listens.
 *
 * @import { Action, Cancellation, Catalog, Cell, Distributions, Explanation, Gradcheck, Health, History, Log, Paths, Predictions, Session, SessionPhase, Trace, Tensor, UpdateEffect, WhatIf } from "./types.js"
 */

import { plainMessage, plainTitle } from "./lib/refusals.js"

/** What the server (or the way to it) said no with: an RFC 9457 problem. */
export class ProblemError extends Error {
  /** @param {{title: string, detail?: string, status?: number, field?: string, value?: unknown, bound?: string, errors?: {field: string, value: unknown, bound: string}[], isSilent?: boolean}} problem `isSilent`: no answer came */
  constructor(problem) {
    super(plainMessage({ status: problem.status, field: problem.field ?? null, value: problem.value, message: problem.detail ?? problem.title }))
    this.name = "ProblemError"
    this.title = plainTitle(problem.title)
    this.status = problem.status ?? 0
    this.field = problem.field ?? null
    this.bound = problem.bound ?? null
    this.errors = problem.errors ?? []
    this.isSilent = problem.isSilent ?? false
  }
}

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, key?: string | null, signal?: AbortSignal, isText?: boolean, isStream?: boolean, base?: string}} [options] `isText` where the answer is no JSON, `isStream` where it has no end and is not wanted
 * @returns {Promise<any>}
 */
async function call(path, { method = "GET", body, key, signal, isText = false, isStream = false, base = "/api/v1" } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" }
  if (body !== undefined) headers["Content-Type"] = "application/json"
  if (key) headers.Authorization = `Bearer ${key}`
  let response
  let text = ""
  try {
    response = await fetch(`${base}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal })
    if (response.status !== 204 && !(isStream && response.ok)) text = await response.text() // which may be cut off on its way
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ProblemError({ title: "No answer", detail: "The server does not answer. Is it still running?", isSilent: true })
  }
  if (response.status === 204) return null
  if (isStream && response.ok) return response.body?.cancel()
  if (isText && response.ok) return text
  let answer
  try {
    answer = JSON.parse(text)
  } catch {
    throw new ProblemError({ title: "Unreadable answer", detail: `The server answered ${response.status} with something that is not JSON.`, status: response.status })
  }
  if (!response.ok) throw new ProblemError({ title: `Error ${response.status}`, status: response.status, ...answer })
  return answer
}

/** What one look at a trace may cost: larger tensors come pooled, extremes kept. */
const MOST_CELLS = 65536

/** A step of a session, or one of its examples alone. @typedef {{id: string, step: number, example: number | null}} Look */

/** @param {Look} look @param {string} rest of the path @param {Record<string, string | number | null | undefined>} query */
function at({ id, step, example }, rest, query) {
  const given = Object.entries({ ...query, example }).filter(([, value]) => value !== null && value !== undefined)
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return `/sessions/${encodeURIComponent(id)}/steps/${step}${rest}${text && `?${text}`}`
}

/** @param {string} id @param {string} lastId */
const eventsOf = (id, lastId) => `/sessions/${encodeURIComponent(id)}/events?last_event_id=${lastId}`

export const api = {
  /** That the server answers at all. */
  alive: () => call("/healthz", { base: "" }),

  /** @returns {Promise<Catalog>} */
  catalog: () => call("/catalog"),

  /** @param {object} config @returns {Promise<Session & {edit_key: string}>} */
  createSession: (config) => call("/sessions", { method: "POST", body: config }),

  /** @param {string} id @returns {Promise<Session>} */
  session: (id) => call(`/sessions/${encodeURIComponent(id)}`),

  /** Whether a key is the session's edit key; nothing is done with it. @param {string} id @param {string} key @throws {ProblemError} 403 where it is not */
  checkKey: (id, key) => call(`/sessions/${encodeURIComponent(id)}/key`, { key }),

  /** Gone at once, with all its steps. @param {string} id @param {string} key */
  deleteSession: (id, key) => call(`/sessions/${encodeURIComponent(id)}`, { method: "DELETE", key }),

  /** Says to those who watch where one looks. @param {string} id @param {string} key @param {import("./types.js").LookedAt} at */
  look: (id, key, at) => call(`/sessions/${encodeURIComponent(id)}/look`, { method: "PUT", key, body: at }),

  /** What happens to a session after the event `lastId`, as it happens. @param {string} id @param {string} lastId */
  events: (id, lastId) => new EventSource(`/api/v1${eventsOf(id, lastId)}`),

  /** Asks for the same, and leaves at once: an EventSource does not tell why it was refused. @param {string} id @param {string} lastId @throws {ProblemError} */
  tryEvents: (id, lastId) => call(eventsOf(id, lastId), { isStream: true }),

  /** Where several sessions stand, as it changes. @param {string[]} ids */
  jointEvents: (ids) => new EventSource(`/api/v1/events?${ids.map((id) => `session=${encodeURIComponent(id)}`).join("&")}`),

  /** How a CSV file reads. @param {object} body @param {AbortSignal} signal @returns {Promise<import("./types.js").CsvPreview>} */
  previewCsv: (body, signal) => call("/csv/preview", { method: "POST", body, signal }),

  /** The dataset as it was given, with its file or its arrays. @param {string} id @returns {Promise<{dataset: {name: string} & Record<string, unknown>}>} */
  data: (id) => call(`/sessions/${encodeURIComponent(id)}/data`),

  /** @param {string} id @param {string} key @param {number} expectedStep @param {number} [count] @returns {Promise<Trace>} */
  takeSteps: (id, key, expectedStep, count = 1) =>
    call(`/sessions/${encodeURIComponent(id)}/steps?max_cells=${MOST_CELLS}`, { method: "POST", key, body: { count, expected_step: expectedStep } }),

  /** @param {Look} look @param {AbortSignal} [signal] @returns {Promise<Trace>} */
  trace: (look, signal) => call(at(look, "", { max_cells: MOST_CELLS }), { signal }),

  /** One number at full precision, for cells of a pooled picture.
   * @param {Look} look @param {string} tensor @param {number} layer @param {[number, number]} rows @param {[number, number]} cols
   * @param {AbortSignal} [signal] @returns {Promise<Tensor>} */
  window: (look, tensor, layer, rows, cols, signal) =>
    call(at(look, `/tensors/${tensor}/${layer}`, { rows: rows.join(":"), cols: cols.join(":") }), { signal }),

  /** A tensor that the trace does not carry, as "slope"; pooled where it is large.
   * @param {Look} look @param {string} tensor @param {number} layer @param {{max_rows?: number, max_cols?: number}} view
   * @param {AbortSignal} [signal] @returns {Promise<Tensor>} */
  tensor: (look, tensor, layer, view, signal) => call(at(look, `/tensors/${tensor}/${layer}`, view), { signal }),

  /** Where a number came from. @param {Look} look @param {Cell} cell
   * @param {{order?: "index" | "magnitude", offset?: number, limit?: number}} terms @param {AbortSignal} [signal] @returns {Promise<Explanation>} */
  explain: (look, cell, terms, signal) => call(at(look, "/explain", { ...cell, ...terms }), { signal }),

  /** What a weight influences. @param {Look} look @param {Cell} cell @param {number} limit @param {AbortSignal} [signal] @returns {Promise<Paths>} */
  paths: (look, cell, limit, signal) => call(at(look, "/paths", { ...cell, limit }), { signal }),

  /** How much the examples disagree. @param {Look} look @param {AbortSignal} [signal] @returns {Promise<Cancellation>} */
  cancellation: (look, signal) => call(at({ ...look, example: null }, "/cancellation", { max_cells: MOST_CELLS }), { signal }),

  /** Gradients against differences. @param {Look} look @param {object} body @param {AbortSignal} [signal] @returns {Promise<Gradcheck>} */
  gradcheck: (look, body, signal) => call(at(look, "/gradcheck", { max_cells: MOST_CELLS }), { method: "POST", body, signal }),

  /** The update against its prediction. @param {Look} look @param {AbortSignal} [signal] @returns {Promise<UpdateEffect>} */
  update: (look, signal) => call(at({ ...look, example: null }, "/update", {}), { signal }),

  /** What goes wrong with the gradients. @param {Look} look @param {AbortSignal} [signal] @returns {Promise<Health>} */
  health: (look, signal) => call(at({ ...look, example: null }, "/health", {}), { signal }),

  /** What the network says over the plane. @param {Look} look @param {number} resolution @param {AbortSignal} [signal] @returns {Promise<Predictions>} */
  predictions: (look, resolution, signal) => call(at({ ...look, example: null }, "/predictions", { resolution }), { signal }),

  /** The step, or one phase of it, as NumPy. @param {Look} look @param {string | null} phase @returns {Promise<string>} */
  script: (look, phase) => call(at(look, "/script", { phase }), { isText: true }),

  /** The equations of a step, which edits may make others than those of the newest. @param {string} id @param {number} step @param {AbortSignal} [signal]
   * @returns {Promise<{edits: number, phases: SessionPhase[]}>} */
  phases: (id, step, signal) => call(`/sessions/${encodeURIComponent(id)}/phases?step=${step}`, { signal }),

  /** What was done to a run. @param {string} id @returns {Promise<Log>} */
  log: (id) => call(`/sessions/${encodeURIComponent(id)}/edits`),

  /** An edit, undo or redo. @param {string} id @param {string} key @param {Action} action @param {number} expectedStep @param {number} expectedEdits @returns {Promise<Log>} */
  act: (id, key, action, expectedStep, expectedEdits) =>
    call(`/sessions/${encodeURIComponent(id)}/edits`, { method: "POST", key, body: { action, expected_step: expectedStep, expected_edits: expectedEdits } }),

  /** A step taken again with edits. @param {Look} look @param {Action[]} edits @param {AbortSignal} [signal] @returns {Promise<WhatIf>} */
  whatIf: (look, edits, signal) => call(at(look, "/what_if", { max_cells: MOST_CELLS }), { method: "POST", body: { edits, difference: true }, signal }),

  /** A session that shares the past of another. @param {string} id @param {{step: number, changes?: object, edits?: Action[], log?: number}} body @returns {Promise<Session & {edit_key: string}>} */
  fork: (id, body) => call(`/sessions/${encodeURIComponent(id)}/forks`, { method: "POST", body }),

  /** @param {string} id @param {number} since @returns {Promise<History>} */
  history: (id, since) => call(`/sessions/${encodeURIComponent(id)}/history?since=${since}`),

  /** Where all of it is to be had as a file. @param {string} id */
  historyCsv: (id) => `/api/v1/sessions/${encodeURIComponent(id)}/history?format=csv`,

  /** How a tensor's numbers were spread over the steps. @param {string} id @param {{tensor: string, layer: number, bins: number, most: number, scale?: string}} asked
   * @param {AbortSignal} [signal] @returns {Promise<Distributions>} */
  distributions: (id, asked, signal) =>
    call(`/sessions/${encodeURIComponent(id)}/distributions?${new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)]))}`, { signal }),

  /** Takes batches whose numbers are not needed: of each tensor one extreme comes. @param {string} id @param {string} key @param {number} expectedStep @param {number} count @returns {Promise<Trace>} */
  passSteps: (id, key, expectedStep, count) => call(`/sessions/${encodeURIComponent(id)}/steps?max_cells=1`, { method: "POST", key, body: { count, expected_step: expectedStep } }),

  /** Some tensors of some layers. @param {Look} look @param {{include: string, layers: string}} of @param {AbortSignal} [signal] @returns {Promise<Trace>} */
  tensors: (look, of, signal) => call(at(look, "", { ...of, max_cells: MOST_CELLS }), { signal }),

  /** Another run's step minus this one. @param {Look} look @param {{other: string, other_step: number, include: string, layers: string}} of
   * @param {AbortSignal} [signal] @returns {Promise<import("./types.js").RunDifference>} */
  difference: (look, of, signal) => call(at(look, "/difference", { ...of, max_cells: MOST_CELLS }), { signal }),

  /** How one tensor's numbers are spread here and in other runs. @param {Look} look @param {{tensor: string, layer: number, bins: number, scale: string}} of
   * @param {{id: string, step: number}[]} others @param {AbortSignal} [signal] @returns {Promise<import("./types.js").Spreads>} */
  spreads: (look, of, others, signal) => {
    const those = others.map(({ id, step }) => `&other=${encodeURIComponent(id)}&other_step=${step}`).join("")
    return call(at(look, "/spreads", of) + those, { signal })
  },

  /** The cells that differ most from those of other runs; `isBy` says which of these count. @param {Look} look @param {{tensor: string, layer: number, first: number, count: number}} of
   * @param {{id: string, step: number, isBy: boolean}[]} others @param {AbortSignal} [signal] @returns {Promise<import("./types.js").Largest>} */
  largest: (look, of, others, signal) => {
    const those = others.map(({ id, step, isBy }, place) => `&other=${encodeURIComponent(id)}&other_step=${step}${isBy ? `&by=${place + 1}` : ""}`).join("")
    return call(at(look, "/largest", of) + those, { signal })
  },
}

/**
 * The one client: a method for each call of the REST API. Nobody else calls `fetch`.
 *
 * @import { Catalog, History, Session, Trace, Tensor } from "./types.js"
 */

/** What the server (or the way to it) said no with: an RFC 9457 problem. */
export class ProblemError extends Error {
  /** @param {{title: string, detail?: string, status?: number, field?: string, value?: unknown, bound?: string}} problem */
  constructor(problem) {
    super(problem.detail ?? problem.title)
    this.name = "ProblemError"
    this.title = problem.title
    this.status = problem.status ?? 0
    this.field = problem.field ?? null
    this.bound = problem.bound ?? null
  }
}

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, key?: string | null, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
async function call(path, { method = "GET", body, key, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" }
  if (body !== undefined) headers["Content-Type"] = "application/json"
  if (key) headers.Authorization = `Bearer ${key}`
  let response
  try {
    response = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ProblemError({ title: "No answer", detail: "The server does not answer. Is it still running?" })
  }
  if (response.status === 204) return null
  const text = await response.text()
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
const LOOK = "max_cells=65536"

export const api = {
  /** @returns {Promise<Catalog>} */
  catalog: () => call("/catalog"),

  /** @param {object} config @returns {Promise<Session & {edit_key: string}>} */
  createSession: (config) => call("/sessions", { method: "POST", body: config }),

  /** @param {string} id @returns {Promise<Session>} */
  session: (id) => call(`/sessions/${encodeURIComponent(id)}`),

  /** @param {string} id @param {string} key @param {number} expectedStep @param {number} [count] @returns {Promise<Trace>} */
  takeSteps: (id, key, expectedStep, count = 1) =>
    call(`/sessions/${encodeURIComponent(id)}/steps?${LOOK}`, { method: "POST", key, body: { count, expected_step: expectedStep } }),

  /** @param {string} id @param {number} step @param {AbortSignal} [signal] @returns {Promise<Trace>} */
  trace: (id, step, signal) => call(`/sessions/${encodeURIComponent(id)}/steps/${step}?${LOOK}`, { signal }),

  /** One number at full precision, for cells of a pooled picture.
   * @param {string} id @param {number} step @param {string} tensor @param {number} layer @param {[number, number]} rows @param {[number, number]} cols
   * @param {AbortSignal} [signal] @returns {Promise<Tensor>} */
  window: (id, step, tensor, layer, rows, cols, signal) =>
    call(`/sessions/${encodeURIComponent(id)}/steps/${step}/tensors/${tensor}/${layer}?rows=${rows.join(":")}&cols=${cols.join(":")}`, { signal }),

  /** @param {string} id @param {number} since @returns {Promise<History>} */
  history: (id, since) => call(`/sessions/${encodeURIComponent(id)}/history?since=${since}`),
}

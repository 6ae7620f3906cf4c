/** The phases of each step of a session, asked for once. */
import { api } from "./api.js"

/** @import { SessionPhase, Trace } from "./types.js" */

/** By the session and how long the log was before the step, since edits may change them. @type {Map<string, SessionPhase[]>} */
const known = new Map()

/** @param {string} id @param {Trace} trace of the step */
const keyOf = (id, trace) => `${id} ${trace.edits}`

/** Keeps what has come with a session. @param {string} id @param {Trace} trace @param {SessionPhase[]} phases of its step */
export function keepPhases(id, trace, phases) {
  known.set(keyOf(id, trace), phases)
}

/** @param {string} id @param {Trace} trace @param {AbortSignal} [signal] */
export async function phasesAt(id, trace, signal) {
  const kept = known.get(keyOf(id, trace))
  if (kept) return kept
  const { phases } = await api.phases(id, trace.step, signal)
  if (known.size > 100) known.clear()
  keepPhases(id, trace, phases)
  return phases
}

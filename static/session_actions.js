/** Making a session, opening one, and keeping up with its history. */
import { batch } from "@preact/signals"
import { api } from "./api.js"
import { select } from "./cell_actions.js"
import { keepKey, keptKey } from "./kept_keys.js"
import { joinHistories } from "./lib/join_histories.js"
import { show, stopLooking } from "./look_actions.js"
import { toProblem } from "./problems.js"
import { keepPhases, phasesAt } from "./session_phases.js"
import * as state from "./state.js"
import { forgetProblem, pause, tellProblem } from "./transport_actions.js"

/** How many runs were to be shown: whoever asks for another one meanwhile, by Back or by a form, gets that one, however late the first comes. */
let openings = 0

/**
 * @param {object} config
 * @param {number} [steps] to take at once
 * @param {boolean} [isAsked] whether a person wants this run, and not only something to look at
 * @returns {Promise<boolean>} whether it is on the page, and not one that was asked for meanwhile
 * @throws {ProblemError} as the server refuses it; what was on the page stays.
 */
export async function createSession(config, steps = 1, isAsked = true) {
  const opening = ++openings
  stopLooking()
  const made = await api.createSession(config)
  keepKey(made.id, made.edit_key)
  // the first batch is taken at once: a page without a gradient on it shows nothing
  const [first, initial] = await Promise.all([api.takeSteps(made.id, made.edit_key, 0), api.history(made.id, 0)])
  const most = state.catalog.value?.limits.max_steps_per_request ?? 1
  let trace = first
  while (trace.step < steps) trace = await api.takeSteps(made.id, made.edit_key, trace.step, Math.min(most, steps - trace.step))
  if (opening !== openings) return false
  pause()
  keepPhases(made.id, trace, made.phases)
  batch(() => {
    if (!isAsked) state.unasked.value = made.id
    state.session.value = { ...made, step: trace.step }
    state.editKey.value = made.edit_key
    state.history.value = initial
    show(trace, made.phases)
    state.phaseIndex.value = -1 // the one that was looked at is of another run
    select(null)
    state.load.value = { status: "ready", problem: null }
    forgetProblem() // it was about another run
  })
  bringHistory()
  return true
}

/**
 * @param {string} id
 * @param {number | null} step the step to look at; the latest when null
 * @param {number | null} [example]
 * @returns {Promise<boolean>} whether it is on the page, and not one that was asked for meanwhile
 */
export async function openSession(id, step, example = null) {
  const opening = ++openings
  stopLooking()
  const session = await api.session(id)
  const look = { id, step: Math.min(step ?? session.step, session.step), example: null }
  const [history, trace] = await Promise.all([api.history(id, 0), session.step > 0 ? api.trace(look) : null])
  const isThere = trace !== null && example !== null && example < trace.batch.size
  const alone = isThere ? await api.trace({ ...look, example }) : null
  if (trace && trace.step === session.step) keepPhases(id, trace, session.phases)
  const phases = trace ? await phasesAt(id, trace) : session.phases
  if (opening !== openings) return false
  batch(() => {
    state.session.value = { ...session, phases }
    state.editKey.value = keptKey(id)
    state.history.value = history
    state.trace.value = alone ?? trace
    state.wholeTrace.value = trace
    state.example.value = alone ? example : null
    state.load.value = { status: trace ? "ready" : "empty", problem: null }
    forgetProblem()
  })
  return true
}

/** The history of what is on the page already, which waits for nothing: a click that comes before it is not to be lost. */
export function bringHistory() {
  return readHistory().catch((error) => tellProblem(toProblem(error), bringHistory))
}

export async function readHistory() {
  const id = state.session.value?.id
  if (!id) return
  const have = state.history.value
  const more = await api.history(id, have.steps.at(-1) ?? 0)
  // other steps may have come meanwhile; of what was undone nothing is marked
  if (state.session.value?.id === id) state.history.value = { ...joinHistories(state.history.value, more), marks: more.marks ?? [] }
}

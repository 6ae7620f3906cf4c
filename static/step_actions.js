/** Taking the next batch: one, or one after the other. */
import { batch } from "@preact/signals"
import { api, ProblemError } from "./api.js"
import { nextFrame } from "./lib/next_frame.js"
import { goToStep, isAsking, show } from "./look_actions.js"
import { movePhase } from "./phase_actions.js"
import { toProblem } from "./problems.js"
import { openSession, readHistory } from "./session_actions.js"
import { phasesAt } from "./session_phases.js"
import * as state from "./state.js"
import { pause } from "./transport_actions.js"

/** Takes the next batch from the newest step, whatever step is looked at. @returns {Promise<boolean>} whether it was taken */
export async function takeStep() {
  const { session, editKey, transport } = state
  const now = session.value
  if (!now || !editKey.value || isStepping) return false
  isStepping = true
  if (transport.value.status === "paused") transport.value = { ...transport.value, status: "stepping", problem: null }
  try {
    const trace = await api.takeSteps(now.id, editKey.value, now.step)
    const phases = await phasesAt(now.id, trace)
    if (session.value?.id !== now.id) return false // another session was opened meanwhile
    batch(() => {
      session.value = { ...now, step: trace.step, phases: session.value?.phases ?? phases }
      // who asked for something else while the step was under way has chosen what to look at
      if (!isAsking()) show(trace, phases)
      state.load.value = { status: "ready", problem: null }
    })
    isStepping = false // what is on the page now can be stepped on from; its curves come along
    await readHistory()
    return true
  } catch (error) {
    // 409: another tab has stepped this session. Catch up, and say so
    if (error instanceof ProblemError && error.status === 409) await catchUp(now.id)
    transport.value = { ...transport.value, status: "paused", problem: toProblem(error) }
    return false
  } finally {
    isStepping = false
    if (transport.value.status === "stepping") transport.value = { ...transport.value, status: "paused" }
  }
}
let isStepping = false

/** Whether a step that this page asked for is under way. */
export const isTaking = () => isStepping

/** @param {string} id */
async function catchUp(id) {
  try {
    await openSession(id, null)
  } catch {
    // the problem that led here is on the page already
  }
}

/** Plays batch after batch; each is asked for when the one before has been drawn, so a slow server is never flooded. */
export async function play() {
  if (state.transport.value.status === "playing") return
  state.transport.value = { ...state.transport.value, status: "playing", problem: null }
  while (state.transport.value.status === "playing") {
    const began = performance.now()
    if (!(await takeStep())) break
    await nextFrame()
    const wait = 1000 / state.transport.value.batchesPerSecond - (performance.now() - began)
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  }
  if (state.transport.value.status === "playing") pause()
}

export function togglePlay() {
  if (state.transport.value.status === "playing") pause()
  else play()
}

/** The arrow keys: a phase on or back, with shift a batch. @param {1 | -1} by @param {boolean} isBatch */
export function moveOn(by, isBatch) {
  if (!isBatch) return movePhase(by)
  const looked = state.trace.value?.step ?? 0
  if (by > 0 && looked === state.session.value?.step) return takeStep()
  return goToStep(looked + by)
}

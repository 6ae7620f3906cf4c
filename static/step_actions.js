/** Taking the next batch: one, or one after the other. */
import { batch } from "@preact/signals"
import { api, ProblemError } from "./api.js"
import { formatCount } from "./lib/format.js"
import { nextFrame } from "./lib/next_frame.js"
import { mayGoWellLater } from "./lib/refusals.js"
import { goToStep, isAsking, show } from "./look_actions.js"
import { movePhase } from "./phase_actions.js"
import { toProblem } from "./problems.js"
import { bringHistory, openSession } from "./session_actions.js"
import { phasesAt } from "./session_phases.js"
import * as state from "./state.js"
import { forgetProblem, pause, tellProblem } from "./transport_actions.js"

/** The step that is under way: no other is asked for until it is there, or the server would refuse one of the two. @type {Promise<boolean> | null} */
let taking = null
let isNextWanted = false

/** Whether a step that this page asked for is under way. */
export const isTaking = () => taking !== null

/** Takes the next batch from the newest step, whatever step is looked at; after the one that is under way, if there is one. @returns {Promise<boolean>} whether it was taken */
export async function takeStep() {
  if (taking) {
    if (isNextWanted) return false // a key that is held down asks faster than steps can come
    isNextWanted = true
    const isTaken = await taking
    isNextWanted = false
    if (!isTaken) return false
  }
  if (state.transport.value.status === "playing") return false // in play it comes by itself
  const isTaken = await take()
  if (isTaken) bringHistory() // what is on the page can be stepped on from; its curves come along
  return isTaken
}

function take() {
  taking = takeNext().finally(() => {
    taking = null
  })
  return taking
}

/** @returns {Promise<boolean>} whether it was taken, by this call or by one whose answer was lost */
async function takeNext() {
  const { session, editKey, transport } = state
  const now = session.value
  if (!now || !editKey.value) return false
  const isAskedAgain = transport.value.problem?.unanswered === now.step
  if (transport.value.status === "paused") transport.value = { ...transport.value, status: "stepping", problem: null }
  try {
    const trace = await api.takeSteps(now.id, editKey.value, now.step)
    const phases = await phasesAt(now.id, trace)
    if (session.value?.id !== now.id) return false // another session was opened meanwhile
    batch(() => {
      session.value = { ...now, ...session.value, step: trace.step, phases: session.value?.phases ?? phases }
      // who asked for something else while the step was under way has chosen what to look at
      if (!isAsking()) show(trace, phases)
      state.load.value = { status: "ready", problem: null }
      forgetProblem()
    })
    return true
  } catch (error) {
    if (session.value?.id !== now.id) return false
    pause()
    if (error instanceof ProblemError && error.status === 409) await catchUp(now, isAskedAgain)
    else tellUntaken(toProblem(error), now)
    return false
  } finally {
    if (transport.value.status === "stepping") pause()
  }
}

/** Nobody knows whether a step without an answer was taken: asked for again from the same step, it is not taken twice. @param {import("./state.js").Problem} problem @param {{id: string, step: number}} from */
function tellUntaken(problem, { id, step }) {
  const again = () => {
    if (state.session.value?.id !== id) return forgetProblem()
    return state.session.value.step > step ? goToStep(step + 1) : takeStep()
  }
  const looked = state.trace.value
  const wasDone = async () => {
    const run = await api.session(id)
    if (run.step <= step) return false
    // who went elsewhere meanwhile has chosen what to look at; its curves and the newest step come along
    if (state.session.value?.id === id && run.step > state.session.value.step) state.session.value = { ...state.session.value, step: run.step, edits: run.edits }
    bringHistory()
    if (state.session.value?.id === id && state.trace.value === looked) await goToStep(step + 1)
    return true
  }
  tellProblem({ ...problem, unanswered: mayGoWellLater(problem) ? step : undefined, lost: `Step ${formatCount(step + 1)} was not taken.`, wasDone }, again)
}

/**
 * The run is further than this page knew: its newest step is shown. That is said, unless it is the step that was asked for before without an answer.
 * @param {{id: string, step: number}} from @param {boolean} isAskedAgain
 */
async function catchUp({ id, step }, isAskedAgain) {
  try {
    await openSession(id, null)
  } catch (error) {
    return tellUntaken(toProblem(error), { id, step })
  }
  const newest = state.session.value?.step ?? 0
  if (isAskedAgain && newest === step + 1) return
  const message = `Somebody took this run on to step ${formatCount(newest)}, which is shown now. No step was taken twice.`
  tellProblem({ title: "Stepped elsewhere meanwhile", message, field: null })
}

/** Plays batch after batch; each is asked for when the one before has been drawn, so a slow server is never flooded. */
export async function play() {
  if (state.transport.value.status === "playing") return
  state.transport.value = { ...state.transport.value, status: "playing", problem: null }
  while (taking) await taking // a step that was asked for before
  while (state.transport.value.status === "playing") {
    const began = performance.now()
    if (!(await take())) break
    await Promise.all([bringHistory(), nextFrame()])
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

/** How batches are played: how fast, and that they stop. */
import { settle } from "./lib/lost_answers.js"
import * as state from "./state.js"

/** @import { Problem } from "./state.js" */

export function pause() {
  state.transport.value = { ...state.transport.value, status: "paused" }
}

/** Says what went wrong beside the transport. @param {Problem} problem @param {() => unknown} [retry] does again what failed; left out where doing it again can't help */
export function tellProblem(problem, retry) {
  const again = retry && (async () => {
    await retry()
    if (state.transport.value.problem === told) forgetProblem() // else something else is told by now
  })
  const told = { ...problem, retry: again }
  state.transport.value = { ...state.transport.value, problem: told }
}

/** Lets go of what went wrong last. */
export function forgetProblem() {
  if (state.transport.value.problem) state.transport.value = { ...state.transport.value, problem: null }
}

/** The server answers again: what was looked at without an answer is looked at again, and of a step it is looked whether it was taken. */
export const answerReturned = () => settle(problemHere)

/** What is told beside the transport. */
const problemHere = {
  get value() {
    return state.transport.value.problem
  },
  /** @param {Problem | null} problem */
  set value(problem) {
    state.transport.value = { ...state.transport.value, problem }
  },
}

/** @param {number} batchesPerSecond */
export function setSpeed(batchesPerSecond) {
  state.transport.value = { ...state.transport.value, batchesPerSecond }
}

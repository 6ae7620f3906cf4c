/** How batches are played: how fast, and that they stop. */
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

/** The server answers again: what was looked at without an answer is looked at again, and of what was to be done it is said that it was not. */
export function answerReturned() {
  const { problem } = state.transport.value
  if (!problem?.isSilent || problem.isBack) return
  if (problem.lost) state.transport.value = { ...state.transport.value, problem: { ...problem, title: "The server answers again.", message: problem.lost, isBack: true } }
  else problem.retry?.()
}

/** @param {number} batchesPerSecond */
export function setSpeed(batchesPerSecond) {
  state.transport.value = { ...state.transport.value, batchesPerSecond }
}

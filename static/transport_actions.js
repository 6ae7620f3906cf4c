/** How batches are played: how fast, and that they stop. */
import * as state from "./state.js"

export function pause() {
  state.transport.value = { ...state.transport.value, status: "paused" }
}

/** Lets go of what went wrong last. */
export function forgetProblem() {
  state.transport.value = { ...state.transport.value, problem: null }
}

/** @param {number} batchesPerSecond */
export function setSpeed(batchesPerSecond) {
  state.transport.value = { ...state.transport.value, batchesPerSecond }
}

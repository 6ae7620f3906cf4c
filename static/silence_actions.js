/** Waiting for a server that has not answered, while something that it was asked for is still wanted. */
import { effect } from "@preact/signals"
import { api, ProblemError } from "./api.js"
import { retryOf } from "./lib/retry.js"
import * as state from "./state.js"

const WAITS = { first: 2000, latest: 30_000, soon: 500 } // milliseconds until it is asked whether it is there

let waiters = 0
const asking = retryOf(ask, WAITS)

addEventListener("online", () => asking.sooner()) // the network is back, and with it most likely the server

/** Says of something on the page that it got no answer. @returns {() => void} it is wanted no longer */
export function waitForAnswer() {
  if (waiters++ === 0) asking.later()
  return () => {
    if (--waiters === 0) asking.forget()
  }
}

/** @param {() => unknown} act each time that there are answers again, after all that follows from that at once */
export function onReturn(act) {
  let known = state.returns.peek()
  effect(() => {
    if (state.returns.value === known) return
    known = state.returns.value
    queueMicrotask(act)
  })
}

/** A short question: of the run on the page, or only whether somebody is there where there is none, as on the comparison or before a first run. */
async function ask() {
  const id = state.session.value?.id
  try {
    await (id ? api.session(id) : api.alive())
    state.returns.value++
  } catch (error) {
    // still none; that the run is no more is an answer
    if (error instanceof ProblemError && error.status === 404) state.returns.value++
  }
  // also where there was one: what is asked for again then may fail again
  if (waiters > 0) asking.later()
}

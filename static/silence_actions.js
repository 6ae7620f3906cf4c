/** Waiting for a server that has not answered, while something that it was asked for is still wanted. */
import { api } from "./api.js"
import { retryOf } from "./lib/retry.js"
import * as state from "./state.js"

const WAITS = { first: 2000, latest: 30_000, soon: 500 } // milliseconds until it is asked whether it is there

let waiters = 0
const asking = retryOf(ask, WAITS)

/** Says of something on the page that it got no answer. @returns {() => void} it is wanted no longer */
export function waitForAnswer() {
  if (waiters++ === 0) asking.later()
  return () => {
    if (--waiters === 0) asking.forget()
  }
}

/** A short question. */
async function ask() {
  const id = state.session.value?.id
  try {
    if (id) {
      await api.session(id)
      state.returns.value++
    }
  } catch {
    // still none
  }
  // also where there was one: what is asked for again then may fail again
  if (waiters > 0) asking.later()
}

/** Steps of the compared runs that were asked for without an answer, once the server answers again. */
import { effect } from "@preact/signals"
import { isCarried, lockstep } from "./compare_state.js"
import { bringTogether, canBeBrought } from "./compare_step_actions.js"
import { settle } from "./lib/lost_answers.js"
import { returns } from "./state.js"

/** Looks whether they were taken, and says so: as long as nobody has, the page claims neither. */
export function keepLostSaid() {
  let known = returns.peek()
  effect(() => {
    if (returns.value === known) return
    known = returns.value
    queueMicrotask(async () => {
      await settle(problemHere)
      if (isCarried.value && canBeBrought().length > 0) bringTogether() // what was to be kept in step needs no second word
    })
  })
}

/** What is told beside the transport. */
const problemHere = {
  get value() {
    return lockstep.value.problem
  },
  /** @param {import("./state.js").Problem | null} problem */
  set value(problem) {
    lockstep.value = { ...lockstep.value, problem }
  },
}

/** Steps of the compared runs that were asked for without an answer, once the server answers again. */
import { isCarried, lockstep, newest } from "./compare_state.js"
import { bringTogether, canBeBrought } from "./compare_step_actions.js"
import { settle } from "./lib/lost_answers.js"
import { onReturn } from "./silence_actions.js"

/** Looks whether they were taken, and says so: as long as nobody has, the page claims neither. */
export function keepLostSaid() {
  let tried = 0 // the step to which runs were brought by themselves: where that gets no answer while questions do, it is not tried without end
  onReturn(async () => {
    await settle(problemHere)
    if (!isCarried.value || canBeBrought().length === 0 || tried === newest.value) return
    tried = newest.value
    bringTogether() // what was to be kept in step needs no second word
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

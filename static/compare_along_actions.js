/** Whether the runs are kept in step with what is done elsewhere: for these runs, and as long as this tab is there. */
import { effect, untracked } from "@preact/signals"
import { isCarried, runs } from "./compare_state.js"
import { carryAlong } from "./compare_step_actions.js"
import { keptInTab } from "./kept.js"
import { load } from "./state.js"

const ALONG = "backscope-kept-in-step" // the ids of the runs, in whatever order they stand

/** Recalls it when they are opened again, and then keeps it. */
export function keepAlong() {
  let isRecalled = false
  effect(() => {
    const isWanted = isCarried.value
    const those = runs.value.map(({ id }) => id).sort().join()
    if (load.value.status !== "ready") return
    if (!isRecalled) {
      isRecalled = true
      if (those !== "" && keptInTab.getItem(ALONG) === those) untracked(() => carryAlong(true))
    } else if (isWanted) keptInTab.setItem(ALONG, those)
    else keptInTab.removeItem(ALONG)
  })
}

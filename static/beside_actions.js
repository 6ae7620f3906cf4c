/** Going from the lens to where its run stands beside another. */
import { besides } from "./lib/compare_door.js"
import { phase, scaleMode, scaleRange, selected, session, trace } from "./state.js"

/** Opens the run on the page beside another, looking at what is looked at here. @param {string} id of the other @param {number} reached the step to which that has come */
export function goBeside(id, reached) {
  if (!session.value) return
  const step = Math.max(trace.value?.step ?? 0, reached)
  location.assign(besides([session.value.id, id], step, { phase: phase.value, cell: selected.value, scaleRange: scaleRange.value, scaleMode: scaleMode.value }))
}

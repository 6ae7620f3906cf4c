/** The way from the lens to where its run stands beside others. */
import { besides } from "./lib/compare_door.js"
import { phase, scaleMode, scaleRange, selected, session, trace } from "./state.js"

/** The address where runs are compared, looking at what is looked at here. @param {string[]} ids @param {number | null} step null for the newest that all have */
export const doorBeside = (ids, step) => besides(ids, step, { phase: phase.value, cell: selected.value, scaleRange: scaleRange.value, scaleMode: scaleMode.value })

/** Opens the run on the page beside another. @param {string} id of the other @param {number} reached the step to which that has come */
export function goBeside(id, reached) {
  if (!session.value) return
  const step = Math.max(trace.value?.step ?? 0, reached)
  location.assign(doorBeside([session.value.id, id], step))
}

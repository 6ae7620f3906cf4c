/** Going on in a copy of one's own: for whoever may only watch. */
import { batch } from "@preact/signals"
import { hasCell, showCell } from "./cell_actions.js"
import { forkAndOpen } from "./fork_actions.js"
import { phaseAt } from "./lib/update_phases.js"
import { openSession } from "./session_actions.js"
import * as state from "./state.js"

/** A session of one's own that goes on from the step that is looked at, with the edits that wait for its next one. @throws {ProblemError | UnfinishedFork} one that was made is gone on with */
export async function continueAsCopy() {
  const session = state.session.value
  if (!session) return
  const step = state.trace.value?.step ?? 0
  const phase = state.phase.value?.key
  const cell = state.selected.value
  const body = step === session.step ? { step, log: session.edits } : { step }
  if (!(await forkAndOpen(session.id, body, { change: "", to: step, open: (id) => openSession(id, null) }))) return
  batch(() => {
    state.phaseIndex.value = phaseAt(state.phases.value, phase)
    showCell(cell && hasCell(cell) ? cell : null)
  })
}

/** Going on in a copy of one's own: for whoever may only watch. */
import { batch } from "@preact/signals"
import { api } from "./api.js"
import { hasCell, showCell } from "./cell_actions.js"
import { keepKey } from "./kept_keys.js"
import { phaseAt } from "./lib/update_phases.js"
import { openSession } from "./session_actions.js"
import * as state from "./state.js"

/** A session of one's own that goes on from the step that is looked at, with the edits that wait for its next one. @throws {ProblemError} */
export async function continueAsCopy() {
  const session = state.session.value
  if (!session) return
  const step = state.trace.value?.step ?? 0
  const phase = state.phase.value?.key
  const cell = state.selected.value
  const made = await api.fork(session.id, step === session.step ? { step, log: session.edits } : { step })
  keepKey(made.id, made.edit_key)
  await openSession(made.id, null)
  batch(() => {
    state.phaseIndex.value = phaseAt(state.phases.value, phase)
    showCell(cell && hasCell(cell) ? cell : null)
  })
}

/** Opening a preset and leaving what it says. */
import { batch } from "@preact/signals"
import { ProblemError } from "./api.js"
import { hasCell, select } from "./cell_actions.js"
import { createSession } from "./session_actions.js"
import * as state from "./state.js"
import { openTab } from "./view_actions.js"

/** Makes a preset's run, takes its first steps, and looks where its sentence says. @param {string} name @throws {ProblemError} where there is none of that name */
export async function openPreset(name) {
  const found = state.catalog.value?.presets.find((preset) => preset.name === name)
  if (!found) throw new ProblemError({ title: "No such preset", detail: `There is no preset ${name}.` })
  if (!(await createSession(found.config, found.steps))) return
  const { phase, cell, tab } = found.look
  batch(() => {
    state.preset.value = { ...found, session: state.session.value?.id ?? "" }
    state.phaseIndex.value = state.phases.value.findIndex(({ key }) => key === phase)
    select(cell && hasCell(cell) ? cell : null)
    if (tab) openTab(/** @type {any} */ (tab))
  })
}

export function leavePreset() {
  state.preset.value = null
}

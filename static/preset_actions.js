/** Opening a preset and leaving what it says. */
import { batch, effect, untracked } from "@preact/signals"
import { ProblemError } from "./api.js"
import { hasCell, showCell } from "./cell_actions.js"
import { isTabName, tabNames } from "./lib/tab_names.js"
import { phaseAt } from "./lib/update_phases.js"
import { createSession } from "./session_actions.js"
import * as state from "./state.js"
import { chooseScaleMode, chooseScaleRange, openTab } from "./view_actions.js"

/** Makes a preset's run, takes its first steps, and looks where its sentence says. @param {string} name @throws {ProblemError} where there is none of that name */
export async function openPreset(name) {
  const found = state.catalog.value?.presets.find((preset) => preset.name === name)
  if (!found) throw new ProblemError({ title: "No such preset", detail: `There is no preset ${name}.` })
  if (!(await createSession(found.config, found.steps))) return
  const { phase, cell, tab } = found.look
  batch(() => {
    recallPreset(name)
    state.phaseIndex.value = phaseAt(state.phases.value, phase)
    showCell(cell && hasCell(cell) ? cell : null)
    openTab(isTabName(tab) ? tab : tabNames[0])
  })
}

/** How the run on the page is drawn until somebody chooses otherwise: as its preset says, or as any run is. */
export const usualScale = () => ({ scale: state.preset.value?.look.scale ?? "own", colors: state.preset.value?.look.colors ?? "linear" })

/** On which scale and in which colours the lens draws now. @returns {{scale: "own" | "shared", colors: "linear" | "logarithmic"}} */
export const drawnOn = () => ({ scale: state.scaleRange.value, colors: state.scaleMode.value === "signed-log" ? "logarithmic" : "linear" })

/** How the run on the page is shown, as an address has it: what it was opened as, and the scale and the colours where they are not the usual ones. @returns {Pick<import("./address.js").Place, "preset" | "scale" | "colors">} */
export function drawing() {
  const [usual, now] = [usualScale(), drawnOn()]
  const { preset, session } = state
  return {
    preset: preset.value && preset.value.session === session.value?.id ? preset.value.name : null,
    scale: now.scale === usual.scale ? null : now.scale,
    colors: now.colors === usual.colors ? null : now.colors,
  }
}

/** Draws on these scales, and on the usual one for each that is not given. @param {{scale?: "own" | "shared" | null, colors?: "linear" | "logarithmic" | null}} [given] */
export function drawOn({ scale, colors } = {}) {
  const usual = usualScale()
  chooseScaleRange(scale ?? usual.scale)
  chooseScaleMode((colors ?? usual.colors) === "logarithmic" ? "signed-log" : "linear")
}

/** Says what to look for in the run on the page, and draws it as its preset does. @param {string | null} name of the preset that it was opened as; null where it was none */
export function recallPreset(name) {
  const found = state.catalog.value?.presets.find((preset) => preset.name === name)
  const id = state.session.value?.id
  if (!found || !id) return leavePreset()
  const isNew = state.preset.value?.name !== name || state.preset.value?.session !== id
  if (!isNew) return // who has chosen another scale since keeps it
  state.preset.value = { ...found, session: id }
  drawOn()
}

/** Puts the sentence away, and with it the scale and the colours that it was told by; those of whoever is followed stay. */
export function leavePreset() {
  const before = state.following.value ? null : state.preset.value
  if (before?.look.scale) chooseScaleRange("own")
  if (before?.look.colors) chooseScaleMode("linear")
  state.preset.value = null
}

/** A preset is left where another run comes: that one is drawn as any other is. */
export function leavePresetWithRun() {
  effect(() => {
    const id = state.session.value?.id
    if (id && state.preset.value && state.preset.value.session !== id) untracked(leavePreset)
  })
}

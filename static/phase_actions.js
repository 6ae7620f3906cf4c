/** Going through the phases of the step that is looked at. */
import { batch } from "@preact/signals"
import * as state from "./state.js"

/** @param {number} by one phase on (1) or back (-1); beyond either end lies the whole step */
export function movePhase(by) {
  const count = state.phases.value.length
  const next = state.phaseIndex.value + by
  walkTo(next >= count ? -1 : next < -1 ? count - 1 : next)
}

/** @param {number} index */
export function goToPhase(index) {
  walkTo(index === state.phaseIndex.value ? -1 : index)
}

/** @param {number} index */
const walkTo = (index) => batch(() => {
  state.phaseIndex.value = index
  state.phaseWalks.value++
})

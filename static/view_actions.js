/** What of the page is open, and on which scale its tensors are drawn. */
import { effect } from "@preact/signals"
import { isAdded } from "./lib/lens_columns.js"
import { isOfUpdate } from "./lib/tensor_names.js"
import * as state from "./state.js"
import { pause } from "./transport_actions.js"

/** @param {typeof state.dialog.value} which */
export function openDialog(which) {
  if (which !== "none") pause() // nothing goes on behind it unseen
  state.dialog.value = which
}

/** @param {import("./lib/tab_names.js").TabName} which */
export function openTab(which) {
  state.tab.value = which
}

/** Plots the distribution over the steps of another tensor, or on another axis. @param {state.Plotted | null} which null for the first */
export function plotDistribution(which) {
  state.askedDistribution.value = which
}

/** @param {boolean} isOpen */
export function openUpdate(isOpen) {
  state.isUpdateOpen.value = isOpen
}

/** @param {boolean} isFolded */
export function foldLayers(isFolded) {
  state.isFolded.value = isFolded
}

/** Shows what is folded away when a phase or a cell of it is come to; who then folds it again has it folded. */
export function unfoldWhereLooked() {
  let before = ""
  effect(() => {
    const { phase, selected } = state
    const looked = [selected.value, phase.value?.lane === "update" ? null : phase.value?.writes[0]].filter((one) => one !== null && one !== undefined)
    const place = [phase.value?.key, ...looked.map(({ tensor, layer }) => `${tensor}.${layer}`)].join()
    if (place === before) return // another step, looked at in the same place
    before = place
    if (phase.value?.lane === "update" || looked.some(({ tensor }) => isOfUpdate(tensor))) state.isUpdateOpen.value = true
    if (looked.some(({ tensor }) => isAdded(tensor))) state.isFolded.value = false
  })
}

/** Notes which layer is the first in sight; null where the lanes fit their window. @param {number | null} layer */
export function leadWith(layer) {
  state.leadingLayer.value = layer
}

/** Scrolls the lanes to a layer, where they are wider than the window. @param {number | null} layer null where nothing is to be brought any more */
export function bringLayer(layer) {
  state.soughtLayer.value = layer === null ? null : { layer }
}

/** @param {"shared" | "own"} range */
export function chooseScaleRange(range) {
  state.scaleRange.value = range
}

/** @param {"linear" | "signed-log"} mode */
export function chooseScaleMode(mode) {
  state.scaleMode.value = mode
}

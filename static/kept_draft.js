/** The edit that is being made outlives a reload of its page: it is kept in the tab, with the run that it is of. */
import { effect } from "@preact/signals"
import { hasCell } from "./cell_actions.js"
import { openRun, tryEdit } from "./edit_actions.js"
import * as edits from "./edit_state.js"
import { isReloaded, keptInTab } from "./kept.js"
import * as state from "./state.js"

const DRAFT = "backscope-draft"
const LONGEST = 1e6 // characters: a tab keeps no more than a few million

/** Keeps what is typed, and brings it back onto the step that the page opens with once it is reloaded: a link that is followed in this tab says itself what to show. */
export function keepDraft() {
  const before = isReloaded() ? keptInTab.getItem(DRAFT) : null
  if (before === null) keptInTab.removeItem(DRAFT)
  else whenOpen(() => bringBack(before))
  let isKept = false // by this page
  effect(() => {
    const { value } = edits.draft
    const session = state.session.value?.id
    const text = value && session ? JSON.stringify({ session, name: value.entry.name, place: value.place, cell: value.cell, texts: value.texts }) : ""
    const canKeep = text !== "" && text.length <= LONGEST
    if (canKeep) keptInTab.setItem(DRAFT, text)
    else if (isKept) keptInTab.removeItem(DRAFT)
    isKept = canKeep
  })
}

/** @param {() => void} act once, after all that follows from a run and a step that are new on the page */
function whenOpen(act) {
  let isDue = false
  const stop = effect(() => {
    const isOpen = state.load.value.status === "ready" && state.trace.value !== null && edits.entries.value.length > 0 && edits.log.value !== null
    if (!isOpen || isDue) return
    isDue = true
    setTimeout(() => {
      stop()
      act()
    })
  })
}

/** @param {string} text as it was kept */
function bringBack(text) {
  if (edits.draft.value) return // somebody was faster
  const { session, name, place, cell, texts } = JSON.parse(text)
  const entry = edits.entries.value.find((one) => one.name === name)
  const isHere = session === state.session.value?.id && (place === "run" || hasCell(cell))
  if (!entry || !isHere) return keptInTab.removeItem(DRAFT)
  if (place === "run") openRun(true)
  tryEdit({ entry, texts, place, cell })
}

/**
 * "Your sessions", as this browser keeps it: read and written here alone, for the lens and for the comparison.
 *
 * @import { OwnSession } from "./types.js"
 */
import { kept } from "./kept.js"
import { ownOf, readList, remember } from "./lib/own_sessions.js"
import { ownSessions } from "./state.js"

const LIST = "backscope-sessions"

/** Reads the list, and again whenever another tab has written it. */
export function readOwnList() {
  ownSessions.value = readList(kept.getItem(LIST))
  addEventListener("storage", ({ key, newValue }) => {
    if (key === LIST) ownSessions.value = readList(newValue)
  })
}

/** @param {(list: OwnSession[]) => OwnSession[]} change of what is kept, which another tab may have written since this one has read it */
export function changeOwnList(change) {
  ownSessions.value = change(readList(kept.getItem(LIST)))
  kept.setItem(LIST, JSON.stringify(ownSessions.value))
}

/** Notes a fork that was made here, with what makes it another run than the one that it was made of. @param {import("./types.js").Session} made @param {string} change */
export const noteFork = (made, change) => changeOwnList((list) => remember(list, { ...ownOf(made, true, new Date()), change }))

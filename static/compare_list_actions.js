/** "Your sessions" on the comparison: runs that this browser knows can be taken in, and those that are opened or made here are remembered. */
import { effect, untracked } from "@preact/signals"
import * as compare from "./compare_state.js"
import * as lists from "./lib/own_sessions.js"
import { changeOwnList, readOwnList } from "./own_list.js"

/** Remembers the runs that are compared, and learns of what another tab remembers. */
export function keepList() {
  readOwnList()
  let before = ""
  effect(() => {
    const now = compare.living.value
    const told = now.map(({ id, key, session }) => [id, key !== null, session?.step].join()).join(";")
    if (told === before || compare.lockstep.value.status !== "paused") return // not at every step of a run that plays
    before = told
    const opened = now.flatMap(({ key, session }) => (session ? [lists.ownOf(session, key !== null, new Date())] : []))
    untracked(() => changeOwnList((list) => opened.reduceRight(lists.remember, list)))
  })
}

/** @param {string} id of a session that is there no more */
export const markGone = (id) => changeOwnList((list) => lists.markGone(list, id))

/** "Your sessions" on the comparison: runs that this browser knows can be taken in, and those that are opened or made here are remembered. */
import { effect } from "@preact/signals"
import * as compare from "./compare_state.js"
import { kept } from "./kept.js"
import * as lists from "./lib/own_sessions.js"
import * as state from "./state.js"

const LIST = "backscope-sessions"

/** Remembers the runs that are compared, and learns of what another tab remembers. */
export function keepList() {
  const read = () => (state.ownSessions.value = lists.readList(kept.getItem(LIST)))
  read()
  addEventListener("storage", ({ key }) => key === LIST && read())
  let before = ""
  effect(() => {
    const now = compare.opened.value
    const told = now.map(({ id, key, session }) => [id, key !== null, session?.step].join()).join(";")
    if (told === before || compare.lockstep.value.status !== "paused") return // not at every step of a run that plays
    before = told
    let list = lists.readList(kept.getItem(LIST)) // as it is now: another tab may have written it
    for (const { id, key, session } of [...now].reverse()) {
      if (!session) continue
      const { config, changes, created_at: made, step, expires_at: expires } = session
      list = lists.remember(list, { id, name: lists.nameOf(config), about: lists.tellingOf(session, changes), made, opened: new Date().toISOString(), step, hasKey: key !== null, expires })
    }
    keep(list)
  })
}

/** @param {string} id of a session that is there no more */
export const markGone = (id) => keep(lists.markGone(lists.readList(kept.getItem(LIST)), id))

/** @param {import("./types.js").OwnSession[]} list */
function keep(list) {
  state.ownSessions.value = list
  kept.setItem(LIST, JSON.stringify(list))
}

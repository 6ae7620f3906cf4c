/**
 * Telling those who watch where the owner looks: one word at a time, the newest next.
 *
 * @import { LookedAt } from "./types.js"
 */
import { api, ProblemError } from "./api.js"
import { keepKey } from "./kept_keys.js"
import * as state from "./state.js"
import { tellProblem } from "./transport_actions.js"

const LOOK_PAUSE = 250 // milliseconds between two looks that are told

/** What is to be told of the owner's look, and what was. */
let lastTold = ""
/** @type {{id: string, key: string, place: LookedAt} | null} */
let toTell = null
let isTelling = false

/** Tells a place once what is told before is there; nothing where this page may not tell. @param {LookedAt} place */
export function tellLook(place) {
  const id = state.session.value?.id
  const key = state.editKey.value
  if (!id || !key || state.line.value === "gone") return
  toTell = { id, key, place }
  if (!isTelling) tellAll()
}

async function tellAll() {
  isTelling = true
  // a moment for what belongs together, as a step and its phase
  for (let wait = 30; toTell; wait = LOOK_PAUSE) {
    await new Promise((resolve) => setTimeout(resolve, wait))
    const now = toTell
    const words = JSON.stringify(now)
    toTell = null
    if (words === lastTold || state.session.value?.id !== now.id) continue
    try {
      await api.look(now.id, now.key, now.place)
      lastTold = words
    } catch (error) {
      if (error instanceof ProblemError && error.status === 403) refuseKey(now.id)
      // told silently again, unless somebody looks elsewhere meanwhile
      else if (!(error instanceof ProblemError && (error.status === 404 || error.status === 422))) toTell ??= now
    }
  }
  isTelling = false
}

/** Forgets a key that the server has refused. @param {string} id */
function refuseKey(id) {
  keepKey(id, null)
  if (state.session.value?.id !== id) return
  state.editKey.value = null
  const message = "The key that this browser had is not the session's edit key, and was forgotten. You can read, and go on in a copy of your own."
  tellProblem({ title: "Read only", message, field: null })
}

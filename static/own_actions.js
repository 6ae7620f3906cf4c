/** "Your sessions": what this browser remembers of its runs, and what can be done with them. */
import { batch, effect, untracked } from "@preact/signals"
import { placeOpened } from "./address_actions.js"
import { api, ProblemError } from "./api.js"
import { select } from "./cell_actions.js"
import { keepKey, keptKey } from "./kept_keys.js"
import * as lists from "./lib/own_sessions.js"
import { changeOwnList, readOwnList } from "./own_list.js"
import { openSession } from "./session_actions.js"
import * as state from "./state.js"
import { openDialog } from "./view_actions.js"
import { endWith } from "./watch_actions.js"

const MOMENT = 250 // milliseconds until a run that changes is written down: not at each batch of one that plays

/** Remembers whatever session is on the page, and forgets none that a page is left with. */
export function keepOwnSessions() {
  effect(rememberSession)
  effect(() => {
    // found out when it is opened: then nothing leads there any more
    const { session } = placeOpened()
    if (state.load.value.problem?.status === 404 && session) untracked(() => changeOwnList((list) => lists.markGone(list, session)))
  })
  readOwnList()
  addEventListener("pagehide", rememberNow)
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let remembering
let toRemember = () => {}

function rememberSession() {
  const session = state.session.value
  const hasKey = Boolean(state.editKey.value)
  clearTimeout(remembering)
  toRemember = () => {}
  if (!session || state.line.value === "gone") return
  if (state.dialog.value === "share") state.unasked.value = null
  const title = state.preset.value?.session === session.id ? { title: state.preset.value.title } : {}
  const isWanted = lists.isWanted(session, state.unasked.value)
  toRemember = () => changeOwnList((list) => (isWanted || list.some(({ id }) => id === session.id) ? lists.remember(list, { ...lists.ownOf(session, hasKey, new Date()), ...title }) : list))
  remembering = setTimeout(rememberNow, MOMENT)
}

/** Also when the page is left before a moment is over. */
function rememberNow() {
  clearTimeout(remembering)
  toRemember()
  toRemember = () => {}
}

/** The whole step, and no cell of it: what was looked at is of another run. */
function lookAtWhole() {
  batch(() => {
    state.phaseIndex.value = -1
    select(null)
  })
}

/** Opens a session of the list. @param {string} id @throws {ProblemError} where it is not to be had */
export async function openOwn(id) {
  try {
    if (id !== state.session.value?.id && (await openSession(id, null))) lookAtWhole()
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) changeOwnList((list) => lists.markGone(list, id))
    throw error
  }
  openDialog("none")
}

/** Whether the server still has a session, which is noted where it has not. @param {string} id @throws {ProblemError} where nobody knows */
export async function isThere(id) {
  try {
    await api.session(id)
  } catch (error) {
    if (!(error instanceof ProblemError && error.status === 404)) throw error
    changeOwnList((list) => lists.markGone(list, id))
    return false
  }
  return true
}

/** Deletes a session for everyone. @param {string} id @throws {ProblemError} */
export async function deleteOwn(id) {
  try {
    await api.deleteSession(id, keptKey(id) ?? "")
  } catch (error) {
    if (!(error instanceof ProblemError && error.status === 404)) throw error
  }
  endOwn(id)
}

/** Whether a session was deleted although the answer was lost: then it is gone from here too. @param {string} id @throws {ProblemError} where nobody knows */
export async function wasDeleted(id) {
  if (await isThere(id)) return false
  endOwn(id)
  return true
}

/** @param {string} id */
function endOwn(id) {
  forgetOwn(id)
  if (state.session.value?.id === id) endWith(id)
}

/** Takes a session out of the list, and its key out of this browser. @param {string} id */
export function forgetOwn(id) {
  changeOwnList((list) => lists.forget(list, id))
  keepKey(id, null)
  if (state.session.value?.id === id) state.editKey.value = null
}

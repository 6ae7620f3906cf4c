/**
 * Watching together: what others do to the session on the page, and where whoever teaches looks.
 *
 * @import { LookedAt, ToldStep } from "./types.js"
 */
import { batch, computed, effect, untracked } from "@preact/signals"
import { readKey } from "./address.js"
import { placeOpened, start } from "./address_actions.js"
import { api, ProblemError } from "./api.js"
import { hasCell, showCell } from "./cell_actions.js"
import { imagineWith, showTried } from "./edit_actions.js"
import { view, whatIf } from "./edit_state.js"
import { isReloaded, keptInTab } from "./kept.js"
import { isTellable } from "./lib/edit_draft.js"
import { formatCount } from "./lib/format.js"
import { joinHistories } from "./lib/join_histories.js"
import * as lists from "./lib/own_sessions.js"
import { retryOf } from "./lib/retry.js"
import { historyOf } from "./lib/told_history.js"
import { phaseAt } from "./lib/update_phases.js"
import { goToStep, show } from "./look_actions.js"
import { tellLook } from "./look_telling.js"
import { drawing, drawnOn, drawOn, leavePreset, recallPreset } from "./preset_actions.js"
import { bringHistory, readHistory } from "./session_actions.js"
import { phasesAt } from "./session_phases.js"
import { changeOwnList } from "./own_list.js"
import * as state from "./state.js"
import { isTabName } from "./lib/tab_names.js"
import { isTaking } from "./step_actions.js"
import { forgetProblem, pause } from "./transport_actions.js"
import { bringLayer, openTab } from "./view_actions.js"

const AGAIN = [4000, 9000] // milliseconds until a line that the server refused is tried again: not all of a class at once
const CALM = 1500 // milliseconds that a line may be away before it is said
const FOLLOW_AGAIN = { first: 1000, latest: 30_000, soon: 1000 } // milliseconds until a step that did not come is asked for again
const FOLLOWED = "backscope-following" // of this tab: whom it follows after a reload

/** Listens to whatever session is on the page, and tells where its owner looks. */
export function keepListening() {
  const wasFollowing = isReloaded() ? keptInTab.getItem(FOLLOWED) : null // a link that is followed in this tab says itself where to look
  let before = /** @type {string | null} */ (null)
  effect(() => {
    const id = state.load.value.status === "ready" || state.load.value.status === "empty" ? (state.session.value?.id ?? null) : null
    if (id === null || id === before) return
    before = id
    untracked(() => {
      // a link to a step shows that step; a link to a run goes along with it
      const { session, step } = placeOpened()
      const shallFollow = !state.editKey.value && (id === wasFollowing || session !== id || step === null)
      state.following.value = false
      state.teacherLook.value = null
      bringLayer(null)
      state.line.value = "none"
      state.lineRefusal.value = ""
      listen(id)
      // after the rest of the address has been gone to, which is no move of the person
      if (shallFollow) setTimeout(() => state.session.value?.id === id && startFollowing())
    })
  })
  effect(() => {
    if (state.editKey.value) state.following.value = false
  })
  effect(() => {
    if (!state.following.value) stopFollowingAgain()
    if (state.following.value && state.session.value) keptInTab.setItem(FOLLOWED, state.session.value.id)
    else keptInTab.removeItem(FOLLOWED)
  })
  // its words: the word of a step that was taken makes the phases anew, and whoever looks at one of them has not moved by it
  const here = computed(() => JSON.stringify([state.session.value?.id, herePlace()]))
  effect(() => {
    here.value
    untracked(() => {
      if (!isOurs) state.following.value = false // the person has moved
    })
  })
  const told = computed(() => JSON.stringify([here.value, toldPlace(), state.editKey.value, whatIf.value?.isHeld]))
  effect(() => {
    told.value
    // a number under a dragging hand is told when it is let go: all of a class would ask what it changes
    untracked(() => state.editKey.value && !whatIf.value?.isHeld && tellLook(toldPlace()))
  })
  effect(() => {
    state.returns.value
    untracked(() => {
      const id = state.session.value?.id
      if (id && source && state.line.value === "away") listen(id, lastId) // not after the browser's own wait
    })
  })
  // a browser has few connections to a server, which a tab that nobody sees would hold
  document.addEventListener("visibilitychange", () => {
    const id = state.session.value?.id
    if (document.hidden) hangUp()
    else if (id && !source && state.line.value !== "gone") listen(id, lastId)
  })
  addEventListener("pagehide", hangUp)
  addEventListener("hashchange", () => readKey(location.hash) && start()) // an edit link to the run that is on the page
}

/** What is looked at: whoever changes it has moved. @returns {LookedAt} */
function herePlace() {
  const { trace, phase, selected, tab, example } = state
  /** @type {LookedAt} */
  const place = { tab: tab.value, ...drawnOn() }
  if (trace.value) place.step = trace.value.step
  if (phase.value) place.phase = phase.value.key
  if (selected.value && hasCell(selected.value)) place.cell = selected.value // it stays chosen where a step is without it, which nobody else can see
  if (example.value !== null) place.example = example.value
  if (whatIf.value) place.what_if = { edit: whatIf.value.action, view: view.value }
  return place
}

/** What others are told: what is looked at, what the run was opened as, and how far its lanes are scrolled, which is no move. @returns {LookedAt} */
function toldPlace() {
  const { preset } = drawing()
  const layer = state.leadingLayer.value
  const { what_if: tried, ...here } = herePlace()
  // with an edit that is too long the whole look would be refused, its step too
  return { ...here, ...(tried && isTellable(tried.edit) ? { what_if: tried } : {}), ...(preset ? { preset } : {}), ...(layer !== null ? { layer } : {}) }
}

/** @type {EventSource | null} */
let source = null
let lastId = ""
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting

function stopWaiting() {
  clearTimeout(waiting)
  waiting = undefined
}

let wasLost = false // the line, since it was there last

function noteReturn() {
  if (wasLost) state.returns.value++
  wasLost = false
}

function hangUp() {
  stopWaiting()
  source?.close()
  source = null
}

/** @param {string} id @param {string} [from] the last event that is known; what the page shows when left out */
function listen(id, from) {
  hangUp()
  if (state.line.value !== "away") state.line.value = "none" // until it is there, it stays said
  const session = state.session.value
  lastId = from || `${session?.step ?? 0}.${session?.edits ?? 0}.0`
  const mine = api.events(id, lastId)
  source = mine
  /** @param {string} kind @param {(told: any) => void} learn */
  const on = (kind, learn) =>
    mine.addEventListener(kind, (event) => {
      if (source !== mine) return
      lastId = event.lastEventId
      learn(JSON.parse(event.data))
    })
  mine.addEventListener("open", () => {
    stopWaiting()
    state.line.value = "open"
    state.lineRefusal.value = ""
    noteReturn()
    followNow() // what could not be fetched while the line was away
  })
  mine.addEventListener("error", () => {
    if (source !== mine) return
    wasLost = true
    if (mine.readyState === EventSource.CLOSED) {
      stopWaiting()
      waiting = setTimeout(() => listenAgain(id), between(AGAIN))
      state.line.value = "away"
      askWhy(id)
    } else {
      // the browser tries again by itself, and a short break is not worth a word
      waiting ??= setTimeout(() => {
        state.line.value = "away"
      }, CALM)
    }
  })
  on("step", (told) => learnStep(id, told))
  on("edit", ({ number }) => learnEdit(id, number))
  on("look", (told) => {
    state.teacherLook.value = told
    follow()
  })
  on("deleted", () => endWith(id))
}

/** @param {number[]} range */
const between = ([low = 0, high = 0]) => low + Math.random() * (high - low)

/** A line that was refused says not why. @param {string} id */
async function askWhy(id) {
  try {
    await api.tryEvents(id, lastId)
  } catch (error) {
    if (state.session.value?.id !== id || state.line.value !== "away" || !(error instanceof ProblemError)) return
    if (error.status === 404) endWith(id)
    else state.lineRefusal.value = error.status === 503 && error.field ? error.message : ""
  }
}

/** After a refusal what is known of the session may be out of date; and while there is no line, what has happened is read now and then. @param {string} id */
async function listenAgain(id) {
  try {
    const session = await api.session(id)
    if (state.session.value?.id !== id) return
    await learnSession(session)
    listen(id)
  } catch (error) {
    if (state.session.value?.id !== id) return
    if (error instanceof ProblemError && error.status === 404) endWith(id)
    else waiting = setTimeout(() => listenAgain(id), between(AGAIN))
  }
}

/** The session on the page is no more. @param {string} id */
export function endWith(id) {
  hangUp()
  pause()
  state.line.value = "gone"
  changeOwnList((list) => lists.markGone(list, id))
}

/** A step that was taken, by whomever. @param {string} id @param {ToldStep} told */
function learnStep(id, told) {
  const session = state.session.value
  if (!session || session.id !== id) return
  // its own answer may come later than the word of it
  if (isTaking()) return void setTimeout(learnStep, 50, id, told)
  const have = state.history.value
  const last = have.steps.at(-1) ?? 0
  if (told.step === last + 1) state.history.value = joinHistories(have, historyOf(told))
  else if (told.step > last) bringHistory()
  if (told.step > (state.transport.value.problem?.unanswered ?? Infinity)) forgetProblem() // its answer alone was lost
  if (told.step <= session.step) return
  const wasNewest = (state.trace.value?.step ?? 0) === session.step
  state.session.value = { ...session, step: told.step, edits: Math.max(session.edits, told.edits) }
  if (state.following.value) follow()
  else if (state.editKey.value && wasNewest && state.transport.value.status === "paused") goToStep(told.step)
  else if (!state.trace.value) goToStep(told.step)
}

/** @param {string} id @param {number} number */
async function learnEdit(id, number) {
  if ((state.session.value?.edits ?? 0) >= number) return
  try {
    const session = await api.session(id)
    if (state.session.value?.id === id) await learnSession(session)
  } catch {
    // the next event, or the next line, brings it again
  }
}

/** @param {import("./types.js").Session} session as it is now */
async function learnSession(session) {
  const step = Math.max(session.step, state.session.value?.step ?? 0)
  const phases = state.session.value?.phases ?? session.phases // of the step that is looked at, which stays
  state.session.value = { ...state.session.value, ...session, step, phases }
  await readHistory()
  follow()
}

let isOurs = false // what moves the page now is not the person
/** Moves the page for whoever teaches. @param {() => void} move */
function moveForTeacher(move) {
  const before = isOurs
  isOurs = true
  try {
    batch(move)
  } finally {
    isOurs = before
  }
}

let isFollowing = false
let isFollowedAgain = false
const followingAgain = retryOf(follow, FOLLOW_AGAIN)

/**
 * Goes where whoever teaches is; of many places in a row the last is gone to, and no request is made before the one before it is answered.
 * What does not come is said and asked for again, later each time, by which time it may be another place; soon where there is one.
 */
async function follow() {
  isFollowedAgain = true
  if (followingAgain.isWaiting()) return followingAgain.sooner()
  if (isFollowing) return
  isFollowing = true
  try {
    while (isFollowedAgain && state.following.value) {
      isFollowedAgain = false
      await goAlong()
    }
    followingAgain.forget()
    state.unfollowed.value = ""
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    if (state.following.value) followLater(error)
  } finally {
    isFollowing = false
  }
}

/** @param {ProblemError} error */
function followLater(error) {
  const { id = "", step = 0 } = state.session.value ?? {}
  if (error.status === 404 && error.field === "id") return endWith(id)
  state.unfollowed.value = `Step ${formatCount(teacherStep(state.teacherLook.value, step))} could not be brought: ${error.message}`
  followingAgain.later()
  if (isFollowedAgain) followingAgain.sooner() // there was news before it failed
}

/** Does not wait any longer. */
function followNow() {
  followingAgain.stop()
  return follow()
}

/** Whoever looks around alone is not behind. */
function stopFollowingAgain() {
  followingAgain.forget()
  state.unfollowed.value = ""
}

/** The step that whoever teaches is at: once the run has gone on since they looked, its newest. @param {LookedAt | null} look @param {number} newest */
export const teacherStep = (look, newest) => (look?.step === undefined || newest > (look.reached ?? 0) ? newest : Math.min(look.step, newest))

let sentence = /** @type {string | null | undefined} */ (undefined) // of the preset that was brought last: whoever puts it away need not see it again
let layer = /** @type {number | undefined} */ (undefined) // that was brought last: who scrolls on from there may

/** Draws as whoever teaches does, where their look says how. @param {LookedAt} look */
function drawAlong(look) {
  if (look.scale && (look.preset ?? null) !== sentence) {
    sentence = look.preset ?? null
    if (sentence === null) leavePreset()
    else recallPreset(sentence)
  }
  if (look.scale && look.colors) drawOn(look)
  if (look.layer !== undefined && look.layer !== layer) bringLayer(look.layer)
  layer = look.layer
}

async function goAlong() {
  const session = state.session.value
  if (!session || session.step === 0) return
  const look = state.teacherLook.value
  const step = teacherStep(look, session.step)
  const wanted = look?.example ?? null
  const { id } = session
  const whole = state.wholeTrace.value?.step === step ? state.wholeTrace.value : await api.trace({ id, step, example: null })
  const example = wanted !== null && wanted < whole.batch.size ? wanted : null
  const alone = example === null || (state.example.value === example && state.trace.value?.step === step) ? null : await api.trace({ id, step, example })
  const phases = await phasesAt(id, whole)
  const tried = look?.what_if && look.step === step && example === null ? await imagineWith(id, whole, look.what_if.edit) : null
  if (!state.following.value || state.session.value?.id !== id) return
  moveForTeacher(() => {
    if (example === null && (state.trace.value !== whole || state.example.value !== null)) show(whole, phases)
    if (alone) {
      state.wholeTrace.value = whole
      state.trace.value = alone
      state.example.value = example
    }
    state.load.value = { status: "ready", problem: null }
    if (state.transport.value.problem?.retry) forgetProblem() // the server answers again
    showTried(tried, look?.what_if?.view)
    if (!look) return
    drawAlong(look)
    const index = phaseAt(state.phases.value, look.phase, look.cell)
    if (index !== state.phaseIndex.value) state.phaseWalks.value++
    state.phaseIndex.value = index
    const cell = look.cell && hasCell(look.cell) ? look.cell : null
    if (JSON.stringify(cell) !== JSON.stringify(state.selected.value)) showCell(cell)
    if (isTabName(look.tab) && look.tab !== state.tab.value) openTab(look.tab)
  })
}

/** Comes back to where whoever teaches is. */
export function startFollowing() {
  sentence = undefined
  layer = undefined
  state.following.value = true
  return followNow()
}

/** Stays where the page is while the others go on. */
export function stopFollowing() {
  state.following.value = false
}

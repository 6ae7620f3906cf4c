/**
 * What a person can do to the run by hand: try an edit on the step that is looked at, keep it, undo.
 *
 * @import { Standing } from "./lib/lost_answers.js"
 * @import { Action, Log, LogEntry, Trace } from "./types.js"
 */
import { batch, effect } from "@preact/signals"
import { api, ProblemError } from "./api.js"
import * as edits from "./edit_state.js"
import { firstRefusal } from "./lib/bounds.js"
import { changedSettings, editOf } from "./lib/edit_draft.js"
import { misplaced } from "./lib/edit_places.js"
import { foldLog } from "./lib/edit_log.js"
import { editWords } from "./lib/edit_words.js"
import { entryOf, settle } from "./lib/lost_answers.js"
import { phaseAt } from "./lib/update_phases.js"
import { differenceTrace } from "./lib/what_if.js"
import { spreadOut, wrongValues } from "./lib/whole_values.js"
import { lookAtExample } from "./look_actions.js"
import { toProblem } from "./problems.js"
import { bringHistory } from "./session_actions.js"
import * as state from "./state.js"
import { pause } from "./transport_actions.js"
import { openUpdate } from "./view_actions.js"

/** Reads the log of whatever session is opened, and takes what is being edited on to each step that is looked at. */
export function followLog() {
  let known = ""
  effect(() => {
    const id = state.session.value?.id ?? ""
    if (id === known) return
    known = id
    batch(() => {
      discard()
      edits.log.value = null
      edits.refusal.value = null
    })
    if (id) readLog()
  })
  effect(() => {
    // someone else has edited the run
    const count = state.session.value?.edits ?? 0
    const told = edits.log.peek()
    if (told && count > told.edits.length) readLog()
  })
  effect(() => {
    // a cell that is chosen is what the inspector is for
    if (state.selected.value && !edits.draft.peek()) edits.isRunOpen.value = false
  })
  effect(() => {
    // what opens now is to be seen, and not what lies over it
    if (edits.isRunOpen.value || state.dialog.value !== "none") edits.isWhyOpen.value = false
  })
  let left = /** @type {string | null} */ (null)
  effect(() => {
    // phases are told of steps that were taken: the one that was looked at is left while an edit is tried, and come back to
    const index = state.phaseIndex.value
    if (edits.whatIf.value) {
      if (index < 0) return
      left = state.phase.peek()?.key ?? null
      state.phaseIndex.value = -1
    } else if (!edits.draft.value && left !== null) {
      if (index < 0) state.phaseIndex.value = phaseAt(state.phases.peek(), left)
      left = null
    }
  })
  let place = ""
  effect(() => {
    // what was said of the run where it stood is not about where it stands, or where one looks, now
    const now = `${state.session.value?.id} ${state.session.value?.step} ${state.trace.value?.step}`
    if (now === place) return
    place = now
    batch(() => {
      edits.isWhyOpen.value = false
      edits.refusal.value = null
      edits.said.value = ""
    })
  })
  let looked = state.trace.value
  effect(() => {
    const now = state.trace.value
    if (now === looked) return
    looked = now
    queueMicrotask(() => {
      if (!edits.draft.peek()) return edits.whatIf.peek() && edits.whatIf.peek()?.before !== state.trace.peek() ? discard() : undefined // of whoever was followed
      stop()
      edits.whatIf.value = null // it was about another step
      ask(false)
    })
  })
}

/** The log as it is now, after someone else has edited the run too. */
export async function readLog() {
  const id = state.session.value?.id
  if (!id) return
  try {
    takeLog(id, await api.log(id))
  } catch (error) {
    edits.refusal.value = { ...toProblem(error), retry: readLogAgain }
  }
}

function readLogAgain() {
  edits.refusal.value = null
  return readLog()
}

/** @param {string} id @param {Log} log */
function takeLog(id, log) {
  const now = state.session.value
  if (now?.id !== id) return
  const before = edits.log.value
  edits.log.value = log
  if (log.step > now.step || log.edits.length > now.edits) state.session.value = { ...now, step: Math.max(now.step, log.step), edits: log.edits.length }
  const numbers = (/** @type {Log} */ { edits }) => edits.map(({ number }) => number).join()
  const isOther = before !== null && numbers(log) !== numbers(before)
  if (log.step > now.step || isOther) bringHistory() // which has the marks of what was done
}

/**
 * Begins an edit, or goes on with it: the step is taken again with what is typed.
 * @param {Omit<edits.Draft, "problem">} draft @param {boolean} [isHeld] while a number is dragged: what changes is played when it is let go
 */
export function tryEdit(draft, isHeld = false) {
  pause()
  const isAnother = edits.draft.value?.entry !== draft.entry
  batch(() => {
    if (state.example.value !== null) lookAtExample(null) // an edit is made before a whole batch
    edits.draft.value = { ...draft, problem: isAnother ? null : (edits.draft.value?.problem ?? null) }
    if (isAnother) edits.whatIf.value = null
    edits.said.value = ""
    edits.refusal.value = null
  })
  ask(isHeld)
}

/** @type {{isHeld: boolean} | null} */
let wanted = null
/** @type {AbortController | null} */
let flight = null

/** The edit that is being made, as the service takes it; null where nothing is changed by it. @returns {Action | null} */
export function drafted() {
  const { value } = edits.draft
  if (!value) return null
  if (value.entry.name !== "optimizer" || value.place !== "run") return spreadOut(value.entry, editOf(value.entry, value.texts), value.texts, state.wholeTrace.value)
  const changes = changedSettings(edits.optimizerNow.value, value.texts)
  return Object.keys(changes).length > 0 ? { name: value.entry.name, changes } : null
}

/** What the catalogue and the shapes of the step already say is wrong with what is typed; what they can't say, the service does. @param {Pick<edits.Draft, "entry" | "texts" | "place">} draft */
export function refusedBeforehand({ entry, texts, place }) {
  const isOfOptimizer = entry.name === "optimizer" && place === "run"
  const outOfBounds = firstRefusal(isOfOptimizer ? edits.optimizerParameters.value : entry.parameters, texts)
  const { value: trace } = state.wholeTrace
  return outOfBounds ?? (trace && (misplaced(entry, texts, trace) ?? wrongValues(entry, texts, trace)))
}

/** Asks again for what is typed, where no answer came. */
const askAgain = () => ask(false)

/** One question at a time, and always the newest next: a slow service is asked as often as it answers. @param {boolean} isHeld */
async function ask(isHeld) {
  wanted = { isHeld }
  if (flight) return
  while (wanted && edits.draft.value) {
    const { isHeld } = /** @type {{isHeld: boolean}} */ (wanted)
    wanted = null
    const { session, trace, example } = state
    const before = trace.value
    const refused = refusedBeforehand(edits.draft.value)
    if (refused) {
      edits.whatIf.value = null // what was shown is not what is typed
      edits.draft.value = { ...edits.draft.value, problem: refused }
      break
    }
    const action = drafted()
    if (!session.value || !before || example.value !== null || !action) {
      edits.whatIf.value = null
      edits.draft.value = { ...edits.draft.value, problem: null } // nothing is changed, and nothing is wrong with that
      break
    }
    const life = new AbortController()
    flight = life
    edits.isAsking.value = true
    try {
      const now = await imagine(session.value.id, before, action, isHeld, life.signal)
      if (life.signal.aborted) return
      batch(() => {
        take(now)
        if (edits.draft.value) edits.draft.value = { ...edits.draft.value, problem: null }
        if (isHeld) stopPlaying()
        else if (!wanted) playChange()
      })
    } catch (error) {
      if (life.signal.aborted) return
      if (!wanted) {
        batch(() => {
          edits.whatIf.value = null // what was shown is not what is typed
          if (edits.draft.value) edits.draft.value = { ...edits.draft.value, problem: { ...toProblem(error), retry: askAgain } }
        })
      }
    } finally {
      if (flight === life) {
        flight = null
        edits.isAsking.value = false
      }
    }
  }
}

/** A step taken again with an edit. @param {string} id @param {Trace} before @param {Action} action @param {boolean} isHeld @param {AbortSignal} [signal] @returns {Promise<edits.Imagined>} */
async function imagine(id, before, action, isHeld, signal) {
  const { trace: after, changed, difference } = await api.whatIf({ id, step: before.step, example: null }, [action], signal)
  return { action, before, after, changed, difference: differenceTrace(before, after, difference), isHeld }
}

/** @param {edits.Imagined} now */
function take(now) {
  edits.whatIf.value = now
  if (now.changed.length > 0 && now.changed.every(({ tensor }) => /_next$|^g/.test(tensor))) openUpdate(true)
}

/**
 * What somebody else tries on a step, as this page shows it: asked for where it is not there yet.
 * @param {string} id @param {Trace} before the step as it was taken @param {Action} action @returns {Promise<edits.Imagined>}
 * @throws {ProblemError}
 */
export async function imagineWith(id, before, action) {
  const now = edits.whatIf.value
  return now && now.before === before && JSON.stringify(now.action) === JSON.stringify(action) ? now : imagine(id, before, action, false)
}

/** Shows what whoever is followed tries, and its side; or the step as it was taken, where nothing is tried. @param {edits.Imagined | null} now @param {typeof edits.view.value} [side] */
export function showTried(now, side = "after") {
  if (!now) return edits.whatIf.value ? discard() : undefined
  const isNew = edits.whatIf.value !== now
  batch(() => {
    if (edits.draft.value) discard()
    state.phaseIndex.value = -1
    take(now)
    edits.view.value = side
    if (isNew) playChange()
  })
}

/** Gives up what is under way. */
function stop() {
  wanted = null
  flight?.abort()
  flight = null
  edits.isAsking.value = false
  stopPlaying()
}

/** Back to the step as it was taken. */
export function discard() {
  stop()
  batch(() => {
    edits.draft.value = null
    edits.whatIf.value = null
    edits.view.value = "after"
  })
}

/** @param {"before" | "after" | "difference"} which */
export function choose(which) {
  edits.view.value = which
}

const PLAYED = 1800 // milliseconds for the whole of a change
const [QUICKEST, SLOWEST] = [45, 140]
let timer = 0

/** Lights what changed in the order of computation: forward, then backward, then the update. */
export function playChange() {
  stopPlaying()
  const count = edits.whatIf.value?.changed.length ?? 0
  if (count < 2 || matchMedia("(prefers-reduced-motion: reduce)").matches) return
  edits.litCount.value = 0
  timer = window.setInterval(() => {
    edits.litCount.value++
    if (edits.litCount.value >= count) stopPlaying()
  }, Math.max(QUICKEST, Math.min(SLOWEST, PLAYED / count)))
}

function stopPlaying() {
  clearInterval(timer)
  edits.litCount.value = Infinity
}

/** @param {boolean} isOpen */
export function openRun(isOpen) {
  batch(() => {
    if (edits.draft.value && edits.draft.value.place !== (isOpen ? "run" : "cell")) discard()
    edits.isRunOpen.value = isOpen
  })
}

/** Keeps the edit that is being made, from the next batch on. */
export async function keep() {
  const action = drafted()
  if (!action) return
  // the button is there beside the problem too: as long as nobody knows whether it was kept, it is the same attempt
  const isUnknown = draftProblem.value?.wasDone && !draftProblem.value.isBack
  await keepFrom(action, typed(), isUnknown && unknownKeep?.text === typed() ? unknownKeep.at : null)
}

/** The edit that was to be kept and got no answer. @type {{text: string, at: Standing} | null} */
let unknownKeep = null

/** The edit that is being made, as it is typed. */
const typed = () => JSON.stringify([edits.draft.value?.entry.name, edits.draft.value?.place, edits.draft.value?.texts])

/** @param {Action} action @param {string} text of it @param {Standing | null} before of an attempt without an answer */
async function keepFrom(action, text, before) {
  const at = before ?? standsAt()
  const end = () => void (typed() === text && discard()) // else what is typed by now is another edit
  try {
    await act(action, at, before !== null)
    end()
  } catch (error) {
    unknownKeep = { text, at }
    // what was typed stays
    draftProblem.value = lostOr(error, { action, at, lost: "The edit was not kept.", again: (from) => keepFrom(action, text, from), end })
  }
}

/**
 * What got no answer may have been done: tried again from where the run stood then, the server refuses it where it was.
 * @param {unknown} error @param {{action: Action, at: Standing, lost: string, again: (from: Standing | null) => unknown, end?: () => unknown}} attempt `end`: what is done with it where it was done
 * @returns {import("./state.js").Problem}
 */
function lostOr(error, { action, at, lost, again, end }) {
  const problem = toProblem(error)
  if (!problem.isSilent) return problem
  let from = /** @type {Standing | null} */ (at)
  const wasDone = async () => {
    const isDone = await findDone(action, at)
    if (isDone) end?.()
    else from = null // that is known: another try is of the run as it stands then
    return isDone
  }
  return { ...problem, retry: () => again(from), lost, wasDone }
}

/** Does something to the run, beside no field of its own: ends an edit that stands. @param {Action} action @param {Standing | null} [before] of an attempt without an answer */
export async function perform(action, before = null) {
  edits.refusal.value = null
  const at = before ?? standsAt()
  try {
    await act(action, at, before !== null)
  } catch (error) {
    edits.refusal.value = lostOr(error, { action, at, lost: "Nothing was changed.", again: (from) => perform(action, from) })
  }
}

/** The server answers again: what was read without an answer is read again, and of what was to be done it is looked whether it was. */
export function answerReturned() {
  return Promise.all([edits.refusal, draftProblem].map(settle))
}

/** What is wrong with the edit that is being made. */
export const draftProblem = {
  get value() {
    return edits.draft.value?.problem ?? null
  },
  /** @param {import("./state.js").Problem | null} problem */
  set value(problem) {
    if (edits.draft.value) edits.draft.value = { ...edits.draft.value, problem }
  },
}

/** Lets go of what was said of the last thing done. */
export function forgetSaid() {
  edits.said.value = ""
}

/** Lets go of what was refused. */
export function forget() {
  edits.refusal.value = null
}

/** Takes the last edit back; where a step was taken with it, says why that can't be, and what can. */
export function undo() {
  const { last, isOpen } = edits.canUndo.value
  if (!state.editKey.value || isOpen) return perform({ name: "undo" })
  batch(() => {
    edits.isWhyOpen.value = last !== null
    edits.said.value = last ? "" : "There is nothing to undo."
  })
}

export function redo() {
  if (!state.editKey.value || edits.canRedo.value) return perform({ name: "redo" })
  edits.said.value = "There is nothing to redo."
}

/** @param {boolean} isOpen */
export function openWhy(isOpen) {
  edits.isWhyOpen.value = isOpen
}

/** Where the run stands, as far as this page knows. @returns {Standing} */
function standsAt() {
  const { id = "", step = 0 } = state.session.value ?? {}
  return { id, step, edits: edits.log.value?.edits.length ?? 0 }
}

/** @param {Action} action @param {Standing} at @param {boolean} isAgain whether it may have been done before, without an answer @throws {ProblemError} with the log read again where it was another than this page thought */
async function act(action, at, isAgain) {
  const { session, editKey } = state
  if (!session.value || session.value.id !== at.id) return
  if (!editKey.value) throw new ProblemError({ title: "Read only", detail: "This browser does not hold the session's edit key. A fork is your own." })
  pause()
  try {
    const log = await api.act(at.id, editKey.value, action, at.step, at.edits)
    takeLog(at.id, log)
    const about = log.edits.at(-1)
    edits.said.value = about ? saidOf(about, log) : ""
  } catch (error) {
    if (error instanceof ProblemError && error.status === 409) {
      if (!isAgain) await readLog()
      else if (await findDone(action, at)) return
    }
    throw error
  }
}

/** Whether something was done although its answer was lost, which is then said. @param {Action} action @param {Standing} at @returns {Promise<boolean>} @throws {ProblemError} */
async function findDone(action, at) {
  const log = await api.log(at.id)
  takeLog(at.id, log)
  const entry = entryOf(log.edits, action, at)
  if (entry && state.session.value?.id === at.id) edits.said.value = saidOf(entry, log)
  return entry !== null
}

/** @param {LogEntry} entry @param {Log} log */
function saidOf({ number, step, action }, log) {
  const words = editWords(foldLog(log.edits).of.get(number)?.action ?? action, edits.entries.value)
  return `${action.name === "undo" ? "Undone" : action.name === "redo" ? "Done again" : "Kept"}: ${words}. It acts from step ${step + 1} on.`
}

/**
 * The log of a run read as the service reads it: what was undone, and what stands at a step. Pure.
 *
 * @import { Action, EditEntry, LogEntry } from "../types.js"
 */

/** Entries by whether they are done: an undone one stays in the log. @template {Omit<LogEntry, "made_at">} T @param {readonly T[]} entries @returns {{done: T[], of: Map<number, T>}} `of`: what each undo and redo was about */
export function foldLog(entries) {
  /** @type {T[]} */
  const done = []
  /** @type {T[]} */
  const undone = []
  const of = new Map()
  let step = 0
  for (const entry of entries) {
    if (entry.step > step) undone.length = 0 // what was undone before a step stays so
    step = entry.step
    if (entry.action.name === "undo" || entry.action.name === "redo") {
      const [from, to] = entry.action.name === "undo" ? [done, undone] : [undone, done]
      const moved = from.pop()
      if (!moved) continue
      to.push(moved)
      of.set(entry.number, moved)
    } else {
      done.push(entry)
      undone.length = 0
    }
  }
  return { done, of }
}

/** What an edit is about: all of it but what can end it. @param {Action} action @param {EditEntry} entry */
const keyOf = (action, { ends }) => JSON.stringify(Object.entries(action).filter(([name]) => !(name in ends)).sort())

/** @param {Action} action @param {EditEntry} entry whether it ends what stands */
export function isEnd(action, { ends }) {
  const names = Object.keys(ends)
  return names.length > 0 && names.every((name) => action[name] === ends[name])
}

/**
 * The edits with an end that act on a step, in the order in which they were made.
 * @param {readonly LogEntry[]} entries @param {number} step @param {readonly EditEntry[]} known of the catalogue @returns {Action[]}
 */
export function standingAt(entries, step, known) {
  const made = foldLog(entries.filter((entry) => entry.step < step)).done.map(({ action }) => action)
  return standing(made, known)
}

/** Of edits in their order, those that still act. @param {readonly Action[]} made @param {readonly EditEntry[]} known @returns {Action[]} */
export function standing(made, known) {
  /** @type {Map<string, Action>} */
  const act = new Map()
  for (const action of made) {
    const entry = known.find(({ name }) => name === action.name)
    if (!entry?.stands || Object.keys(entry.ends).length === 0) continue
    const key = keyOf(action, entry)
    act.delete(key)
    if (!isEnd(action, entry)) act.set(key, action)
  }
  return [...act.values()]
}

/**
 * The fields of the configuration that a step was not taken with as the run began with them.
 * @param {readonly Omit<LogEntry, "made_at">[]} entries @param {{optimizer: object}} began @param {number} step @returns {Record<string, unknown>}
 */
export function changesAt(entries, began, step) {
  /** @type {Record<string, any>} */
  let changes = {}
  for (const { action } of foldLog(entries.filter((entry) => entry.step < step)).done) {
    if (action.name === "configure") changes = { ...changes, .../** @type {object} */ (action.changes) }
    if (action.name === "optimizer") changes = { ...changes, optimizer: { ...(changes.optimizer ?? began.optimizer), .../** @type {object} */ (action.changes) } }
  }
  return changes
}

/** The edit that set a number by hand right before a step; null where none did. @param {readonly LogEntry[]} entries @param {import("../types.js").Cell} cell @param {number} step */
export function setBy(entries, { tensor, layer, row, col }, step) {
  const isIt = (/** @type {Action} */ { name, ...at }) => {
    if (name === "set_input") return tensor === "A" && layer === 0 && at.row === row && at.col === col
    if (at.tensor !== tensor || at.layer !== layer) return false
    return name === "set_all" || (name === "set" && at.row === row && at.col === col)
  }
  return foldLog(entries).done.findLast((entry) => entry.step === step - 1 && isIt(entry.action)) ?? null
}

/**
 * What was done right before a step and acts on that step alone: a number that was set. For the step after the newest, what waits for it.
 * @param {readonly LogEntry[]} entries @param {number} step @param {readonly EditEntry[]} known of the catalogue @returns {LogEntry[]}
 */
export function onceAt(entries, step, known) {
  const isOnce = (/** @type {Action} */ { name }) => known.some((entry) => entry.name === name && !entry.stands)
  return foldLog(entries).done.filter((entry) => entry.step === step - 1 && isOnce(entry.action))
}

/** The action that ends one; null where none can. @param {Action} action @param {readonly EditEntry[]} known @returns {Action | null} */
export function endOf(action, known) {
  const ends = known.find(({ name }) => name === action.name)?.ends ?? {}
  return Object.keys(ends).length > 0 ? { ...action, ...ends } : null
}

/** What ends an edit from here on; settings of the optimizer go back to those that the run began with. @param {Action} action @param {readonly EditEntry[]} known @param {Record<string, unknown>} began @returns {Action | null} */
export function endingOf(action, known, began) {
  if (!action.changes) return endOf(action, known)
  return { ...action, changes: Object.fromEntries(Object.keys(action.changes).map((name) => [name, began[name]])) }
}

/**
 * Edits that stand, without settings that are again what the run began with.
 * @param {readonly Action[]} standing @param {Record<string, unknown>} began the optimizer's settings @returns {Action[]}
 */
export function inForce(standing, began) {
  return standing.flatMap((action) => {
    if (!action.changes) return [action]
    const changes = Object.entries(/** @type {object} */ (action.changes)).filter(([name, value]) => began[name] !== value)
    return changes.length > 0 ? [{ ...action, changes: Object.fromEntries(changes) }] : []
  })
}

/**
 * What was done to compared runs by hand, in words and as marks of their curves. Pure.
 *
 * @import { Action, EditEntry, History } from "../types.js"
 */
import { editWords } from "./edit_words.js"
import { formatCount } from "./format.js"

const MOST = 2 // that are told; a run may have hundreds

/** @typedef {{number: number, step: number, action: Action}} Entry */

/** Two entries of different logs that say the same. @param {Entry} entry */
const sameness = ({ step, action }) => JSON.stringify([step, action])

/**
 * What of the edits of the run that it was forked from is not in a run: "without A's 4 edits"; "" where all are, or there were none.
 * @param {readonly Entry[]} log of the fork @param {readonly Entry[]} origin log of the run that it was forked from @param {string} letter of that run
 */
export function withoutWords(log, origin, letter) {
  const have = new Set(byHand(log).map(sameness))
  const edits = byHand(origin)
  const missing = edits.filter((entry) => !have.has(sameness(entry))).length
  if (missing === 0) return ""
  if (missing < edits.length) return `without ${missing} of ${letter}'s ${edits.length} edits`
  return `without ${letter}'s ${missing === 1 ? "edit" : `${missing} edits`}`
}

/**
 * The edits that a fork at the start takes along: those made before the first batch, as they are part of the start. One of the
 * optimizer would undo a change of the optimizer, and stays behind then.
 * @param {readonly Entry[]} log without what was undone @param {Record<string, unknown>} changes @returns {Action[]}
 */
export const startingEdits = (log, changes) =>
  byHand(log).flatMap(({ step, action }) => (step === 0 && !(action.name in changes) ? [action] : []))

/** What a fork began with is no edit by hand, and is told as what differs. @param {readonly Entry[]} log */
export const byHand = (log) => log.filter(({ action }) => action.name !== "configure")

/** Of the log of a run, what was not undone. @param {readonly Entry[]} log @param {History} history */
export const standingOf = (log, { marks = [] }) => log.filter(({ number }) => marks.some((mark) => mark.number === number))

/** "edited after step 6: unit 2 of layer 1 ablated"; "" for a run that was not. @param {readonly Entry[]} log without what was undone @param {readonly EditEntry[]} entries of the catalogue */
export function editedWords(log, entries) {
  const edits = byHand(log)
  if (edits.length === 0) return ""
  const words = edits.slice(0, MOST).map(({ step, action }) => `${step === 0 ? "before its first step" : `after step ${formatCount(step)}`}: ${editWords(action, entries)}`)
  if (edits.length > MOST) words.push(`${edits.length - MOST} more`)
  return `edited ${words.join("; ")}`
}

/**
 * What was asked for without an answer, once the server answers again: nobody knows whether it was done until that is looked at. Pure.
 *
 * @import { Action, LogEntry } from "../types.js"
 * @import { Problem } from "../state.js"
 */

/**
 * What was only read is read again. Of what was to be done it is looked whether it was: then it is shown, and there is no problem any more;
 * else it is said that it was not, or what of it was not, and whoever asked for it may do so again. Where that look gets no answer either, all stays for the next.
 * @param {{value: Problem | null}} place where the problem stands
 */
export async function settle(place) {
  const problem = place.value
  if (!problem?.isSilent || problem.isBack) return
  if (!problem.lost) return void problem.retry?.()
  /** @type {boolean | string} */
  let done = false
  try {
    done = (await problem.wasDone?.()) ?? false
  } catch {
    return
  }
  if (place.value !== problem) return // something else is told by now
  place.value = done === true ? null : { ...problem, title: "The server answers again.", message: done || problem.lost, isBack: true }
}

/** Where a run stood when something was done to it: what the server holds a second try against. @typedef {{id: string, step: number, edits: number}} Standing */

/** The entry of the log by which an action was done, although its answer was lost; null where it was not. @param {readonly LogEntry[]} entries @param {Action} action @param {Standing} at @returns {LogEntry | null} */
export function entryOf(entries, action, at) {
  const entry = entries[at.edits]
  return entry && entry.step === at.step && isWithin(action, entry.action) ? entry : null
}

/** Whether all that was asked for is in what is there, which may have been filled in. @param {unknown} asked @param {unknown} there @returns {boolean} */
function isWithin(asked, there) {
  if (typeof asked !== "object" || asked === null) return Object.is(asked, there) || asked === there
  return typeof there === "object" && there !== null && Object.entries(asked).every(([name, value]) => isWithin(value, /** @type {Record<string, unknown>} */ (there)[name]))
}

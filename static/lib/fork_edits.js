/**
 * What a fork of an edited run goes on without, told before it is made. Pure.
 *
 * @import { EditEntry } from "../types.js"
 * @import { Entry } from "./compare_edits.js"
 */
import { editWords } from "./edit_words.js"
import { formatCount } from "./format.js"

const MOST = 3 // that are told; a run may have hundreds

/**
 * The edits that a fork does not take along: at the start those after the first batch, at a step of the past those after it.
 * @param {readonly Entry[]} log of the run, without what was undone @param {number} at the step to fork at @param {number} newest the run's own
 */
const leftBehind = (log, at, newest) => log.filter(({ step }) => (at === 0 ? step > 0 : at < newest && step >= at))

/** @param {readonly Entry[]} edits @param {readonly EditEntry[]} entries of the catalogue */
function listOf(edits, entries) {
  const words = edits.slice(0, MOST).map(({ step, action }) => `${step === 0 ? "before its first step" : `after step ${formatCount(step)}`}, ${editWords(action, entries)}`)
  return [...words, ...(edits.length > MOST ? [`${edits.length - MOST} more`] : [])].join("; ")
}

/**
 * "The fork is without an edit of this run: after step 6, unit 2 of layer 1 ablated."; "" where it has all of them.
 * @param {readonly Entry[]} log without what was undone @param {{at: number, looked: number, newest: number}} steps to fork at, that is looked at, and the run's own
 * @param {readonly EditEntry[]} entries of the catalogue
 */
export function leftBehindWords(log, { at, looked, newest }, entries) {
  const left = leftBehind(log, at, newest)
  const sentences = []
  if (left.length > 0) sentences.push(`The fork is without ${left.length === 1 ? "an edit" : `${left.length} edits`} of this run: ${listOf(left, entries)}.`)
  // one of the optimizer before the first batch would undo another optimizer
  const ofOptimizer = at === 0 ? log.filter(({ step, action }) => step === 0 && action.name === "optimizer") : []
  if (ofOptimizer.length > 0) sentences.push(`With another optimizer it is${left.length > 0 ? " also" : ""} without: ${listOf(ofOptimizer, entries)}.`)
  if (left.length > 0 && at === 0 && looked > 0 && leftBehind(log, looked, newest).length === 0) sentences.push(`Forked from step ${formatCount(looked)} on, it has ${left.length === 1 ? "it" : "them"}.`)
  return sentences.join(" ")
}

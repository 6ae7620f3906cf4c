/**
 * What was done to compared runs by hand, in words and as marks of their curves. Pure.
 *
 * @import { Action, EditEntry, History, Mark } from "../types.js"
 */
import { listed } from "./compare_likeness.js"
import { editWords } from "./edit_words.js"

const MOST = 2 // that are told; a run may have hundreds

/** @typedef {{number: number, step: number, action: Action}} Entry */

/** What a fork began with is no edit by hand, and is told as what differs. @param {readonly Entry[]} log */
const byHand = (log) => log.filter(({ action }) => action.name !== "configure")

/** Of the log of a run, what was not undone. @param {readonly Entry[]} log @param {History} history */
export const standingOf = (log, { marks = [] }) => log.filter(({ number }) => marks.some((mark) => mark.number === number))

/** "edited after step 6: unit 2 of layer 1 ablated"; "" for a run that was not. @param {readonly Entry[]} log without what was undone @param {readonly EditEntry[]} entries of the catalogue */
export function editedWords(log, entries) {
  const edits = byHand(log)
  if (edits.length === 0) return ""
  const words = edits.slice(0, MOST).map(({ step, action }) => `${step === 0 ? "before its first step" : `after step ${step}`}: ${editWords(action, entries)}`)
  if (edits.length > MOST) words.push(`${edits.length - MOST} more`)
  return `edited ${words.join("; ")}`
}

/** Where the runs were edited, for the plots: those of a step together. @param {readonly {letter: string, log: readonly Entry[]}[]} runs @returns {Mark[]} */
export function editMarks(runs) {
  const steps = [...new Set(runs.flatMap(({ log }) => byHand(log).map(({ step }) => step)))].sort((one, other) => one - other)
  return steps.map((step, number) => {
    const letters = runs.filter(({ log }) => byHand(log).some((entry) => entry.step === step)).map(({ letter }) => letter)
    return { step, number, title: `${listed(letters)} edited ${step === 0 ? "before the first step" : `after step ${step}`}` }
  })
}

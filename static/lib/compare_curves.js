/**
 * Curves of several runs over one axis of steps. Pure.
 *
 * @import { History } from "../types.js"
 * @import { Series, Values } from "./curve_data.js"
 */
import { byHand } from "./compare_edits.js"
import { listed } from "./compare_likeness.js"
import { letterAt } from "./compare_words.js"
import { formatCount } from "./format.js"

const EDITED = "edited"

/** @param {readonly History[]} histories @returns {number[]} every step that one of them has taken */
export function unionOfSteps(histories) {
  const last = Math.max(0, ...histories.map(({ steps }) => steps.at(-1) ?? 0))
  return Array.from({ length: last }, (_, at) => at + 1)
}

/**
 * One number of each step, a series for each run; null where a run has not come so far.
 * @param {readonly {letter: string, inFiles: string, history: History}[]} runs @param {number[]} steps @param {string} name as it is called in files @param {(history: History) => Values} columnOf @returns {Series[]}
 */
export const seriesOf = (runs, steps, name, columnOf) =>
  runs.map(({ letter, inFiles, history }) => {
    const column = columnOf(history)
    const first = history.steps[0] ?? 1
    return { key: letter, label: letter, name: `${name} of ${inFiles}`, values: steps.map((step) => column[step - first] ?? null) }
  })

/** Something after a run's step that its curve may show: `words` say it of the run without the step. @typedef {{place: number, step: number, words: string}} Event */
/** The events of a step, with the runs that they are of. @typedef {{step: number, whose: {label: string, token: string}[]}} RunMark */

/**
 * What each of the runs is marked for: that it left another of them, and its edits.
 * @param {readonly {place: number, session: Pick<import("../types.js").Session, "id" | "parent">, log: readonly import("./compare_edits.js").Entry[]}[]} runs @returns {Event[]}
 */
export const eventsOf = (runs) =>
  runs.flatMap(({ place, session: { parent }, log }) => {
    const origin = parent && runs.find(({ session }) => session.id === parent.id)
    const edits = [...new Set(byHand(log).map(({ step }) => step))].map((step) => ({ place, step, words: EDITED }))
    return origin ? [{ place, step: parent.step, words: parent.step === 0 ? `same start as ${letterAt(origin.place)}` : `forked from ${letterAt(origin.place)}` }, ...edits] : edits
  })

/** A line for each step after which there is something, in the colours of whom it is of. @param {readonly Event[]} events @returns {RunMark[]} */
export function marksOf(events) {
  const steps = [...new Set(events.map(({ step }) => step))].sort((one, other) => one - other)
  return steps.map((step) => {
    const places = [...new Set(events.filter((event) => event.step === step).map(({ place }) => place))].sort((one, other) => one - other)
    return { step, whose: places.map((place) => ({ label: letterAt(place), token: `--run-${place + 1}` })) }
  })
}

/**
 * What the plots say of their lines: at the start there is none to point to, nor after the newest step of all.
 * @param {readonly Event[]} events @param {number} last that any of the runs has taken
 */
export function eventWords(events, last) {
  const within = (/** @type {number} */ from, /** @type {number} */ to) => events.filter(({ step }) => step >= from && step < to)
  const lines = new Set(within(1, last).map(({ step }) => step)).size
  const drawn = told(within(1, last)).join(", ")
  return [...told(within(0, 1)), lines > 0 && `dashed line${lines > 1 ? "s" : ""}: ${drawn}`, ...told(within(Math.max(1, last), Infinity)).map((words) => `${words}, with no step since`)].filter(Boolean).join("; ")
}

const MOST = 5 // steps that are told of a run that was edited at many

/** Each run's events of a kind as one, and runs of which the same is to be said together. @param {readonly Event[]} events @returns {string[]} */
function told(events) {
  const stepsOf = (/** @type {Event} */ { place, words }) => events.filter((one) => one.place === place && one.words === words).map(({ step }) => step)
  const sayings = [...new Set(events.map((event) => JSON.stringify([event.words, stepsOf(event)])))]
  return sayings.map((saying) => {
    const letters = [...new Set(events.filter((event) => JSON.stringify([event.words, stepsOf(event)]) === saying).map(({ place }) => letterAt(place)))]
    const [words, steps] = /** @type {[string, number[]]} */ (JSON.parse(saying))
    if (steps[0] === 0) return words === EDITED ? `${listed(letters)} ${words} before the first step` : `${listed(letters)}: ${words}`
    const named = steps.slice(0, MOST).map(formatCount)
    if (steps.length > MOST) named.push(`${formatCount(steps.length - MOST)} more`)
    return `${listed(letters)} ${words} after step${steps.length > 1 ? "s" : ""} ${listed(named)}`
  })
}

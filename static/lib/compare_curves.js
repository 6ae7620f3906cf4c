/**
 * Curves of several runs over one axis of steps. Pure.
 *
 * @import { History } from "../types.js"
 * @import { Series, Values } from "./curve_data.js"
 */
import { formatCount } from "./format.js"

/** @param {readonly History[]} histories @returns {number[]} every step that one of them has taken */
export function unionOfSteps(histories) {
  const last = Math.max(0, ...histories.map(({ steps }) => steps.at(-1) ?? 0))
  return Array.from({ length: last }, (_, at) => at + 1)
}

/**
 * One number of each step, a series for each run; null where a run has not come so far.
 * @param {readonly {letter: string, history: History}[]} runs @param {number[]} steps @param {string} name as it is called in files @param {(history: History) => Values} columnOf @returns {Series[]}
 */
export const seriesOf = (runs, steps, name, columnOf) =>
  runs.map(({ letter, history }) => {
    const column = columnOf(history)
    const first = history.steps[0] ?? 1
    return { key: letter, label: letter, name: `${name} of ${letter}`, values: steps.map((step) => column[step - first] ?? null) }
  })

/** The steps after which a run left another that is compared, for the plots. @param {readonly {session: import("../types.js").Session}[]} runs @returns {import("../types.js").Mark[]} */
export function forkMarks(runs) {
  const ids = new Set(runs.map(({ session }) => session.id))
  const steps = new Set(runs.flatMap(({ session: { parent } }) => (parent && ids.has(parent.id) ? [parent.step] : [])))
  return [...steps].sort((a, b) => a - b).map((step, number) => ({ step, number, title: step === 0 ? "same start" : `fork after step ${formatCount(step)}` }))
}

/**
 * What the plots say of their marks: at the start there is no line to point to.
 * @param {readonly import("../types.js").Mark[]} forks @param {readonly import("../types.js").Mark[]} [edits]
 */
export function markWords(forks, edits = []) {
  const later = [...forks, ...edits].filter(({ step }) => step > 0)
  const words = [forks.some(({ step }) => step === 0) && "same start", ...edits.filter(({ step }) => step === 0).map(({ title }) => title)]
  if (later.length) words.push(`dashed line${later.length > 1 ? "s" : ""}: ${later.map(({ title }) => title).join(", ")}`)
  return words.filter(Boolean).join("; ")
}

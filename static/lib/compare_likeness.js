/**
 * Whether two runs can be subtracted cell by cell, and whether it says anything. Pure.
 */
import { formatCount } from "./format.js"
import { kindOf } from "./notation.js"

/**
 * What is unlike between a run and the one that it is held against.
 * "layers" and "start" have no difference at all; "step" and "batch" have one that is drawn for those who ask for it.
 * @typedef {"layers" | "start" | "step" | "batch"} Unlikeness
 */

/** What of a run it takes to say so. `isSameBatch` is null where nobody has looked. @typedef {{sizes: readonly number[], step: number}} Side */

/**
 * Why the difference of a tensor is none to be read, or null.
 * @param {Side} here @param {Side} there @param {boolean | null} isSameBatch @param {string} [tensor] any, when left out
 * @returns {Unlikeness | null}
 */
export function unlikenessOf(here, there, isSameBatch, tensor) {
  if (here.sizes.join() !== there.sizes.join()) return "layers"
  if (here.step === 0 || there.step === 0) return "start"
  if (here.step !== there.step) return "step"
  return isSameBatch === false && (tensor === undefined || isOfTheBatch(tensor)) ? "batch" : null
}

/** Parameters and what is held of them stand before any example is looked at: they may be held against each other whatever the batch. @param {string} tensor */
export const isOfTheBatch = (tensor) => ["forward", "backward"].includes(kindOf(tensor))

/** Whether a person may have it drawn all the same. @param {Unlikeness | null} unlikeness */
export const canBeForced = (unlikeness) => unlikeness === "step" || unlikeness === "batch"

/**
 * Why a difference is not drawn, or what is to be known of one that is.
 * @param {"step" | "batch"} unlikeness @param {readonly [string, string]} letters of the run that others are held against, and of the other
 * @param {Side} here @param {Side} there @param {string} tensor
 */
export function unlikenessWords(unlikeness, [a, b], here, there, tensor) {
  if (unlikeness === "step") return `Not the same step: ${a} is at step ${formatCount(here.step)}, ${b} at step ${formatCount(there.step)}.`
  return kindOf(tensor) === "backward" && /^d(W|b|gamma|beta)$/.test(tensor) ? `Not the same batch: ${b} learned from other examples than ${a}.` : `Not the same batch: the columns of ${a} and ${b} are of other examples.`
}

/**
 * Which runs have come how far, the farthest first: "A at step 43; B and C at step 40".
 * @param {readonly {letter: string, step: number}[]} runs
 */
export function stepsApartWords(runs) {
  const steps = [...new Set(runs.map(({ step }) => step))].sort((one, other) => other - one)
  return steps.map((step) => `${listed(runs.filter((run) => run.step === step).map(({ letter }) => letter))} at step ${formatCount(step)}`).join("; ")
}

/**
 * Whether runs that have not come equally far are apart where one looks, and which of them this browser can't step; null where all have come as far.
 * @param {readonly {letter: string, step: number, hasKey: boolean}[]} runs @param {number} looked the step that is looked at
 * @returns {{isApart: boolean, lead: string, words: string, keys: string} | null}
 */
export function inStepWords(runs, looked) {
  const steps = runs.map(({ step }) => step)
  const last = Math.max(0, ...steps)
  if (steps.every((step) => step === last)) return null
  const isApart = steps.some((step) => step < looked)
  const [lead, words] = isApart ? ["Not in step:", `${stepsApartWords(runs)}.`] : [`All are shown at step ${formatCount(looked)};`, `the newest that each has taken: ${stepsApartWords(runs)}.`]
  const without = runs.filter(({ hasKey }) => !hasKey)
  // who is farthest needs no key to be caught up with, but then it is not said of the others as if it had one
  const isStuck = without.some(({ step }) => step < last)
  const keys = !isStuck ? "" : without.length === runs.length ? "This browser has no key to step any of them." : `This browser has no key to step ${listed(without.map(({ letter }) => letter))}.`
  return { isApart, lead, words, keys }
}

/** "A", "A and B", "A, B and C". @param {readonly string[]} names */
export const listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`)

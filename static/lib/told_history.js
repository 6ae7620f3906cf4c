/**
 * A step's scalars, as those who watch are told of them, as one more entry of the history.
 *
 * @import { History, ToldStep } from "../types.js"
 */

/** @param {ToldStep} told @returns {History} */
export function historyOf({ step, scalars }) {
  const names = Object.keys(scalars).filter((name) => Array.isArray(scalars[name]))
  const layers = scalars.dW_l2.map((/** @type {unknown} */ _, /** @type {number} */ i) => ({
    index: i + 1,
    ...Object.fromEntries(names.map((name) => [name, [scalars[name][i]]])),
  }))
  const ofStep = Object.keys(scalars).filter((name) => !names.includes(name))
  return /** @type {any} */ ({ steps: [step], ...Object.fromEntries(ofStep.map((name) => [name, [scalars[name]]])), layers })
}

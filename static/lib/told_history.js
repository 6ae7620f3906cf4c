/**
 * A step's scalars, as those who watch are told of them, as one more entry of the history.
 *
 * @import { History, ToldStep } from "../types.js"
 */

/** @param {ToldStep} told @returns {History} */
export function historyOf({ step, scalars }) {
  const names = Object.keys(scalars).filter((name) => Array.isArray(scalars[name]))
  const count = Math.max(0, ...names.map((name) => scalars[name].length))
  const layers = Array.from({ length: count }, (_, i) => ({
    index: i + 1,
    ...Object.fromEntries(names.map((name) => [name, [scalars[name][i]]])),
    update_to_weight: [ratio(scalars.update_l2?.[i], scalars.W_l2?.[i])],
  }))
  return /** @type {any} */ ({
    steps: [step],
    ...Object.fromEntries(["loss", "accuracy", "test_loss", "test_accuracy"].map((name) => [name, [scalars[name]]])),
    layers,
  })
}

/** As the server computes it: null where either was not kept, a word where it is no finite number. @param {any} update @param {any} weight */
function ratio(update, weight) {
  if (update == null || weight == null) return null
  const value = Number(update) / Number(weight)
  return Number.isFinite(value) ? value : String(value)
}

/** The history of a run and what came after it, as one. */

/** @import { History } from "../types.js" */

/** @param {History} have @param {History} more what came after @returns {History} */
export function joinHistories(have, more) {
  const last = have.steps.at(-1) ?? 0
  const from = more.steps.findIndex((step) => step > last)
  if (from < 0) return { ...have, initial: have.initial ?? more.initial, marks: joinMarks(have.marks, more.marks) }
  /** @template T @param {T[]} before @param {T[]} after */
  const join = (before, after) => [...before, ...after.slice(from)]
  return {
    initial: have.initial ?? more.initial,
    steps: join(have.steps, more.steps),
    loss: join(have.loss, more.loss),
    accuracy: join(have.accuracy, more.accuracy),
    test_loss: join(have.test_loss, more.test_loss),
    test_accuracy: join(have.test_accuracy, more.test_accuracy),
    layers: more.layers.map((layer, position) => {
      const before = have.layers[position]
      const column = (/** @type {Exclude<keyof History["layers"][number], "index">} */ name) => join(before?.[name] ?? [], layer[name])
      return {
        index: layer.index,
        W_l2: column("W_l2"),
        dW_l2: column("dW_l2"),
        db_l2: column("db_l2"),
        update_l2: column("update_l2"),
        update_to_weight: column("update_to_weight"),
        dead_units: column("dead_units"),
      }
    }),
    marks: joinMarks(have.marks, more.marks),
  }
}

/** Actions are numbered, and may come without a step after them. @param {History["marks"]} [have] @param {History["marks"]} [more] */
function joinMarks(have = [], more = []) {
  const known = new Set(have.map(({ number }) => number))
  return [...have, ...more.filter(({ number }) => !known.has(number))]
}

import assert from "node:assert/strict"
import { test } from "node:test"
import { joinHistories } from "../../static/lib/join_histories.js"
import { historyOf } from "../../static/lib/told_history.js"

const scalars = {
  loss: 0.5,
  accuracy: 0.25,
  test_loss: "NaN",
  test_accuracy: null,
  W_l2: [2, 0],
  dW_l2: [1, 2],
  db_l2: [3, 4],
  update_l2: [0.5, 0],
  update_to_weight: [0.25, "NaN"],
  dead_units: [0, 7],
}

test("what was told of a step is an entry of each column", () => {
  const { steps, loss, test_loss, test_accuracy, layers } = historyOf({ step: 9, edits: 0, scalars })
  assert.deepEqual([steps, loss, test_loss, test_accuracy], [[9], [0.5], ["NaN"], [null]])
  assert.deepEqual(layers[0], { index: 1, W_l2: [2], dW_l2: [1], db_l2: [3], update_l2: [0.5], dead_units: [0], update_to_weight: [0.25] })
  assert.deepEqual([layers[1].dead_units, layers[1].update_to_weight], [[7], ["NaN"]])
})

test("it is joined once, however often it is told", () => {
  const have = { ...historyOf({ step: 1, edits: 0, scalars }), initial: { test_loss: 2 } }
  const more = historyOf({ step: 2, edits: 0, scalars })
  const joined = joinHistories(joinHistories(have, more), more)
  assert.deepEqual(joined.steps, [1, 2])
  assert.deepEqual(joined.initial, { test_loss: 2 })
  assert.deepEqual(joined.layers[1].dead_units, [7, 7])
})

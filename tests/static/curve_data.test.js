import assert from "node:assert/strict"
import { test } from "node:test"
import { curveData, sparkline } from "../../static/lib/curve_data.js"

/** @param {Partial<import("../../static/types.js").History>} given @returns {import("../../static/types.js").History} */
const history = (given) => ({ steps: [], loss: [], accuracy: [], test_loss: [], test_accuracy: [], layers: [], ...given })

test("step 0 is the network before its first batch, which only the test set has seen", () => {
  const data = curveData(history({ initial: { test_loss: 2.5, test_accuracy: 0.1 }, steps: [1], loss: [2], accuracy: [0.25], test_loss: [1.5], test_accuracy: [0.5] }))
  assert.deepEqual(data.steps, [0, 1])
  assert.deepEqual(data.loss, [[null, 2], [2.5, 1.5]])
  assert.deepEqual(data.accuracy, [[null, 25], [10, 50]])
})

test("a loss that is not finite is a gap, never 0", () => {
  const { loss } = curveData(history({ steps: [1, 2, 3], loss: [1, "NaN", "Infinity"], test_loss: ["-Infinity", 2, 3] }))
  assert.deepEqual(loss, [[1, null, null], [null, 2, 3]])
})

test("a spike among many points is in the line", () => {
  const values = Array.from({ length: 10_000 }, (_, i) => (i === 7_777 ? 10 : 1))
  const path = sparkline(values, 200, 32)
  assert.ok(path.includes(" 2.0"), "the highest point touches the top")
  assert.ok((path.match(/[ML]/g) ?? []).length <= 400)
})

test("one point, none, and gaps make no broken path", () => {
  assert.equal(sparkline([], 100, 32), "")
  assert.equal(sparkline([null, null], 100, 32), "")
  assert.equal(sparkline([1, null, 2], 0, 32), "")
  for (const values of [[1], [null, 1, null, 2], [0, 0]]) assert.doesNotMatch(sparkline(values, 100, 32), /NaN|Infinity/)
})

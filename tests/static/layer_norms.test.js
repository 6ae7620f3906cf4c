import assert from "node:assert/strict"
import { test } from "node:test"
import { brokenLine, normPlace, normRange, normsAt, oddNorm, timesWords } from "../../static/lib/layer_norms.js"

const history = { steps: [1, 2], layers: [{ index: 1, dW_l2: [3e-6, 2e-6] }, { index: 2, dW_l2: [0.4, "NaN"] }] }

test("the norms of a step are told by layer, and none of a layer or step that a run has not", () => {
  assert.deepEqual(normsAt(history, 1, 3), [3e-6, 0.4, null])
  assert.deepEqual(normsAt(history, 2, 2), [2e-6, "NaN"])
  assert.deepEqual(normsAt(history, 7, 2), [null, null])
})

test("the axis reaches around what has a place on it; zeros and what is not finite are marked at its edges", () => {
  const range = normRange([[3e-6, 0.4, null], [0, "NaN", "Infinity"]])
  assert.deepEqual(range, [2e-6, 0.5])
  assert.equal(normPlace(2e-6, range), 0)
  assert.equal(normPlace(0.5, range), 1)
  assert.ok(Math.abs(normPlace(1e-3, range) - 0.5) < 1e-9) // in the middle of the logarithms
  assert.deepEqual([0, "NaN", "Infinity", 0.1, null].map((value) => [normPlace(value, range) !== null, oddNorm(value)?.sign]), [[false, "○"], [false, "×"], [false, "▲"], [true, undefined], [false, undefined]])
  assert.deepEqual(normRange([[0, null]]), [0.1, 1])
})

test("a line is broken where a layer has no number, and goes on after it", () => {
  assert.equal(brokenLine([{ x: 0, y: 1 }, { x: 1, y: 2 }, null, { x: 3, y: 4 }]), "M0.0 1.0L1.0 2.0M3.0 4.0")
})

test("by how much a gradient is larger is told in two digits, where it says anything", () => {
  assert.deepEqual([[0.0941, 9.31e-6], [0.6, 0.5], [3, 1e-9], [1, 0], ["NaN", 1], [null, 1]].map(([value, first]) => timesWords(value, first, "A")), ["10,000 × A", "1.2 × A", "3×10⁹ × A", "", "", ""])
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { barsAround, updateWords } from "../../static/lib/update_words.js"

test("the sentence follows the two numbers", () => {
  assert.match(updateWords(-0.2, -0.166, { hasKinks: true }), /fell by 83 % .* kink/)
  assert.match(updateWords(-0.2, -0.199), /almost straight/)
  assert.match(updateWords(-0.2, 0.1), /^The loss rose where the gradient predicted a fall/)
  assert.match(updateWords(0, 0), /changed nothing/)
  assert.match(updateWords(-0.2, NaN), /not a finite number/)
  assert.doesNotMatch(updateWords(-0.2, -0.1), /ReLU/)
  assert.match(updateWords(0.2, 0.3, { isEdited: true }), /^The update goes up the slope of the loss, as the edit made it: the loss rose by 150 %/)
  assert.match(updateWords(5.29e-5, 5.3e-5, { isEdited: true }), /almost straight/)
})

test("bars stand on one scale with its zero inside the width", () => {
  for (const values of [[-0.2, -0.1, -0.15], [0.2, -0.1], [0.5, 0.25], [0, 0], [-1, NaN]]) {
    const { zero, bars, perNat } = barsAround(values, 100)
    assert.ok(zero >= 0 && zero <= 100)
    bars.forEach(({ x, width }, at) => {
      const value = Number.isFinite(values[at]) ? /** @type {number} */ (values[at]) : 0
      assert.ok(Math.abs(width - Math.abs(value) * perNat) < 1e-9)
      assert.ok(x >= -1e-9 && x + width <= 100 + 1e-9)
      assert.ok(Math.abs((value < 0 ? x + width : x) - zero) < 1e-9)
    })
  }
})

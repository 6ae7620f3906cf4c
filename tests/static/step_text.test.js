import assert from "node:assert/strict"
import { test } from "node:test"
import { readStep } from "../../static/lib/step_text.js"

test("a step as people type it", () => {
  for (const text of ["12", " 12 ", "012"]) assert.equal(readStep(text, 40).step, 12)
  assert.equal(readStep("1,200", 5000).step, 1200)
})

test("what is no step is refused with what would be right", () => {
  for (const text of ["", "12.5", "-3", "1e3", "abc", "1,2"]) assert.match(readStep(text, 40).refusal ?? "", /from 1 to 40/)
  for (const text of ["0", "41", "99999999999999999999"]) assert.match(readStep(text, 40).refusal ?? "", /was not taken.*from 1 to 40/)
  assert.match(readStep("2", 1).refusal ?? "", /the only one/)
})

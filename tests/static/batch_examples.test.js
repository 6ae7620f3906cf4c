import assert from "node:assert/strict"
import { test } from "node:test"
import { lostArrowWords, noArrowWords } from "../../static/lib/arrow_words.js"
import { countAnswers, examplesOf, takenFor, verdictWords } from "../../static/lib/batch_examples.js"

/** Two classes. @param {(number | string)[][]} A the outputs, a column an example @param {number[]} labels @returns {any} */
const trace = (A, labels) => ({ layers: [{ index: 0 }, { index: 1, A: { shape: [2, labels.length], values: A } }], batch: { labels, losses: labels.map(() => "NaN") } })
const name = (/** @type {number} */ label) => ["upper", "lower"][label] ?? "?"

test("an answer with a NaN in it is for no class, and so never right", () => {
  const found = examplesOf(trace([["NaN", 0.2, 0.9, "NaN"], ["NaN", 0.8, 0.1, 0.3]], [0, 1, 1, 1]))
  assert.deepEqual(found.map((example) => takenFor(example, name)), ["no answer (NaN)", "lower", "upper", "no answer (NaN)"])
  assert.deepEqual(found.slice(0, 3).map((example) => verdictWords(example, name)), ["no answer (NaN)", "taken for lower with 0.8; right", "taken for upper with 0.9; wrong"])
  assert.deepEqual(found.map(({ isRight }) => isRight), [false, true, false, false])
  assert.deepEqual(countAnswers(found), { right: 1, unanswered: 2 })
})

test("a gradient of 0 and one that is not finite have no arrow for different reasons", () => {
  /** @param {number} nan @param {number} [posinf] @returns {any} */
  const tensor = (nan, posinf = 0) => ({ shape: [2, 32], stats: { nan, posinf, neginf: 0 } })
  assert.equal(noArrowWords(tensor(0)), "dA[0] is 0 for every example: no arrow")
  assert.equal(noArrowWords(tensor(64)), "dA[0] is NaN for every example: no arrow")
  assert.equal(noArrowWords(tensor(60, 4)), "dA[0] is not finite for every example: no arrow")
  assert.equal(noArrowWords(tensor(2)), "dA[0] is 0 or not finite for every example: no arrow")
  assert.equal(lostArrowWords(tensor(0)), "")
  assert.equal(lostArrowWords(tensor(1, 1)), "; 2 of its cells are not finite and have no arrow")
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { ERRORS, errorScale } from "../../static/lib/error_scale.js"
import { errorCells, errorWords, lateWords, outcomeOf, signs, titleOf } from "../../static/lib/proof_words.js"

/** @param {Partial<Record<string, number>>} counts @returns {any} */
const tensor = (counts) => ({ checked: 10, cells: 10, kinks: 0, small: 0, unresolved: 0, wrong: 0, not_finite: 0, factor: 1, ...counts })

test("one wrong cell makes a tensor wrong, whatever else it has", () => {
  assert.equal(outcomeOf(tensor({})), "agrees")
  assert.equal(outcomeOf(tensor({ wrong: 1, kinks: 9 })), "disagrees")
  assert.equal(outcomeOf(tensor({ kinks: 10 })), "kinks")
  assert.equal(outcomeOf(tensor({ kinks: 4, small: 6 })), "small")
  assert.equal(outcomeOf(tensor({ not_finite: 10 })), "not_finite")
  assert.equal(outcomeOf(tensor({ kinks: 5 })), "agrees")
  assert.equal(outcomeOf(tensor({ kinks: 3, small: 3 })), "partly", "a tick would speak for the larger part")
  assert.equal(outcomeOf(tensor({}), "not_finite"), "not_finite")
  assert.equal(outcomeOf(tensor({ wrong: 1 }), "not_finite"), "disagrees")
  assert.equal(outcomeOf(tensor({ kinks: 1, small: 1, unresolved: 8 })), "unresolved")
})

test("a sample is not said to be all, and every outcome has a sign", () => {
  assert.equal(titleOf({ outcome: "agrees", checked: 5, cells: 5, tensors: [] }), "The gradients are right")
  assert.match(titleOf({ outcome: "agrees", checked: 5, cells: 50, tensors: [] }), /that was checked/)
  assert.match(titleOf({ outcome: "agrees", checked: 5, cells: 5, tensors: [tensor({ unresolved: 1 })] }), /could be resolved/)
  for (const outcome of ["agrees", "partly", "disagrees", "kinks", "small", "unresolved", "not_finite"]) assert.ok(signs[outcome] && titleOf({ outcome, checked: 1, cells: 1, tensors: [] }) !== outcome)
})

test("a kink is told apart from a gradient that is not finite", () => {
  const errors = /** @type {any} */ ({ shape: [1, 3], values: [[1e-9, "NaN", "NaN"]] })
  const { kinks, matrix } = errorCells(errors, /** @type {any} */ ({ shape: [1, 3], values: [[0.5, 0.25, "NaN"]] }))
  assert.deepEqual([...kinks], [0, 1, 0])
  assert.equal(matrix.nonFinite, 1)
})

test("an error in words knows the tolerance", () => {
  assert.match(errorWords(1e-3, false, 1e-5), /above the tolerance/)
  assert.doesNotMatch(errorWords(1e-9, false, 1e-5), /tolerance/)
  assert.match(errorWords(0, false, 1e-5), /last digit/)
  assert.match(errorWords(NaN, true, 1e-5), /kink/)
  assert.match(errorWords(NaN, true, 1e-5, true), /kink .*or differences .* do not settle/)
})

test("a late result says what it was about", () => {
  const of = { id: "a", step: 3, example: null }
  assert.match(lateWords(of, { id: "a", step: 5, example: null }), /^That was step 3\. .* step 5/)
  assert.match(lateWords(of, { id: "a", step: 3, example: 7 }), /example 7 alone/)
  assert.match(lateWords(of, { id: "b", step: 3, example: null }), /another run/)
})

test("a decade of error is as wide anywhere on the scale, and its ends hold", () => {
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    const scale = errorScale(scheme)
    assert.equal(scale.position(0), 0)
    assert.equal(scale.position(ERRORS[0]), 0)
    assert.equal(scale.position(1), 1)
    assert.equal(scale.position(5), 1)
    assert.ok(Number.isNaN(scale.position(NaN)))
    for (let power = -11; power <= 0; power++) {
      assert.ok(Math.abs(scale.position(10 ** power) - scale.position(10 ** (power - 1)) - 1 / 12) < 1e-12)
      assert.ok(Math.abs(Math.log10(scale.valueAt(scale.position(10 ** power))) - power) < 1e-9)
    }
    assert.equal(scale.lookup(NaN), -1)
  }
})

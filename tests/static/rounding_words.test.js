import assert from "node:assert/strict"
import { test } from "node:test"
import { isAllRounding, isRounding, uselessBias } from "../../static/lib/rounding_words.js"

test("a sum is rounding where it is below what rounding makes of so many terms of their size", () => {
  const db = { sum: -9.7e-17, count: 8, magnitude: 0.8 } // of a batch-normalised layer
  assert.equal(isRounding(db, "float64"), true)
  assert.equal(isRounding({ ...db, sum: 1e-9 }, "float64"), false)
  assert.equal(isRounding({ ...db, sum: 5e-8 }, "float32"), true)
  assert.equal(isRounding({ ...db, sum: 1e-5 }, "float32"), false)
  assert.equal(isRounding({ ...db, sum: 0 }, "float64"), false) // it cancels to the last digit
  assert.equal(isRounding({ sum: 1e-300, count: 1, magnitude: 1e-300 }, "float64"), false)
  assert.equal(isRounding({ ...db, sum: "NaN", magnitude: "NaN" }, "float64"), false)
})

test("a bias under batch normalisation is said to do nothing, with all that an update holds of it", () => {
  const trace = /** @type {any} */ ({ layers: [{}, { rM: {} }, {}] })
  const of = (/** @type {string} */ tensor, layer = 1) => uselessBias({ tensor, layer, row: 0, col: 0 }, trace)
  for (const tensor of ["db", "gb", "hb"]) assert.match(of(tensor), /^Under batch normalisation it is 0 by algebra: .*rounding\.$/)
  for (const tensor of ["b", "b_next", "mb_next", "sb"]) assert.match(of(tensor), /^Under batch normalisation it does nothing: /)
  assert.deepEqual([of("db", 2), of("dW"), of("tb"), of("beta"), of("losses")], ["", "", "", "", ""])
})

test("a whole tensor is rounding where its largest number is beside those that it sums, under batch normalisation", () => {
  const of = (/** @type {number} */ most, /** @type {[number, number]} */ shape) => ({ shape, stats: { min: -most, max: most / 2 } })
  const trace = (/** @type {number} */ most, rM = {}) => /** @type {any} */ ({ dtype: "float64", layers: [{}, { rM, db: of(most, [6, 1]), dZ: of(0.276, [6, 8]) }] })
  assert.equal(isAllRounding("db", 1, trace(1.2e-17)), true)
  assert.equal(isAllRounding("db", 1, trace(1e-9)), false)
  assert.equal(isAllRounding("db", 1, trace(0)), false) // "all zero" says more
  assert.equal(isAllRounding("dZ", 1, trace(1.2e-17)), false)
  assert.equal(isAllRounding("db", 1, trace(1.2e-17, /** @type {any} */ (null))), false)
  assert.equal(isAllRounding("db", 0, trace(1.2e-17)), false)
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { decadesAround, shareOf } from "../../static/lib/decades.js"

test("the ends are powers of ten, and even the smallest size has a length", () => {
  const decades = decadesAround([0.0656, 6e-6, 0, NaN, Infinity])
  assert.deepEqual(decades, { low: -6, high: -1 })
  assert.deepEqual(decadesAround([1, 100]), { low: -1, high: 2 })
  assert.deepEqual(decadesAround([7]), { low: 0, high: 1 })
  assert.equal(decadesAround([0, NaN]), null)
})

test("equal ratios are equal lengths, and what has no logarithm has none", () => {
  const decades = { low: -4, high: 0 }
  assert.deepEqual([1e-4, 1e-3, 0.01, 0.1, 1].map((size) => Math.round(shareOf(size, decades) * 1e9) / 1e9), [0, 0.25, 0.5, 0.75, 1])
  assert.deepEqual([0, NaN, Infinity].map((size) => shareOf(size, decades)), [0, 0, 0])
})

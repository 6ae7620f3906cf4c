import assert from "node:assert/strict"
import { test } from "node:test"
import { axisTicks, columnsOf, columnWords, distributionColumns, largestShare, notFinite, placeOf } from "../../static/lib/distribution_data.js"

/** @param {Partial<import("../../static/types.js").Distributions>} given @returns {import("../../static/types.js").Distributions} */
const told = (given) => ({
  tensor: "dW", layer: 1, scale: "linear", threshold: null, edges: [-1, 0, 1], wanted: 2, steps: [1, 4], cells: [10, 10], bins: [[2, 3], [8, 0]],
  zeros: [5, 0], nan: [0, 1], posinf: [0, 1], neginf: [0, 0], ...given,
})

test("columns touch, halfway between their steps", () => {
  assert.deepEqual(columnsOf([1, 4, 8]), [[0.5, 2.5], [2.5, 6], [6, 8.5]])
  assert.deepEqual(columnsOf([7]), [[6.5, 7.5]])
  assert.deepEqual(columnsOf([]), [])
})

test("what a column is, is said of the steps that there are", () => {
  assert.equal(columnWords(told({ steps: [1, 2], wanted: 2 }), 2), "Each column is one step, recomputed from the recipe")
  assert.equal(columnWords(told({ steps: [1, 1250, 2500], wanted: 3 }), 2500), "3 of 2,500 steps, recomputed from the recipe: each column is one of them and reaches halfway to the next")
  assert.match(columnWords(told({ steps: [30, 65], wanted: 60 }), 65), /^2 of 65 steps, recomputed from the recipe, as many as there was time for: /)
})

test("a value stands between the ends, on a line or by decades", () => {
  assert.equal(placeOf(told({}), 0.5), 0.75)
  const decades = told({ scale: "symlog", threshold: 0.001, edges: [-1, 0, 1] })
  assert.equal(placeOf(decades, 0), 0.5)
  assert.equal(placeOf(decades, 1), 1)
  const [a, b, c] = [0.01, 0.1, 1].map((value) => placeOf(decades, value))
  assert.ok(Math.abs(b - a - (c - b)) < 0.01, "a decade is as high as the next")
  assert.ok(Number.isFinite(placeOf(told({ edges: [-1.7e308, 1.7e308] }), 1e308)))
})

test("the axis has round values with room between them", () => {
  for (const one of [told({}), told({ edges: [3, 3.5] }), told({ threshold: 1e-6, edges: [-0.02, 0.3] }), told({ threshold: 1e294, edges: [0, 1e300] })]) {
    const ticks = axisTicks(one, 0.08)
    assert.ok(ticks.length >= 2, JSON.stringify(ticks))
    ticks.forEach(({ place }, at) => assert.ok(place >= -1e-9 && place <= 1 + 1e-9 && (at === 0 || place - (ticks[at - 1]?.place ?? 0) >= 0.05)))
  }
})

test("shares are of all cells; what is not finite is counted together", () => {
  assert.equal(largestShare(told({})), 0.8)
  assert.deepEqual([0, 1].map((at) => notFinite(told({}), at)), [0, 2])
})

test("a file has a row a step and every count", () => {
  const { header, columns } = distributionColumns(told({}))
  assert.deepEqual(header.slice(-2), ["bin 1 from -1 to 0", "bin 2 from 0 to 1"])
  assert.deepEqual(columns.map((column) => column[1]), [4, 10, 0, 1, 1, 0, 8, 0])
})

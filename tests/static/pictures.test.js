import assert from "node:assert/strict"
import { test } from "node:test"
import { byLength, columnPicture, largestAt, lengthOf, rowPicture } from "../../static/lib/pictures.js"

/** @param {number[][]} values @returns {any} */
const matrix = (values) => ({ rows: values.length, cols: values[0]?.length ?? 0, data: Float64Array.from(values.flat()), exact: true, shape: [0, 0], nonFinite: 0 })

test("a column and a row become pictures row by row", () => {
  const tensor = matrix([[1, 10], [2, 20], [3, 30], [4, 40]])
  assert.deepEqual([...columnPicture(tensor, 1, { rows: 2, cols: 2 }).data], [10, 20, 30, 40])
  const weights = matrix([[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, NaN]])
  const picture = rowPicture(weights, 1, { rows: 2, cols: 3 })
  assert.deepEqual([...picture.data], [7, 8, 9, 10, 11, NaN])
  assert.deepEqual(picture.shape, [2, 3])
  assert.equal(picture.nonFinite, 1)
})

test("lengths are Euclidean, also at the ends of what a float holds", () => {
  assert.equal(lengthOf(matrix([[3, 4]])), 5)
  assert.equal(lengthOf(matrix([[0, 0]])), 0)
  assert.ok(Math.abs(lengthOf(matrix([[3e200, 4e200]])) / 5e200 - 1) < 1e-15)
  assert.ok(Number.isNaN(lengthOf(matrix([[1, Infinity]]))))
})

test("the largest come first, and what is not finite before all", () => {
  assert.deepEqual(byLength([1, 3, NaN, 3, 0]), [2, 1, 3, 0, 4])
  assert.equal(largestAt([1, -5, 3]), 1)
  assert.equal(largestAt([1, NaN, -5]), 1)
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { sampledErrors } from "../../static/lib/sampled_errors.js"

const cell = (row, col) => ({ tensor: "dW", layer: 2, row, col })

test("cells of a sample stand where they are, and all others are told as not checked", () => {
  const told = sampledErrors({ rows: [0, 1, 1], cols: [2, 0, 1], errors: [1e-9, "NaN", "NaN"], kinks: [false, true, false], small: [false, false, false], unresolved: [false, false, false] }, [2, 3], "dW", 2)
  assert.deepEqual([...told.matrix.data], [0, 0, 1e-9, 0, NaN, 0])
  assert.deepEqual([...told.kinks], [0, 0, 0, 1, 0, 0])
  assert.deepEqual([...told.absent], [1, 1, 0, 0, 0, 1])
  assert.equal(told.matrix.nonFinite, 1)
  assert.equal(told.matrix.exact, true)
  assert.deepEqual(told.found(cell(0, 2)), { error: 1e-9, isKink: false, isSmall: false })
  assert.equal(told.found(cell(1, 0)).isKink, true)
  assert.equal(told.found(cell(0, 0)), null)
  // what is not resolved has nothing to say either, and is no broken number
  const open = sampledErrors({ rows: [0], cols: [1], errors: ["NaN"], kinks: [false], small: [false], unresolved: [true] }, [1, 2], "dW", 2)
  assert.deepEqual([[...open.kinks], open.matrix.nonFinite, open.found(cell(0, 1))?.isKink], [[0, 1], 0, true])
})

test("of a large tensor a block shows its largest error and stands for that cell; a kink gives way to any error", () => {
  // blocks of 10 by 10
  const sample = { rows: [3, 5, 7, 639, 20, 21], cols: [4, 4, 9, 959, 0, 0], errors: [1e-9, 1e-3, "NaN", 2e-8, "NaN", 5], kinks: [false, false, true, false, false, false], small: Array(6).fill(false), unresolved: Array(6).fill(false) }
  const { matrix, absent, kinks, places, found } = sampledErrors(sample, [640, 960], "dW", 2)
  assert.deepEqual([matrix.rows, matrix.cols, matrix.exact], [64, 96, false])
  assert.equal(matrix.data[0], 1e-3)
  assert.equal(matrix.data.at(-1), 2e-8)
  assert.ok(Number.isNaN(matrix.data[2 * 96])) // what is not finite hides behind no number
  assert.equal(absent.reduce((sum, is) => sum + is, 0), 64 * 96 - 3)
  assert.equal(kinks.some(Boolean), false)
  assert.deepEqual(places.at({ row: 0, col: 0 }), cell(5, 4))
  assert.deepEqual(places.at({ row: 1, col: 1 }), cell(10, 10)) // its first, which can be checked by hand
  assert.deepEqual(places.find(cell(639, 955)), { row: 63, col: 95 })
  assert.equal(found(cell(3, 4)).error, 1e-9)
  assert.equal(found(cell(639, 955)), null)
})

test("what is too small to resolve is no error: it stands for a block only where nothing else was checked, or kinks", () => {
  const sample = { rows: [0, 1, 10, 11, 20], cols: [0, 0, 0, 0, 0], errors: [1, 1e-9, 1, "NaN", 1], kinks: [false, false, false, true, false], small: [true, false, true, false, false], unresolved: Array(5).fill(false) }
  const { matrix, small, kinks, found } = sampledErrors(sample, [640, 960], "dW", 2)
  const first = (/** @type {ArrayLike<number>} */ data) => [0, 1, 2].map((row) => data[row * 96])
  assert.deepEqual(first(matrix.data), [1e-9, 0, 1])
  assert.deepEqual([first(small), first(kinks)], [[0, 1, 0], [0, 0, 0]])
  assert.equal(found(cell(0, 0))?.isSmall, true)
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { rankedCells } from "../../static/lib/ranked_cells.js"
import { tensor } from "./reference.js"

const at = (/** @type {any} */ found) => rankedCells(found, "dW", 2).map(({ row, col }) => [row, col])

test("the largest magnitude comes first, equals in the order of the tensor, zeros last", () => {
  assert.deepEqual(at(tensor([[0.5, 0, -3], [-0.5, 2, 0]])), [[0, 2], [1, 1], [0, 0], [1, 0], [0, 1], [1, 2]])
  assert.deepEqual(rankedCells(tensor([[1]]), "dW", 2), [{ tensor: "dW", layer: 2, row: 0, col: 0 }])
})

test("what is not finite comes before all else", () => {
  assert.deepEqual(at({ shape: [1, 4], values: [[1, "NaN", 5, "-Infinity"]], stats: {} }), [[0, 1], [0, 3], [0, 2], [0, 0]])
})

test("of a pooled tensor, whose blocks hide their cells, the largest alone is known", () => {
  const pooled = /** @type {any} */ ({ shape: [40, 10], view: { rows: 2, cols: 2, reduce: "absmax", values: [[1, -3], [2, 0]], largest: [17, 8] }, stats: {} })
  assert.deepEqual(rankedCells(pooled, "dW", 3), [{ tensor: "dW", layer: 3, row: 17, col: 8 }])
})

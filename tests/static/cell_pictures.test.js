import assert from "node:assert/strict"
import { test } from "node:test"
import { cellSize, hasRoomForNumbers } from "../../static/lib/cell_sizes.js"
import { hatchPath } from "../../static/lib/hatch_path.js"
import { placesInWindow, placesOf } from "../../static/lib/places.js"

test("cells are whole pixels, one at least, and fit the room where they can", () => {
  for (const rows of [1, 2, 10, 32, 128, 256, 1024]) {
    for (const cols of [1, 2, 10, 32, 64, 256, 1024]) {
      const size = cellSize(rows, cols, 300, 512)
      assert.ok(Number.isInteger(size.width) && Number.isInteger(size.height) && size.width >= 1 && size.height >= 1)
      if (cols <= 300 && !hasRoomForNumbers(size)) assert.ok(size.width * cols <= 300, `${rows} by ${cols}`)
      if (rows <= 512) assert.ok(size.height * rows <= 512, `${rows} by ${cols}`)
    }
  }
  assert.ok(hasRoomForNumbers(cellSize(2, 4, 300, 512)))
})

test("a hatch covers its cells and no other", () => {
  assert.equal(hatchPath([0, 1, 1, 0, 0, 0], 2, 3, { width: 4, height: 2 }), "M4 0h8v2H4z")
  assert.equal(hatchPath([1, 0, 1], 1, 3, { width: 1, height: 1 }), "M0 0h1v1H0zM2 0h1v1H2z")
  assert.equal(hatchPath([0, 0], 1, 2, { width: 1, height: 1 }), "")
})

test("a place and its cell lead to each other, whole, pooled and in a window", () => {
  for (const picture of [{ rows: 4, cols: 6, shape: /** @type {const} */ ([4, 6]) }, { rows: 3, cols: 5, shape: /** @type {const} */ ([10, 16]) }]) {
    const { at, find } = placesOf("dW", 2, picture)
    for (let row = 0; row < picture.rows; row++) for (let col = 0; col < picture.cols; col++) assert.deepEqual(find(at({ row, col })), { row, col })
    assert.equal(find({ tensor: "db", layer: 2, row: 0, col: 0 }), null)
    assert.equal(find({ tensor: "dW", layer: 2, row: picture.shape[0], col: 0 }), null)
  }
  const { at, find } = placesInWindow("dZ", ["dA"], 1, { rows: 2, cols: 3 }, { row: 64, col: 10 })
  assert.deepEqual(at({ row: 1, col: 2 }), { tensor: "dZ", layer: 1, row: 65, col: 12 })
  assert.deepEqual(find({ tensor: "dA", layer: 1, row: 65, col: 12 }), { row: 1, col: 2 })
  assert.equal(find({ tensor: "dA", layer: 1, row: 63, col: 12 }), null)
  assert.equal(find({ tensor: "dA", layer: 1, row: 64, col: 13 }), null)
  assert.equal(find({ tensor: "W", layer: 1, row: 64, col: 10 }), null)
})

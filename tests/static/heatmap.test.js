import assert from "node:assert/strict"
import { test } from "node:test"
import { makeScale, palette } from "../../static/draw/color_scales.js"
import {
  bitmapSize, blockRange, cellAt, cellRect, drawHeatmap, hatchColor, maxAbs, poolAbsmax, toMatrix,
} from "../../static/draw/heatmap.js"
import { generator, matrix, normal, tensor } from "./reference.js"

/** As much of a 2D context as drawing needs. */
function fakeContext() {
  const context = {
    canvas: { width: 0, height: 0 },
    /** @type {Uint32Array|null} */ pixels: null,
    createImageData: (width, height) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: (image) => { context.pixels = new Uint32Array(image.data.buffer) },
  }
  return /** @type {any} */ (context)
}

test("reads a whole tensor with the words for what is not finite", () => {
  const read = toMatrix(tensor([[1, NaN], [Infinity, -Infinity], [0, -2.5]]))
  assert.deepEqual([read.rows, read.cols, read.exact, read.nonFinite], [3, 2, true, 3])
  assert.deepEqual([...read.data], [1, NaN, Infinity, -Infinity, 0, -2.5])
})

test("reads a view, and says that it is none of the whole", () => {
  const { stats } = tensor([[0]])
  const read = toMatrix({ shape: [100, 50], view: { rows: 1, cols: 2, reduce: "absmax", values: [[3, "NaN"]] }, stats })
  assert.deepEqual([read.rows, read.cols, read.exact, read.nonFinite], [1, 2, false, 1])
  assert.deepEqual(read.shape, [100, 50])
})

test("refuses ragged rows and an empty tensor", () => {
  const { stats } = tensor([[0]])
  assert.throws(() => toMatrix({ shape: [2, 2], values: [[1, 2], [3]], stats }), /row 1 has 1 values; the first has 2/)
  assert.throws(() => toMatrix({ shape: [2, 2], stats }), RangeError)
})

test("the largest magnitude leaves out what is not finite", () => {
  assert.equal(maxAbs([1, -3, NaN, Infinity, 2]), 3)
  assert.equal(maxAbs([NaN, -Infinity]), 0)
  assert.equal(maxAbs([]), 0)
  assert.equal(maxAbs([1], [-7], [3]), 7)
})

test("pooling: blocks part the tensor, and each block is its signed extreme", () => {
  const random = generator(3)
  for (let round = 0; round < 60; round++) {
    const [rows, cols] = [1 + Math.floor(random() * 40), 1 + Math.floor(random() * 40)]
    const [most, mostCols] = [1 + Math.floor(random() * 20), 1 + Math.floor(random() * 20)]
    const values = matrix(rows, cols, () => normal(random))
    const pooled = poolAbsmax(toMatrix(tensor(values)), most, mostCols)
    assert.ok(pooled.rows <= most && pooled.cols <= mostCols)
    assert.equal(pooled.exact, rows <= most && cols <= mostCols)
    const extremes = new Float64Array(pooled.rows * pooled.cols)
    values.forEach((row, r) => row.forEach((value, c) => {
      const at = Math.floor((r * pooled.rows) / rows) * pooled.cols + Math.floor((c * pooled.cols) / cols)
      if (Math.abs(value) > Math.abs(extremes[at])) extremes[at] = value
    }))
    assert.deepEqual(pooled.data, extremes)
  }
})

test("pooling: a NaN or an infinity can't hide", () => {
  const values = matrix(30, 30, () => 1)
  values[17][4] = NaN
  values[2][29] = -Infinity
  const pooled = poolAbsmax(toMatrix(tensor(values)), 3, 3)
  assert.equal(pooled.nonFinite, 2)
  assert.ok(Number.isNaN(pooled.data[3]))
  assert.equal(pooled.data[2], -Infinity)
})

test("blocks follow each other without a hole", () => {
  for (const [blocks, length] of [[1, 1], [3, 10], [7, 7], [5, 1000]]) {
    let end = 0
    for (let block = 0; block < blocks; block++) {
      const [from, to] = blockRange(block, blocks, length)
      assert.equal(from, end)
      assert.ok(to > from)
      end = to
    }
    assert.equal(end, length)
  }
})

test("one pixel is one cell, in the colour of its number", () => {
  const random = generator(5)
  const read = toMatrix(tensor(matrix(13, 29, () => normal(random))))
  for (const mode of /** @type {const} */ (["linear", "signed-log"])) {
    const scale = makeScale({ kind: "backward", scheme: "light", extent: maxAbs(read.data), mode })
    const context = fakeContext()
    assert.deepEqual(drawHeatmap(context, read, scale), { k: 1, width: 29, height: 13 })
    assert.deepEqual([context.canvas.width, context.canvas.height], [29, 13])
    read.data.forEach((value, at) => assert.equal(context.pixels[at], scale.colors[scale.lookup(value)]))
  }
})

test("what is not finite is hatched in colours of no palette, each word with its own pattern", () => {
  const read = toMatrix(tensor([[NaN, Infinity], [-Infinity, 0.5]]))
  const scale = makeScale({ kind: "backward", scheme: "light", extent: 1 })
  const context = fakeContext()
  const { k, width } = drawHeatmap(context, read, scale)
  assert.equal(k, 8)
  const cell = (row, col) => Array.from({ length: k * k }, (_, at) =>
    context.pixels[(row * k + Math.floor(at / k)) * width + col * k + (at % k)])
  const [nan, up, down, finite] = [cell(0, 0), cell(0, 1), cell(1, 0), cell(1, 1)]
  assert.ok(finite.every((pixel) => pixel === scale.colors[scale.lookup(0.5)]))
  assert.notDeepEqual(nan, up)
  assert.notDeepEqual(nan, down)
  assert.notDeepEqual(up, down)
  for (const hatch of [nan, up, down]) {
    assert.equal(new Set(hatch).size, 2)
    assert.equal(hatch.filter((pixel) => pixel === hatch[0]).length, (k * k) / 2) // as much ink as paper
  }
  for (const kind of /** @type {const} */ (["backward", "parameter", "forward"])) {
    for (const scheme of /** @type {const} */ (["light", "dark"])) {
      const colors = new Set(palette(kind, scheme))
      for (const pixel of [...nan, ...up, ...down]) assert.ok(!colors.has(pixel))
    }
  }
})

test("the coarse hatch of a large bitmap still tells the three apart", () => {
  const large = { rows: 200, cols: 200, data: new Float64Array(40_000), exact: true, shape: /** @type {[number, number]} */ ([200, 200]), nonFinite: 1 }
  assert.deepEqual(bitmapSize(large), { k: 4, width: 800, height: 800 })
  const pictures = [NaN, Infinity, -Infinity].map((value) => matrix(4, 4, (y, x) => hatchColor(value, x, y)).flat().join())
  assert.equal(new Set(pictures).size, 3)
})

test("a tensor without cells draws nothing", () => {
  const context = fakeContext()
  drawHeatmap(context, toMatrix(tensor([])), makeScale({ kind: "forward", scheme: "dark", extent: 0 }))
  assert.equal(context.pixels, null)
})

test("the cell under a point is the cell that is drawn there", () => {
  const random = generator(11)
  for (let round = 0; round < 300; round++) {
    const [rows, cols] = [1 + Math.floor(random() * 90), 1 + Math.floor(random() * 90)]
    const [width, height] = [20 + random() * 400, 20 + random() * 400]
    const [row, col] = [Math.floor(random() * rows), Math.floor(random() * cols)]
    const rect = cellRect(row, col, width, height, rows, cols)
    const [x, y] = [rect.x + rect.width * (0.01 + 0.98 * random()), rect.y + rect.height * (0.01 + 0.98 * random())]
    assert.deepEqual(cellAt(x, y, width, height, rows, cols), { row, col })
  }
  assert.equal(cellAt(-0.1, 5, 10, 10, 2, 2), null)
  assert.equal(cellAt(5, 10, 10, 10, 2, 2), null)
  assert.equal(cellAt(NaN, 5, 10, 10, 2, 2), null)
})

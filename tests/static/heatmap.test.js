import assert from "node:assert/strict"
import { test } from "node:test"
import { makeScale, palette } from "../../static/draw/color_scales.js"
import {
  blockRange, cellAt, cellRect, defaults, drawHeatmap, hatchColor, maxAbs, poolAbsmax, toMatrix,
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
    assert.deepEqual(drawHeatmap(context, read, scale, { width: 290, height: 130 }), { width: 29, height: 13 })
    assert.deepEqual([context.canvas.width, context.canvas.height], [29, 13])
    read.data.forEach((value, at) => assert.equal(context.pixels[at], scale.colors[scale.lookup(value)]))
  }
})

/** The pixels of a tensor drawn at a size, and its cell as strings of ink (#), paper (.) and colour ( ). @param {any} values @param {number} width @param {number} height */
function drawn(values, width, height) {
  const read = toMatrix(tensor(values))
  const context = fakeContext()
  drawHeatmap(context, read, makeScale({ kind: "backward", scheme: "light", extent: 1 }), { width, height })
  const { pixels, canvas } = context
  const signs = Array.from(pixels, (pixel) => (pixel === defaults.ink ? "#" : pixel === defaults.paper ? "." : " "))
  return { pixels, width: canvas.width, lines: Array.from({ length: canvas.height }, (_, y) => signs.slice(y * canvas.width, (y + 1) * canvas.width).join("")) }
}

test("what is not finite is hatched in colours of no palette, each with its own pattern", () => {
  const { lines, pixels } = drawn([[NaN, Infinity], [-Infinity, 0.5]], 16, 16)
  const cell = (/** @type {number} */ row, /** @type {number} */ col) => lines.slice(8 * row, 8 * row + 8).map((line) => line.slice(8 * col, 8 * col + 8)).join("\n")
  const [nan, up, down, finite] = [cell(0, 0), cell(0, 1), cell(1, 0), cell(1, 1)]
  assert.match(finite, /^[ \n]+$/)
  assert.equal(new Set([nan, up, down]).size, 3)
  for (const hatch of [nan, up, down]) assert.equal(hatch.replaceAll(/[^#]/g, "").length, 32) // as much ink as paper
  for (const kind of /** @type {const} */ (["backward", "parameter", "forward"])) {
    for (const scheme of /** @type {const} */ (["light", "dark"])) {
      const colors = new Set(palette(kind, scheme))
      assert.ok(!colors.has(defaults.ink) && !colors.has(defaults.paper))
    }
  }
  assert.equal(pixels.length, 256)
})

test("the hatch looks the same in small cells and in large ones, across their edges too", () => {
  const all = (/** @type {number} */ count) => Array.from({ length: count }, () => Array(count).fill(Infinity))
  const [fine, coarse] = [drawn(all(24), 96, 96), drawn(all(8), 96, 96)]
  assert.deepEqual(fine.lines, coarse.lines)
  for (const [y, line] of fine.lines.entries()) for (const [x, sign] of [...line].entries()) assert.equal(sign, hatchColor(Infinity, x, y) === defaults.ink ? "#" : ".")
})

test("a cell that is smaller than its hatch is hatched all the same, at the edge of the picture too", () => {
  for (const [row, col] of [[0, 0], [50, 99], [99, 40]]) {
    const values = matrix(100, 100, () => 0.2)
    values[row][col] = NaN
    const { lines } = drawn(values, 100, 100)
    const hatched = lines.join("").replaceAll(" ", "")
    assert.equal(hatched.length, defaults.hatched ** 2)
    assert.ok(hatched.includes("#") && hatched.includes("."))
    assert.notEqual(lines[row]?.[col], " ")
  }
})

test("a cell with room for it says what it is, larger in a larger one", () => {
  const inked = (/** @type {number} */ value, /** @type {number} */ width, /** @type {number} */ height) => drawn([[value]], width, height).lines.map((line) => line.replace(/^.{0,3}[.#]/, "")).join("\n")
  for (const value of [NaN, Infinity, -Infinity]) {
    assert.ok(!inked(value, 16, 12).includes(".............")) // hatch alone
    assert.ok(inked(value, 40, 20).includes("............."), "no paper around a word") // the margin of a word
    assert.ok(inked(value, 60, 30).includes("..........................")) // twice as large
  }
  assert.equal(new Set([NaN, Infinity, -Infinity].map((value) => inked(value, 40, 20))).size, 3)
})

test("a tensor without cells draws nothing", () => {
  const context = fakeContext()
  drawHeatmap(context, toMatrix(tensor([])), makeScale({ kind: "forward", scheme: "dark", extent: 0 }), { width: 0, height: 0 })
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

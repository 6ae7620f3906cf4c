import assert from "node:assert/strict"
import { test } from "node:test"
import { leadingOf, lensLayout, linesOf, partInSight, pixelsOf, spansOf } from "../../static/lib/lens_layout.js"

const column = (breadth, ...tensors) => ({ breadth, tensors })
const plain = [column("weights", "W"), column("one", "b"), column("examples", "Z"), column("examples", "A")]
const normalised = [...plain.slice(0, 3), ...["M", "V"].map((name) => column("one", name)), column("examples", "Zhat"), ...["gamma", "beta"].map((name) => column("one", name)), column("examples", "N"), plain[3]]
const network = (sizes, hidden = plain) => sizes.map((size, l) => ({ size, columns: l === 0 ? [column("examples", "A")] : l === sizes.length - 1 ? plain : hidden }))

test("widths fill what is at hand, and add up to the total", () => {
  for (const [sizes, m, width] of [[[64, 32, 10], 32, 1076], [[2, 8, 8, 2], 16, 900], [[2, 16, 16, 2], 300, 700]]) {
    for (const hidden of [plain, normalised]) {
      const { widths, gap, layerGap, total } = lensLayout(network(sizes, hidden), m, width, 192)
      const sum = widths.reduce((all, layer) => all + layer.reduce((own, { column }) => own + column, 0) + (layer.length - 1) * gap, 0) + (widths.length - 1) * layerGap
      assert.equal(sum, total)
    }
  }
  assert.ok(lensLayout(network([64, 32, 10]), 32, 1076, 192).total <= 1076)
})

test("a cell is a whole number of pixels, and all tensors with a column an example are equally wide", () => {
  const layout = lensLayout(network([2, 16, 16, 2], normalised), 32, 1076, 192)
  const examples = layout.widths.flatMap((layer, l) => network([2, 16, 16, 2], normalised)[l].columns.flatMap(({ breadth }, c) => (breadth === "examples" ? layer[c].width : [])))
  assert.equal(new Set(examples).size, 1)
  assert.equal(examples[0] % 32, 0)
  assert.equal(layout.heights[1] % 16, 0)
})

test("a tensor of one column is as narrow in a normalised layer as a bias is", () => {
  const [, layer] = lensLayout(network([2, 16, 2], normalised), 32, 1076, 192).widths
  const ones = normalised.flatMap(({ breadth }, c) => (breadth === "one" ? [layer[c]] : []))
  assert.equal(ones.length, 5)
  for (const one of ones) assert.deepEqual(one, layer[1])
  assert.ok(layer[1].width < layer[1].column) // room for its name
})

test("a row of a layer of many units is a strip and a count a square, but a layer of one unit keeps its height", () => {
  const strip = pixelsOf([1, 32], 16, 96, 192)
  assert.ok(strip.width === 96 && strip.height < 20)
  const count = pixelsOf([1, 1], 16, 96, 192)
  assert.ok(count.width < 20 && count.height < 20)
  assert.deepEqual(pixelsOf([16, 32], 16, 96, 192), { width: 96, height: 192 })
  assert.deepEqual(pixelsOf([1, 32], 1, 96, 22), { width: 96, height: 22 })
})

test("the rows of the update's lane may be lower than the lanes above", () => {
  const { heights, updateHeights } = lensLayout(network([64, 32, 10]), 32, 1076, 192, 96)
  assert.deepEqual([heights[1], updateHeights[1]], [192, 96])
})

test("layers stand one after the other up to the total, and each is known to be in sight as far as it is", () => {
  const layout = lensLayout(network([2, 16, 16, 2], normalised), 32, 800, 192)
  const spans = spansOf(layout)
  assert.equal(spans[0].from, 0)
  assert.equal(spans.at(-1).to, layout.total)
  spans.slice(1).forEach(({ from }, l) => assert.equal(from - spans[l].to, layout.layerGap))
  assert.deepEqual(partInSight({ from: 100, to: 300 }, { left: 200, width: 500 }), { from: 0.5, to: 1 })
  assert.deepEqual(partInSight({ from: 100, to: 300 }, { left: 0, width: 150 }), { from: 0, to: 0.25 })
  assert.equal(partInSight({ from: 100, to: 300 }, { left: 300, width: 500 }), null)
})

test("a window begins with the first layer that is more than half in sight, and at the end of the lanes it shows the last", () => {
  const spans = [{ from: 0, to: 100 }, { from: 120, to: 420 }, { from: 440, to: 540 }]
  const at = (left, width = 300) => leadingOf(spans.map((span) => partInSight(span, { left, width })), { left, width, whole: 540 })
  assert.deepEqual([at(0), at(30), at(70), at(240)], [0, 0, 1, 2])
  assert.equal(at(150, 100), 1, "none is half in sight")
  assert.equal(at(0, 540), 0, "all are in sight")
  assert.equal(leadingOf([null], { left: 0, width: 0, whole: 0 }), null)
})

test("on paper layers stand in lines: as many as there is room for, each layer in one, none left out", () => {
  const spans = [{ from: 0, to: 60 }, { from: 88, to: 388 }, { from: 416, to: 716 }, { from: 744, to: 1944 }]
  assert.deepEqual(linesOf(spans, 400), [{ first: 0, last: 1, total: 388 }, { first: 2, last: 2, total: 300 }, { first: 3, last: 3, total: 1200 }])
  assert.deepEqual(linesOf(spans, 2000), [{ first: 0, last: 3, total: 1944 }])
})

test("where all tensors have few cells these are large and alike, and all of them are in sight; else none is", () => {
  for (const [sizes, m, width] of [[[2, 2, 2], 1, 876], [[2, 2, 1], 4, 1036], [[2, 2, 1], 4, 916], [[2, 1], 4, 876], [[2, 4, 3], 6, 1516]]) {
    const layers = network(sizes)
    const { isNumbered, widths, heights, updateHeights, total } = lensLayout(layers, m, width, 192, 77)
    assert.ok(isNumbered && total <= width, `${sizes} in ${width}`)
    const cells = layers.flatMap(({ columns }, l) => columns.map(({ breadth }, c) => widths[l][c].width / (breadth === "one" ? 1 : breadth === "examples" ? m : sizes[l - 1])))
    for (const cell of cells) assert.ok(Number.isInteger(cell) && cell >= 28)
    for (const [l, size] of sizes.entries()) assert.ok(heights[l] / size >= 24 && updateHeights[l] / size >= 19 && Number.isInteger(heights[l] / size))
  }
  assert.deepEqual(pixelsOf([1, 4], 2, 140, 76, true), { width: 140, height: 38 })
  for (const [sizes, m, width] of [[[2, 2, 1], 4, 340], [[2, 16, 2], 4, 1900], [[2, 2], 32, 1900]]) assert.equal(lensLayout(network(sizes), m, width, 192).isNumbered, false)
})

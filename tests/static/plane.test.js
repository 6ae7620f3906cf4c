import assert from "node:assert/strict"
import { test } from "node:test"
import { byClass, byOutput, groundSide, mixed, planePixels, rgbOf } from "../../static/draw/boundary.js"
import { makeScale } from "../../static/draw/color_scales.js"
import { arrowPath, arrows, axesIn, between, inPicture, leader, nearest, ticks, toPixel, toValue } from "../../static/lib/plane.js"

test("numbers become pixels and come back", () => {
  const axis = { low: -2, high: 3, from: 400, to: 0 }
  assert.equal(toPixel(axis, -2), 400)
  assert.equal(toPixel(axis, 3), 0)
  assert.ok(Math.abs(toValue(axis, toPixel(axis, 0.7)) - 0.7) < 1e-12)
})

test("ticks are round numbers inside the range", () => {
  assert.deepEqual(ticks(-2.2, 2.2, 5), [-2, -1, 0, 1, 2])
  assert.deepEqual(ticks(0.05, 0.31, 3), [0.1, 0.2, 0.3])
  assert.deepEqual(ticks(1, 1, 5), [])
  assert.deepEqual(ticks(NaN, 1, 5), [])
})

test("between the grid's points a plane stays a plane, and a point of the grid its own number", () => {
  // rows are values of y, upwards: 2 x + 10 y
  const rows = [0, 1, 2].map((y) => [0, 1, 2, 3].map((x) => 2 * x + 10 * y))
  for (const [u, v] of [[0, 0], [1, 1], [0.5, 0.25], [0.123, 0.877]]) assert.ok(Math.abs(between(rows, u ?? 0, v ?? 0) - (2 * 3 * (u ?? 0) + 10 * 2 * (v ?? 0))) < 1e-12)
  assert.equal(between([[0, "Infinity"], [0, 0]], 0, 0), 0)
  assert.equal(between([[0, "Infinity"], [0, 0]], 1, 0), Infinity)
  assert.ok(Number.isNaN(between([[0, "NaN"], [0, 0]], 0.5, 0.5)))
  assert.equal(between([[5, 7]], 0.5, 0), 6)
})

test("the leader is the largest output, its lead the distance to the next", () => {
  assert.deepEqual(leader([0.2, 0.7, 0.1]), { best: 1, lead: 0.7 - 0.2 })
  assert.deepEqual(leader([0.5, 0.5]), { best: 0, lead: 0 })
  assert.deepEqual(leader([0.6, 0.1, 0.3]).lead, 0.3)
  assert.ok(Number.isNaN(leader([NaN, 0.5]).lead))
  assert.ok(Number.isNaN(leader([1, Infinity]).lead))
})

test("arrows share one scale, and what is 0 or not finite has none", () => {
  const drawn = arrows([[0, 0], [10, 10], [20, 20], [30, 30]], [[3, 4], [0, 0], [NaN, 1], [0, -2.5]], 20)
  assert.deepEqual(drawn.map(({ length }) => length), [20, 10])
  assert.deepEqual([drawn[0]?.dx, drawn[0]?.dy], [12, 16])
  assert.deepEqual([drawn[1]?.x, drawn[1]?.dy], [30, -10])
  assert.deepEqual(arrows([[0, 0]], [[0, 0]], 20), [])
  assert.equal(arrowPath({ x: 0, y: 0, dx: 20, dy: 0, length: 20 }).match(/M/g)?.length, 2)
  assert.equal(arrowPath({ x: 0, y: 0, dx: 2, dy: 0, length: 2 }), "M0.0 0.0L2.0 0.0")
})

test("arrows begin outside the marks and end inside the frame", () => {
  const frame = { left: 0, right: 100, top: 0, bottom: 100 }
  const [right, up] = arrows([[60, 50], [50, 50]], [[4, 0], [0, -2]], 36, { from: 10, frame })
  assert.deepEqual([right?.x, (right?.x ?? 0) + (right?.dx ?? 0)], [70, 100]) // 30 pixels are left of 36
  assert.deepEqual([up?.y, up?.dy], [40, -15]) // all on one scale
  assert.equal(arrows([[95, 50]], [[1, 0]], 36, { from: 10, frame })[0]?.length, 12)
  assert.deepEqual(arrows([[50, 50]], [[0, 0]], 36, { from: 10, frame }), [])
})

test("comparable ranges have equal units, and an arrow crosses the level lines whatever the axes", () => {
  const room = { width: 400, height: 400 }
  assert.deepEqual(axesIn({ low: -1, high: 1 }, { low: 0, high: 1 }, room), { width: 400, height: 200, stretch: 1 })
  const stretched = axesIn({ low: -1, high: 1 }, { low: -0.1, high: 0.1 }, room)
  assert.deepEqual([stretched.width, stretched.height, Math.round(stretched.stretch)], [400, 400, 10])
  // of a loss that grows with 3 x + 2 y: along a level line 3 dx + 2 dy is 0
  const [perX, perY] = [200, -2000]
  const [ax, ay] = inPicture(3, 2, perX, perY)
  const [lx, ly] = [2 * perX, -3 * perY]
  assert.ok(Math.abs(ax * lx + ay * ly) < 1e-12)
  assert.ok(ax > 0 && ay < 0)
})

test("the nearest point is found within reach alone", () => {
  assert.equal(nearest([[0, 0], [10, 0], [12, 0]], 11.5, 0, 5), 2)
  assert.equal(nearest([[0, 0]], 6, 0, 5), -1)
})

test("a class's colour grows with its lead, and the picture has y upwards", () => {
  const [red, blue, white] = /** @type {const} */ ([[255, 0, 0], [0, 0, 255], [255, 255, 255]]).map((color) => /** @type {[number, number, number]} */ ([...color]))
  if (!red || !blue || !white) throw new Error("colours")
  const green = (/** @type {number} */ pixel) => (pixel >> 8) & 255
  assert.ok(green(mixed(red, white, 0)) > green(mixed(red, white, 0.5)))
  assert.ok(green(mixed(red, white, 0.5)) > green(mixed(red, white, 1)))
  // class 0 ahead below, class 1 above
  const pixels = planePixels([[[1, 1], [0, 0]], [[0, 0], [1, 1]]], 3, byClass([red, blue], white))
  assert.equal(pixels[6], mixed(red, white, 1))
  assert.equal(pixels[0], mixed(blue, white, 1))
  assert.deepEqual(rgbOf("rgb(0, 113, 106)"), [0, 113, 106])
})

test("what is not finite is black and white, never a colour of the scale", () => {
  const scale = makeScale({ kind: "forward", scheme: "light", extent: 1 })
  const pixels = planePixels([[["NaN", "NaN"], ["NaN", "NaN"]]], 8, byOutput(scale, 0, 0))
  assert.deepEqual([...new Set(pixels)].sort(), [0xff000000, 0xffffffff].sort())
  assert.equal(planePixels([[[0.5, 0.5], [0.5, 0.5]]], 2, byOutput(scale, 0, 0.5))[0], scale.colors[255])
})

test("a ground with hatches has the pixels that it is shown with, and never none", () => {
  assert.equal(groundSide(true, 412, 96), 412)
  assert.equal(groundSide(true, 0, 96), 96)
  assert.equal(groundSide(false, 412, 96), 96)
})

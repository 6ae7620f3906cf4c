import assert from "node:assert/strict"
import { test } from "node:test"
import { countStopped, factWords, maskWords, normWords, productsOf, productWords, windowOf } from "../../static/lib/gate_words.js"
import { generator } from "./reference.js"

/** @param {number[][]} values @returns {import("../../static/types.js").Matrix} */
const matrix = (values) => ({ rows: values.length, cols: values[0]?.length ?? 0, data: Float64Array.from(values.flat()), exact: true, shape: [values.length, values[0]?.length ?? 0], nonFinite: 0 })

test("what is stopped is counted by unit and by example", () => {
  const counts = countStopped(matrix([[1, 0, 1], [0, 0, 0], [0.25, 1, 1]]))
  assert.deepEqual(counts, { stopped: 4, cells: 9, perUnit: [1, 3, 0], perExample: [1, 2, 1], closed: [1] })
})

test("the counts of any slope add up to its zeros", () => {
  const random = generator(7)
  for (let round = 0; round < 50; round++) {
    const rows = 1 + Math.floor(random() * 9)
    const cols = 1 + Math.floor(random() * 9)
    const slope = matrix(Array.from({ length: rows }, () => Array.from({ length: cols }, () => (random() < 0.5 ? 0 : random()))))
    const { stopped, perUnit, perExample, closed } = countStopped(slope)
    const zeros = slope.data.filter((value) => value === 0).length
    assert.equal(stopped, zeros)
    assert.equal(perUnit.reduce((sum, count) => sum + count, 0), zeros)
    assert.equal(perExample.reduce((sum, count) => sum + count, 0), zeros)
    assert.ok(closed.every((unit) => perUnit[unit] === cols))
  }
})

test("a NaN slope is not stopped, and a negative zero is", () => {
  assert.equal(countStopped(matrix([[NaN, -0]])).stopped, 1)
})

test("a window has the numbers of its cells", () => {
  const whole = matrix([[1, 2, 3], [4, 5, 6], [7, 8, NaN]])
  assert.deepEqual([...windowOf(whole, [1, 3], [1, 3]).data], [5, 6, 8, NaN])
  assert.equal(windowOf(whole, [1, 3], [1, 3]).nonFinite, 1)
  assert.equal(windowOf(whole, [0, 3], [0, 3]), whole)
})

test("the facts name the counts, and say one and many", () => {
  const said = factWords({ stopped: 312, cells: 1024, closed: 3 }, "hidden 1", "ReLU", null)
  assert.match(said, /^312 of the 1,024 numbers of hidden 1 are stopped \(30 %\)/)
  assert.match(said, /3 units are stopped for every example of this batch: their weights/)
  assert.match(factWords({ stopped: 4, cells: 8, closed: 1 }, "hidden 1", "ReLU", null), /1 unit is stopped for every example of this batch: its weights/)
  assert.match(factWords({ stopped: 1, cells: 8, closed: 0 }, "hidden 1", "ReLU", null), /^1 of the 8 numbers of hidden 1 is stopped.*No unit is stopped for every example/)
  assert.match(factWords({ stopped: 0, cells: 8, closed: 0 }, "hidden 1", "tanh", null), /^None .* the slope of tanh is 0 nowhere/)
  assert.match(factWords({ stopped: 4, cells: 8, closed: 1 }, "hidden 1", "ReLU", null, true), /its weights get only what the normalisation takes from the other units/)
})

test("of one example alone, or of a part of the units, nothing is said about every example", () => {
  assert.doesNotMatch(factWords({ stopped: 2, cells: 4, closed: 2 }, "hidden 1", "ReLU", 5), /every example/)
  assert.match(factWords({ stopped: 2, cells: 4, closed: 2 }, "hidden 1", "ReLU", 5), /for example 5/)
  assert.doesNotMatch(factWords({ stopped: 2, cells: 4, closed: null }, "hidden 1", "ReLU", null), /every example/)
})

test("the product is written as it is read", () => {
  assert.equal(productWords(0.21, 0, 0), "0.21 · 0 = 0")
  assert.equal(productWords(-0.5, -0.1, 0.05), "−0.5 · (−0.1) = 0.05")
  assert.equal(productWords(NaN, 0, 0), "NaN · 0 = 0")
})

test("the products between dA and dZ are those of the layer, each beginning where the one before ends", () => {
  assert.deepEqual(productsOf({ isMasked: false, isNormalised: false }).map(({ arrives, leaves }) => [arrives, leaves]), [["dA", "dZ"]])
  for (const isNormalised of [false, true]) {
    const way = productsOf({ isMasked: true, isNormalised })
    assert.deepEqual(way.map(({ kind }) => kind), ["mask", "slope"])
    assert.equal(way[0]?.arrives, "dA")
    assert.equal(way[1]?.arrives, way[0]?.leaves)
    assert.equal(way[1]?.leaves, isNormalised ? "dN" : "dZ")
  }
})

test("what a mask drops is not said to be stopped", () => {
  assert.match(maskWords({ stopped: 3, cells: 8 }, "hidden 1", null), /^3 of the 8 numbers of hidden 1 are dropped in this step \(38 %\)/)
  assert.match(maskWords({ stopped: 0, cells: 8 }, "hidden 1", 4), /^None .* is dropped in this step for example 4/)
})

test("what a normalisation takes away belongs to a row or to a column", () => {
  assert.match(normWords(true).join(" "), /each row of dZ adds up to 0/)
  assert.match(normWords(false).join(" "), /each column of dZ adds up to 0/)
})

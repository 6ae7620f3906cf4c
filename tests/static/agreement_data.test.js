import assert from "node:assert/strict"
import { test } from "node:test"
import { byChance, indexCells, indexText, indexWords, pulling, rankUnits } from "../../static/lib/agreement_data.js"
import { generator, normal } from "./reference.js"

/** @param {(number | string)[][]} values @returns {any} */
const tensor = (values) => ({ shape: [values.length, values[0]?.length ?? 0], values })

test("where no example pulls is told apart from what is not finite", () => {
  const { matrix, idle, idleCount } = indexCells(tensor([[0.5, "NaN", "NaN"]]), tensor([[0.1, 0, "NaN"]]))
  assert.deepEqual([...idle], [0, 1, 0])
  assert.equal(idleCount, 1)
  assert.equal(matrix.nonFinite, 1)
  assert.deepEqual([...matrix.data], [0.5, 0, NaN])
})

/** Two units on three examples. @type {any} */
const trace = { layers: [{ A: tensor([[1, 0, 2], [0, 0, 0]]) }, { dZ: tensor([[0.5, -1, 0.25], [0, 0, -2]]) }] }

test("an example pulls where its term is not 0", () => {
  assert.equal(pulling(trace, 1, 0, 0), 2)
  assert.equal(pulling(trace, 1, 0, 1), 0)
  assert.equal(pulling(trace, 1, 0, null), 3)
  assert.equal(pulling(trace, 1, 1, null), 1)
  assert.equal(pulling(/** @type {any} */ ({ layers: [{ A: {} }, { dZ: {} }] }), 1, 0, 0), null)
})

test("units are ranked from least to most, and one that agrees with itself alone is none of them", () => {
  const told = /** @type {any} */ ({ layers: [{ index: 1, dW: { units: [0.3, 1] } }] })
  assert.deepEqual(rankUnits(told, trace, 5), { least: [], most: [] }) // unit 1 is pulled by one example; one unit is no ranking
  const wide = /** @type {any} */ ({ layers: [{ index: 1, dW: { units: [0.3, 0.9, 0.1, "NaN", 0.5] } }] })
  const { least, most } = rankUnits(wide, /** @type {any} */ ({ layers: [{}, {}] }), 5)
  assert.deepEqual(least.map(({ unit }) => unit), [2, 0])
  assert.deepEqual(most.map(({ unit }) => unit), [1, 4])
})

test("the index in words says who pulls, and what is left", () => {
  assert.match(indexWords(0.36, false, 32, 12), /^0\.36: of what 12 of 32 examples pull, 36 % is left; at random it would be about 29 %/)
  assert.match(indexWords(1, false, 32, 12), /^1: 12 of 32 examples pull the same way/)
  assert.match(indexWords(1, false, 32, 1), /one of 32 examples pulls/)
  assert.match(indexWords(0, true, 32, 0), /^no example pulls/)
  assert.match(indexWords(NaN, false, 32, 3), /not finite/)
  assert.equal(indexText(0.4), "0.40")
  assert.equal(indexText("NaN"), "–")
})

test("random pulls leave about 1/√k", () => {
  const random = generator(3)
  for (const k of [4, 16, 64]) {
    let [sums, magnitudes] = [0, 0]
    for (let trial = 0; trial < 4000; trial++) {
      let sum = 0
      for (let i = 0; i < k; i++) {
        const term = normal(random)
        sum += term
        magnitudes += Math.abs(term)
      }
      sums += Math.abs(sum)
    }
    assert.ok(Math.abs(sums / magnitudes / byChance(k) - 1) < 0.05, `${k} examples`)
  }
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { flowGeometry } from "../../static/draw/ribbons.js"
import { percent, summaryOf, unitWords, whyNothing } from "../../static/lib/flow_words.js"

/** @param {number[][]} values @returns {any} */
const tensor = (values) => ({ shape: [values.length, values[0]?.length ?? 0], values, stats: { zeros: values.flat().filter((value) => value === 0).length } })

/** 2-2-2 on one example. @param {{W2?: number[][], dA1?: number[][], dZ1?: number[][]}} given @returns {any} */
const trace = ({ W2 = [[1, 0], [0, 1]], dA1 = [[3], [1]], dZ1 = [[3], [0]] } = {}) => ({
  step: 1, loss: 0.5, dtype: "float64", batch: { size: 1 },
  layers: [
    { index: 0, name: "input", size: 2, dA: tensor([[2], [2]]) },
    { index: 1, name: "hidden 1", size: 2, activation: "relu", W: tensor([[1, 1], [1, 1]]), dA: tensor(dA1), dZ: tensor(dZ1) },
    { index: 2, name: "output", size: 2, activation: "softmax", W: tensor(W2), dA: null, dZ: tensor([[3], [1]]) },
  ],
})

/** @param {any} of */
const geometryOf = (of) => /** @type {any} */ (flowGeometry(of, { width: 600, height: 300 }).geometry)

test("a part of something is never said to be none, nor all", () => {
  assert.equal(percent(1, 1000), "under 1 %")
  assert.equal(percent(999, 1000), "over 99 %")
  assert.equal(percent(0, 1000), "0 %")
  assert.equal(percent(1000, 1000), "100 %")
  assert.equal(percent(0, 0), "0 %")
})

test("the summary has the numbers of the trace", () => {
  const one = trace()
  assert.match(summaryOf(one, geometryOf(one)), /^4 leaves the loss; of what reaches hidden 1, 25 % is stopped by ReLU; 4 arrives at the input\./)
})

test("a unit's words split what reaches it", () => {
  const one = trace()
  const column = geometryOf(one).columns[1]
  assert.match(unitWords(one, column, column.units[1]), /^Unit 1 of hidden 1: Σ\|dA\| 1; 0 passes; 1 \(100 %\) is stopped by ReLU/)
})

test("where nothing flows, the reason is the one in the trace", () => {
  assert.equal(whyNothing(trace(), geometryOf(trace())), null)
  const zeros = trace({ W2: [[0, 0], [0, 0]], dA1: [[0], [0]], dZ1: [[0], [0]] })
  assert.match(whyNothing(zeros, geometryOf(zeros)) ?? "", /every weight of W\[2\] is exactly 0/)
  const dead = trace({ dZ1: [[0], [0]] })
  dead.layers[0].dA = tensor([[0], [0]])
  assert.match(whyNothing(dead, geometryOf(dead)) ?? "", /^Nothing passes hidden 1/)
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { flowGeometry } from "../../static/draw/ribbons.js"
import { percent, summaryOf, sumOf, unitWords, whyBroken, whyNothing } from "../../static/lib/flow_words.js"

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

test("an output apart from its loss stops too, and is told first", () => {
  const one = trace()
  Object.assign(one.layers[2], { activation: "sigmoid", dA: tensor([[4], [4]]), dZ: tensor([[1], [1]]) })
  assert.match(summaryOf(one, geometryOf(one)), /^8 leaves the loss; of what reaches the output layer, 75 % is stopped by sigmoid; of what reaches hidden 1, 25 % is stopped by ReLU;/)
  one.layers[2].dZ = one.layers[2].dA // as an identity does
  assert.doesNotMatch(summaryOf(one, geometryOf(one)), /output layer/)
})

test("a unit's words split what reaches it", () => {
  const one = trace()
  const column = geometryOf(one).columns[1]
  assert.match(unitWords(one, column, column.units[1]), /^Unit 1 of hidden 1: Σ\|dA\| 1; 0 passes; 1 \(100 %\) is stopped by ReLU/)
})

test("mask, slope and normalisation each have their words", () => {
  const one = trace({ dA1: [[3], [2]], dZ1: [[4], [4]] })
  Object.assign(one.layers[1], { D: tensor([[0], [2]]), dG: tensor([[0], [4]]), dN: tensor([[0], [4]]) })
  const geometry = geometryOf(one)
  assert.match(summaryOf(one, geometry), /of what reaches hidden 1, 60 % is dropped by the mask, 0 % is stopped by ReLU, and the normalisation makes 4 into 8;/)
  assert.match(unitWords(one, geometry.columns[1], geometry.columns[1].units[0]), /3 \(100 %\) is dropped by the mask; 0 \(0 %\) is stopped by ReLU; the normalisation makes Σ\|dN\| 0 into Σ\|dZ\| 4/)
  assert.match(unitWords(one, geometry.columns[1], geometry.columns[1].units[1]), /2 is added, as the mask makes larger what it keeps/)
})

test("where nothing flows, the reason is the one in the trace", () => {
  assert.equal(whyNothing(trace(), geometryOf(trace())), null)
  const zeros = trace({ W2: [[0, 0], [0, 0]], dA1: [[0], [0]], dZ1: [[0], [0]] })
  assert.match(whyNothing(zeros, geometryOf(zeros)) ?? "", /every weight of W\[2\] is exactly 0/)
  const dead = trace({ dZ1: [[0], [0]] })
  dead.layers[0].dA = tensor([[0], [0]])
  assert.match(whyNothing(dead, geometryOf(dead)) ?? "", /^Nothing passes hidden 1/)
})

test("what is not finite is no nothing", () => {
  const one = trace({ W2: [[NaN, 0], [0, NaN]], dA1: [[NaN], [NaN]], dZ1: [[NaN], [0]] })
  one.layers[0].dA = tensor([[NaN], [NaN]])
  one.layers[2].dZ = tensor([[NaN], [NaN]])
  const geometry = geometryOf(one)
  assert.equal(whyNothing(one, geometry), null)
  assert.match(whyBroken(one, geometry) ?? "", /^What reaches every layer is NaN or infinite/)
  assert.match(summaryOf(one, geometry), /^what is not finite leaves the loss; what reaches hidden 1 is not finite; what is not finite arrives at the input\./)
  assert.equal(sumOf(geometry.columns[1], 0), "not finite")
  // a part of it still has widths
  one.layers[2].dZ = tensor([[3], [1]])
  assert.equal(whyBroken(one, geometryOf(one)), null)
  assert.match(summaryOf(one, geometryOf(one)), /^4 leaves the loss; what reaches hidden 1 is not finite/)
  assert.equal(whyBroken(trace(), geometryOf(trace())), null)
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { apart, axisFor, batchAndTest, linearRange, logRange, logTicks, oddities, ofLayers, plotted, rangeOf, sideBySide, sparkline, stepByKey, stepsOf } from "../../static/lib/curve_data.js"
import { ticks } from "../../static/lib/plane.js"

/** @param {Partial<import("../../static/types.js").History>} given @returns {import("../../static/types.js").History} */
const history = (given) => ({ steps: [], loss: [], accuracy: [], test_loss: [], test_accuracy: [], layers: [], ...given })
const values = (/** @type {import("../../static/lib/curve_data.js").Series[]} */ series) => series.map((one) => one.values)

test("step 0 is the network before its first batch, which only the test set has seen", () => {
  const told = history({ initial: { test_loss: 2.5, test_accuracy: 0.1 }, steps: [1], loss: [2], accuracy: [0.25], test_loss: [1.5], test_accuracy: [0.5] })
  assert.deepEqual(stepsOf(told), [0, 1])
  assert.deepEqual(values(batchAndTest(told, "loss")), [[null, 2], [2.5, 1.5]])
  assert.deepEqual(values(batchAndTest(told, "accuracy")), [[null, 25], [10, 50]])
  assert.deepEqual(batchAndTest(history({ steps: [1], accuracy: [0.29] }), "accuracy").map(({ name, values }) => [name, ...values]), [["accuracy in %", 29], ["test_accuracy in %"]])
})

test("a loss that is not finite is a gap and a mark, never 0", () => {
  const [batch, test] = batchAndTest(history({ steps: [1, 2, 3], loss: [1, "NaN", "Infinity"], test_loss: ["-Infinity", 2, 3] }), "loss")
  assert.deepEqual(plotted(batch.values, "linear"), [1, null, null])
  assert.deepEqual(oddities(batch.values, "linear"), [{ index: 1, kind: "nan" }, { index: 2, kind: "infinity" }])
  assert.deepEqual(oddities(test.values, "linear"), [{ index: 0, kind: "-infinity" }])
})

test("a zero has no place on a logarithmic axis, and is marked; what was never told is neither", () => {
  assert.deepEqual(plotted([0, 2, null], "log"), [null, 2, null])
  assert.deepEqual(oddities([0, 2, null], "log"), [{ index: 0, kind: "zero" }])
  assert.deepEqual(plotted([0, 2, null], "linear"), [0, 2, null])
  assert.deepEqual(oddities([0, 2, null], "linear"), [])
})

test("layers have a curve each; dead units are a share of their layer, and only hidden units die", () => {
  const layer = (/** @type {number} */ index) => ({ index, W_l2: [null, 2], dW_l2: [1, 0.5], db_l2: [0, "NaN"], update_l2: [1, 1], update_to_weight: [null, 0.5], dead_units: [1, 3] })
  const told = history({ initial: {}, steps: [1, 2], layers: [layer(1), layer(2)] })
  assert.deepEqual(values(ofLayers(told, "dW_l2", [2, 4, 3])), [[null, 1, 0.5], [null, 1, 0.5]])
  assert.deepEqual(values(ofLayers(told, "dead_units", [2, 4, 3])), [[null, 25, 75]])
  assert.deepEqual(ofLayers(told, "dead_units", [2, 4, 3]).map(({ name }) => name), ["dead_units[1] in %"])
  assert.deepEqual(ofLayers(told, "W_l2", [2, 4, 3]).map(({ name }) => name), ["W_l2[1]", "W_l2[2]"])
})

test("a logarithmic axis holds all that is drawn, and its numbers are few and round", () => {
  for (const [low, high] of [[0.013, 0.9], [1e-9, 1e4], [3, 3], [1, 1], [1e-300, 1e300], [3e-320, 1.7e308]]) {
    const [begin, end] = logRange(low, high)
    assert.ok(begin <= low * (1 + 1e-9) && end >= high * (1 - 1e-9) && begin < end, `${begin} to ${end}`)
    const ticks = logTicks(begin, end, 6)
    assert.ok(ticks.length >= 1 && ticks.length <= 7, String(ticks))
    for (const tick of ticks) assert.match(tick.toExponential(), /^[125]e/)
  }
  assert.deepEqual(logRange(null, null), [0.1, 1])
  assert.deepEqual(logTicks(0.01, 1, 8), [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1])
})

test("labels are moved apart as little as need be, and left out where there is no room", () => {
  assert.deepEqual(apart([10, 50], 12, 0, 100), [10, 50])
  assert.deepEqual(apart([50, 48], 12, 0, 100), [60, 48])
  assert.deepEqual(apart([99, 98], 12, 0, 100), [100, 88])
  assert.equal(apart([1, 2, 3], 12, 0, 20), null)
})

test("a spike among many points is in the line", () => {
  const values = Array.from({ length: 10_000 }, (_, i) => (i === 7_777 ? 10 : 1))
  const path = sparkline(values, 200, 32)
  assert.ok(path.includes(" 2.0"), "the highest point touches the top")
  assert.ok((path.match(/[ML]/g) ?? []).length <= 400)
})

test("a line far above 0 has the shape of its numbers, and a change of next to nothing stays small", () => {
  assert.deepEqual(rangeOf([2.5, 2.1, null, 2.3]), { low: 2.1, high: 2.5 })
  assert.match(sparkline([2.5, 2.1], 100, 32), /^M\S+ 2\.0L\S+ 30\.0$/)
  const { low, high } = rangeOf([0.693, 0.6931])
  assert.ok(high - low > 0.01 && low < 0.693 && high > 0.6931)
  assert.ok(Math.abs((low + high) / 2 - 0.69305) < 1e-9)
  assert.equal(rangeOf([null]), null)
})

test("one point, none, and gaps make no broken path", () => {
  assert.equal(sparkline([], 100, 32), "")
  assert.equal(sparkline([null, null], 100, 32), "")
  assert.equal(sparkline([1, null, 2], 0, 32), "")
  for (const values of [[1], [null, 1, null, 2], [0, 0]]) assert.doesNotMatch(sparkline(values, 100, 32), /NaN|Infinity/)
})

test("a linear axis has its numbers however large or small they are", () => {
  for (const high of [3e-300, 0.8, 7e75, 1.7e308]) {
    const [from, to] = linearRange(high / 2, high, null)
    const found = ticks(from, to, 5)
    assert.ok(from === 0 && to >= high && Number.isFinite(to) && found.length >= 3 && found.length <= 7, `${high}: ${found}`)
  }
  assert.deepEqual(linearRange(null, null, null), [0, 1])
  assert.deepEqual(linearRange(-2, -1, null), [-2, 1])
  assert.deepEqual(linearRange(0, 40, 100), [0, 102])
})

test("the axis is logarithmic where the largest number would press all others onto the foot", () => {
  assert.equal(axisFor([[null, 2.3, 1.2, 0.1], [2.4, 1.1, 0.05, 0]]), "linear")
  assert.equal(axisFor([[2.3, 1.1, 0.7], [3, 1473, 1.8e14, 6e75, "NaN"]]), "log")
  assert.equal(axisFor([[1e-300, 2e-300], [3e-300]]), "linear")
  assert.equal(axisFor([[1e-300, 2e-300, 1e300]]), "log")
  assert.equal(axisFor([[-1, 1, 1, 1e9]]), "linear") // what is below 0 has no place on the other
  assert.equal(axisFor([[0, 0], ["NaN"], []]), "linear")
})

test("keys lead from step to step as on a slider", () => {
  assert.deepEqual(["ArrowLeft", "ArrowRight", "PageUp", "Home", "End"].map((key) => stepByKey(key, 20, 0, 100)), [19, 21, 30, 0, 100])
  assert.deepEqual([stepByKey("ArrowLeft", 1, 1, 9), stepByKey("ArrowUp", 9, 1, 9), stepByKey("n", 5, 1, 9)], [1, 9, null])
})

test("names at the ends of lines are moved apart only where they are side by side", () => {
  assert.deepEqual(sideBySide([{ x: 300 }, { x: 90 }, { x: 310 }], 16), [[{ x: 90 }], [{ x: 300 }, { x: 310 }]])
  assert.deepEqual(sideBySide([], 16), [])
})

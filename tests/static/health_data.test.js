import assert from "node:assert/strict"
import { test } from "node:test"
import { byRule, findingsWords, layersWords, logAxis, logShare, sortLayers } from "../../static/lib/health_data.js"

/** @param {...(number | string)} values @returns {any[]} */
const layers = (...values) => values.map((dZ, index) => ({ index, dZ }))
/** @param {any[]} sorted */
const order = (sorted) => sorted.map(({ index }) => index)

test("layers are sorted either way, and what has no number comes last", () => {
  const given = layers("NaN", 1e-9, 3, "Infinity", 1e-9)
  assert.deepEqual(order(sortLayers(given, "dZ", true)), [3, 2, 1, 4, 0])
  assert.deepEqual(order(sortLayers(given, "dZ", false)), [1, 4, 2, 3, 0])
  assert.deepEqual(order(sortLayers(given, "index", true)), [4, 3, 2, 1, 0])
})

test("an axis has whole powers of ten around what a logarithm has", () => {
  assert.deepEqual(logAxis([0.02, 3, 0, "NaN", "Infinity"]), { low: -2, high: 1 })
  assert.deepEqual(logAxis([1]), { low: -2, high: 0 })
  assert.equal(logAxis([0, "NaN"]), null)
})

test("bars are as long as the logarithm says; 0 has none, an infinity all of it", () => {
  const axis = logAxis([1e-6, 1])
  assert.deepEqual(axis, { low: -7, high: 0 })
  assert.equal(logShare(1, axis), 1)
  assert.ok(Math.abs(logShare(1e-6, axis) - 1 / 7) < 1e-12)
  assert.equal(logShare(0, axis), 0)
  assert.equal(logShare("NaN", axis), 0)
  assert.equal(logShare("Infinity", axis), 1)
  assert.equal(logShare(5, null), 0)
})

test("what does not apply comes last too, and has no bar", () => {
  const given = /** @type {any[]} */ ([{ index: 0, dZ: null }, { index: 1, dZ: 2 }, { index: 2, dZ: 0 }])
  assert.deepEqual(order(sortLayers(given, "dZ", false)), [2, 1, 0])
  assert.equal(logShare(null, logAxis([1, null])), 0)
})

test("a rule that many layers break is one thing to know", () => {
  const of = (/** @type {string} */ name, /** @type {number} */ layer) => /** @type {any} */ ({ rule: { name }, layer })
  const broken = byRule([of("vanishing", 8), of("update_ratio", 2), of("cancelling", 9), of("update_ratio", 5), of("update_ratio", 1)])
  assert.deepEqual(broken.map(({ worst, others }) => [worst.rule.name, worst.layer, layersWords(others.length ? others : [worst])]), [
    ["vanishing", 8, "layer 8"],
    ["update_ratio", 2, "layers 1 and 5"],
    ["cancelling", 9, "layer 9"],
  ])
})

test("findings are counted in words", () => {
  /** @param {...string} of @returns {any[]} */
  const found = (...of) => of.map((severity) => ({ worst: { severity } }))
  assert.equal(findingsWords([]), "Nothing found")
  assert.equal(findingsWords(found("warning", "note", "note")), "1 warning and 2 notes")
  assert.equal(findingsWords(found("broken")), "This step is broken")
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { boundsOf, configOf, fieldOf, ingredientValues, shapeOf, valuesOf } from "../../static/lib/form_values.js"

/** @param {string} name @param {object[]} [parameters] @param {object} [facts] @returns {any} */
const entry = (name, parameters = [], facts = {}) => ({ name, title: name, description: "", equations: {}, parameters, ...facts })
const classes = { name: "classes", type: "integer", default: 3, low: 2, high: 6, low_open: false, help: "" }
const rate = { name: "learning_rate", type: "number", default: 0.1, low: 0, high: 10, low_open: true, help: "" }
const biases = { name: "decay_biases", type: "boolean", default: false, low: null, high: null, low_open: false, help: "" }

/** @type {any} */
const catalog = {
  datasets: [entry("digits", [], { features: 64, classes: 10, hidden: [32] }), entry("spirals", [classes], { features: 2, classes: 3, hidden: [8, 8] })],
  activations: [entry("relu")],
  initializers: [entry("he_normal")],
  optimizers: [entry("sgd", [rate, biases])],
}

const config = {
  dataset: { name: "spirals", classes: 4 },
  layer_sizes: [2, 16, 8, 4],
  hidden_activations: "relu",
  output_activation: "softmax",
  loss: "cross_entropy",
  initializer: { name: "he_normal" },
  optimizer: { name: "sgd", learning_rate: 0.5, decay_biases: true },
  batch_size: 20,
  seed: 7,
  dtype: "float32",
}

test("a configuration goes through the form unchanged", () => {
  assert.deepEqual(configOf(valuesOf(config, catalog), catalog), config)
})

test("what is no number reaches the server as it was typed", () => {
  const typed = { ...valuesOf(config, catalog), layer_sizes: "16, many", "optimizer.learning_rate": "fast", seed: "" }
  const sent = /** @type {any} */ (configOf(typed, catalog))
  assert.deepEqual(sent.layer_sizes, [2, 16, "many", 4])
  assert.equal(sent.optimizer.learning_rate, "fast")
  assert.equal(sent.seed, "")
})

test("the ends follow the dataset and its classes; parameters are counted with their biases", () => {
  const digits = { ...valuesOf(config, catalog), ...ingredientValues(catalog, "dataset", "digits"), layer_sizes: "32" }
  assert.deepEqual(shapeOf(digits, catalog), { sizes: [64, 32, 10], parameterCount: 2410 })
  assert.deepEqual(shapeOf({ ...digits, layer_sizes: "" }, catalog), { sizes: [64, 10], parameterCount: 650 })
  assert.equal(shapeOf({ ...digits, layer_sizes: "1.5" }, catalog).parameterCount, null)
  assert.equal(shapeOf({ ...digits, layer_sizes: "-3" }, catalog).parameterCount, null)
})

test("another dataset leaves no parameter of the one before", () => {
  const digits = { ...valuesOf(config, catalog), ...ingredientValues(catalog, "dataset", "digits"), layer_sizes: "32" }
  assert.deepEqual(/** @type {any} */ (configOf(digits, catalog)).layer_sizes, [64, 32, 10])
})

test("a problem finds its field", () => {
  const values = valuesOf(config, catalog)
  const wanted = /** @type {[string | null, string | null][]} */ ([
    ["optimizer.learning_rate", "optimizer.learning_rate"], ["layer_sizes[1]", "layer_sizes"], ["layer_sizes", "layer_sizes"],
    ["hidden_activations[0]", "hidden_activations"], ["dataset.name", "dataset"], ["loss", "output"], ["body", null], [null, null],
  ])
  for (const [field, found] of wanted) assert.equal(fieldOf(field, values), found)
})

test("bounds in words", () => {
  assert.equal(boundsOf(/** @type {any} */ (rate)), "above 0, at most 10")
  assert.equal(boundsOf(/** @type {any} */ (classes)), "at least 2, at most 6")
  assert.equal(boundsOf(/** @type {any} */ (biases)), "")
})

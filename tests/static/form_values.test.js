import assert from "node:assert/strict"
import { test } from "node:test"
import { rowsOf, toEach, toSame, withRows } from "../../static/lib/form_layers.js"
import { endsOfMatrices, matrixOf } from "../../static/lib/form_numbers.js"
import { wrongFields } from "../../static/lib/form_refusals.js"
import {
  boundsOf, configOf, endsOf, fieldOf, ingredientValues, lossesFor, lossValues, outputActivationsFor, shapeOf, usualEnds, valuesOf,
} from "../../static/lib/form_values.js"
import { normalise, readCatalog } from "./app_itself.js"

const catalog = readCatalog()
const digits = catalog.defaults

/** A value within the bounds that is not the default. @param {any} parameter */
function another({ type, default: usual, low, high }) {
  if (type === "boolean") return !usual
  if (type === "integer") return usual + 1 <= (high ?? Infinity) ? usual + 1 : usual - 1
  const wider = Number(usual) + 0.0625
  return wider <= (high ?? Infinity) ? wider : Math.max(low ?? -Infinity, Number(usual) - 0.0625)
}

/** @param {any} entry @param {boolean} isChanged */
const chosen = ({ name, parameters }, isChanged) => ({ name, ...(isChanged ? Object.fromEntries(parameters.map((/** @type {any} */ one) => [one.name, another(one)])) : {}) })

const brought = {
  csv: { text: "a;b;kind\n1,5;2;x\n2,5;3;y\n3,5;4;x\n4;5;y\n", target: "kind", features: ["b"] },
  inline: { X: [[0, 0.25, 1e-9], [0, 1, -3]], Y: [[0, 1, 1]], X_test: [[1], [2]], Y_test: [[0]] },
}

/** A configuration for every entry of every register that a session is made of, as by default and with every parameter changed. */
function* everyEntry() {
  for (const isChanged of [false, true]) {
    for (const dataset of catalog.datasets) {
      yield { dataset: { ...chosen(dataset, isChanged), .../** @type {any} */ (brought)[dataset.name] } }
    }
    for (const activation of catalog.activations) {
      yield { hidden_activations: chosen(activation, isChanged) }
      yield { layer_sizes: [64, 6, 5, 10], hidden_activations: ["tanh", chosen(activation, isChanged)], dropout: [0, 0.25] }
    }
    for (const loss of catalog.losses) {
      for (const output of outputActivationsFor(catalog, loss.name)) {
        const dataset = loss.targets.includes("numbers") ? { name: "penguins" } : { name: "digits" }
        yield { dataset, output_activation: chosen(output, isChanged), loss: chosen(loss, isChanged) }
      }
    }
    for (const normalisation of catalog.normalisations) {
      yield { normalisation: chosen(normalisation, isChanged) }
      yield { layer_sizes: [64, 6, 5, 10], normalisation: [null, chosen(normalisation, isChanged)], dropout: [0, 0.25] }
      yield { layer_sizes: [64, 6, 5, 10], normalisation: [chosen(normalisation, isChanged), null], dropout: [0, 0.25] }
    }
    for (const initializer of catalog.initializers) yield { initializer: chosen(initializer, isChanged) }
    for (const optimizer of catalog.optimizers) yield { optimizer: chosen(optimizer, isChanged) }
    for (const schedule of catalog.schedules) yield { schedule: chosen(schedule, isChanged) }
    for (const clipping of catalog.clippings) yield { clipping: chosen(clipping, isChanged) }
    for (const { parameters } of catalog.dropouts) yield { dropout: isChanged ? another(parameters[0]) : parameters[0].default }
  }
  yield { layer_sizes: [64, 10] }
  yield { dataset: { name: "xor" }, layer_sizes: [2, 1, 2], W: [[[1, 2]], [[1e-7], [-0.5]]], b: [[0.1], [0, 3]], batch_size: 20, seed: 7, dtype: "float32" }
  yield { layer_sizes: [64, 2, 10], normalisation: "layer_norm", gamma: [[1, 0.5]], beta: [null] }
}

test("a configuration of every ingredient goes through the form unchanged", () => {
  const given = [...everyEntry()]
  const configs = normalise(given)
  const sent = configs.map((config, i) => {
    const own = /** @type {any} */ (given[i]).dataset
    const values = valuesOf(own && config.dataset.content ? { ...config, dataset: { ...config.dataset, ...own } } : config, catalog)
    const { layer_sizes: sizes } = config
    return configOf(values, catalog, { features: sizes[0], outputs: sizes.at(-1), targets: null, examples: null })
  })
  assert.ok(sent.length > 150, `${sent.length} configurations`)
  normalise(sent).forEach((config, i) => assert.deepEqual(config, configs[i], JSON.stringify(given[i])))
})

test("what is no number reaches the server as it was typed", () => {
  const typed = { ...valuesOf(digits, catalog), layer_sizes: "16, many", "optimizer.learning_rate": "fast", seed: "", W: "[[1" }
  const sent = /** @type {any} */ (configOf(typed, catalog))
  assert.deepEqual(sent.layer_sizes, [64, 16, "many", 10])
  assert.equal(sent.optimizer.learning_rate, "fast")
  assert.equal(sent.seed, "")
  assert.equal(sent.W, "[[1")
})

test("the ends follow the dataset: its classes where they are chosen, its numbers where it has none", () => {
  const values = { ...valuesOf(digits, catalog), layer_sizes: "32" }
  assert.deepEqual(shapeOf(values, catalog), { sizes: [64, 32, 10], parameterCount: 2410 })
  assert.deepEqual(shapeOf({ ...values, layer_sizes: "" }, catalog), { sizes: [64, 10], parameterCount: 650 })
  const normalised = { ...values, ...ingredientValues(catalog, "normalisation", "batch_norm") }
  assert.deepEqual(shapeOf(normalised, catalog), { sizes: [64, 32, 10], parameterCount: 2410 + 64 })
  assert.deepEqual(shapeOf(toEach(normalised), catalog), { sizes: [64, 32, 10], parameterCount: 2410 + 64 })
  assert.equal(shapeOf({ ...values, layer_sizes: "1.5" }, catalog).parameterCount, null)
  assert.equal(shapeOf({ ...values, layer_sizes: "-3" }, catalog).parameterCount, null)
  const spirals = { ...values, ...ingredientValues(catalog, "dataset", "spirals"), "dataset.classes": "5" }
  assert.deepEqual(shapeOf(spirals, catalog).sizes, [2, 32, 5])
  assert.deepEqual(shapeOf({ ...spirals, ...ingredientValues(catalog, "dataset", "digits") }, catalog).sizes, [64, 32, 10])
  const penguins = { ...values, ...ingredientValues(catalog, "dataset", "penguins") }
  assert.deepEqual(shapeOf(penguins, catalog).sizes, [3, 32, 1])
  assert.equal(endsOf(penguins, catalog).targets, "numbers")
  assert.deepEqual(shapeOf({ ...values, ...ingredientValues(catalog, "dataset", "csv") }, catalog).sizes, ["?", 32, "?"])
})

test("only fitting losses and outputs are offered, and the usual ones come with the targets", () => {
  const names = (/** @type {any[]} */ entries) => entries.map(({ name }) => name)
  assert.ok(!names(lossesFor(catalog, "numbers")).includes("cross_entropy"))
  assert.ok(!names(lossesFor(catalog, "labels")).includes("cross_entropy"))
  assert.ok(names(lossesFor(catalog, "classes")).includes("cross_entropy"))
  assert.equal(lossesFor(catalog, null).length, catalog.losses.length)
  assert.deepEqual(names(outputActivationsFor(catalog, "cross_entropy")), ["softmax"])
  for (const targets of ["classes", "labels", "numbers"]) {
    const { output_activation, loss } = usualEnds(catalog, targets)
    assert.ok(names(lossesFor(catalog, targets)).includes(loss), targets)
    assert.ok(names(outputActivationsFor(catalog, loss)).includes(output_activation), targets)
  }
  const softmax = valuesOf(digits, catalog)
  assert.equal(lossValues(catalog, softmax, "binary_cross_entropy").output_activation, "sigmoid")
  assert.equal(lossValues(catalog, softmax, "mse").output_activation, undefined, "softmax fits the squared error, and stays")
  assert.equal(lossValues(catalog, { ...softmax, output_activation: "gelu" }, "cross_entropy").output_activation, "softmax")
})

test("hidden layers come apart and together again", () => {
  const values = { ...valuesOf(digits, catalog), layer_sizes: "16, 8", dropout: "0.5", ...ingredientValues(catalog, "hidden_activations", "elu") }
  const each = toEach(values)
  assert.deepEqual(rowsOf(each), ["16", "8"].map((size) => ({ size, dropout: "0.5", normalisation: "", hidden_activations: "elu", "hidden_activations.alpha": "1" })))
  assert.deepEqual(toSame(each), values)
  const one = withRows(each, rowsOf(each).slice(1))
  assert.deepEqual(/** @type {any} */ (configOf(one, catalog)).layer_sizes, [64, 8, 10])
  const blank = withRows(each, [{ ...rowsOf(each)[0], size: "" }])
  assert.deepEqual(/** @type {any} */ (configOf(blank, catalog)).layer_sizes, [64, "", 10], "an empty size is not lost, but refused by the server")
})

test("a problem finds its field", () => {
  const same = valuesOf(digits, catalog)
  const each = { ...toEach({ ...same, layer_sizes: "4, 4" }), ...ingredientValues(catalog, "hidden_activations[1]", "elu") }
  const inline = { ...same, ...ingredientValues(catalog, "dataset", "inline") }
  const wanted = /** @type {[string | null, Record<string, string>, string | null][]} */ ([
    ["optimizer.learning_rate", same, "optimizer.learning_rate"], ["layer_sizes[1]", same, "layer_sizes"], ["layer_sizes", same, "layer_sizes"],
    ["hidden_activations[0]", same, "hidden_activations"], ["dataset.name", same, "dataset"], ["loss", same, "loss"],
    ["W[0][1]", same, "W"], ["body", same, null], [null, same, null],
    ["layer_sizes[2]", each, "layer_sizes[2]"], ["layer_sizes", each, "layer_sizes[1]"], ["dropout[1].rate", each, "dropout[1]"], ["dropout.rate", same, "dropout"],
    ["hidden_activations[1].alpha", each, "hidden_activations[1].alpha"], ["dataset.X[0][3]", inline, "dataset.X"], ["dataset.Y", inline, "dataset.Y"],
  ])
  for (const [field, values, found] of wanted) assert.equal(fieldOf(field, values), found, String(field))
})

test("bounds in words", () => {
  const parameter = (/** @type {object} */ given) => /** @type {any} */ ({ type: "number", low: null, high: null, low_open: false, ...given })
  assert.equal(boundsOf(parameter({ low: 0, high: 10, low_open: true })), "above 0, at most 10")
  assert.equal(boundsOf(parameter({ type: "integer", low: 2, high: 6 })), "at least 2, at most 6")
  assert.equal(boundsOf(parameter({ type: "boolean" })), "")
})

test("matrices are read as they are written by hand, and what is no number stays", () => {
  assert.deepEqual(matrixOf("0 0 1 1\n0, 1,0;1\n"), [[0, 0, 1, 1], [0, 1, 0, 1]])
  assert.deepEqual(matrixOf("[[1, 2], [3e-2, 4]]"), [[1, 2], [0.03, 4]])
  assert.deepEqual(matrixOf("1 x"), [[1, "x"]])
  assert.deepEqual(endsOfMatrices([[1, 2], [3, 4]], [[1, 0], [0, 1]]), { features: 2, outputs: 2, targets: "classes", examples: 2 })
  assert.deepEqual(endsOfMatrices([[1, 2]], [[1, 0]]), { features: 1, outputs: 1, targets: "labels", examples: 2 })
  assert.deepEqual(endsOfMatrices([[1, 2]], [[1, 5]]), { features: 1, outputs: 1, targets: "numbers", examples: 2 })
  assert.equal(endsOfMatrices([[1, "x"]], [[1, 5]]), null)
})

test("arrays that are missing are asked for as they are typed", () => {
  const values = { ...valuesOf(digits, catalog), ...ingredientValues(catalog, "dataset", "inline"), "dataset.Y": "0 1", batch_size: "2" }
  assert.deepEqual(wrongFields(values, catalog), { "dataset.X": "X is missing; type it a row a line, one example a column." })
  assert.deepEqual(wrongFields({ ...values, "dataset.X": "1 2" }, catalog), {})
})

test("hidden layers that can't be are told in the words that were typed", () => {
  const usual = valuesOf(digits, catalog)
  const told = (/** @type {any} */ changes) => wrongFields({ ...usual, ...changes }, catalog)
  assert.deepEqual(told({}), {})
  assert.deepEqual(told({ layer_sizes: " " }), {})
  assert.match(told({ layer_sizes: ", " }).layer_sizes ?? "", /^Hidden layers: "," holds no size; leave the field empty/)
  const gaps = { "3,,4": "between two marks (,,)", "3, ; 4": "between two marks (,;)", "32,": "behind its last mark", ",32": "before its first mark" }
  for (const [typed, where] of Object.entries(gaps)) assert.equal(told({ layer_sizes: typed }).layer_sizes, `Hidden layers: "${typed}" lacks a size ${where}.`)
  for (const typed of ["3 4", " 3, 4 ", "3 → 4", "3,\t4", "3-4"]) assert.deepEqual(told({ layer_sizes: typed }), {})
  assert.equal(told({ layer_sizes: "9".repeat(400) }).layer_sizes, "Hidden layers: 9999999999999999… (400 characters) can't be; each must be a whole number, at least 1.")
  assert.match(told({ layer_sizes: "32, 100000" }).layer_sizes ?? "", /^Hidden layers of 32, 100000 make 4,302,090 parameters; this server takes at most 4,000,000\.$/)
  assert.equal(told({ layer_sizes: Array(42).fill("2").join(" ") }).layer_sizes, "Hidden layers are 42; this server takes at most 31.")
  assert.match(told({ layer_sizes: "5000", batch_size: "1000" }).layer_sizes ?? "", /a batch of 1000, 5,074,000 activations; this server takes at most 4,000,000/)
  const each = toEach({ ...usual, layer_sizes: "32, 100000" })
  assert.deepEqual(Object.keys(wrongFields(each, catalog)), ["layer_sizes[2]"])
  assert.deepEqual(Object.keys(wrongFields({ ...each, "layer_sizes[2]": "x" }, catalog)), ["layer_sizes[2]"])
})

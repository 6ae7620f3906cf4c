import assert from "node:assert/strict"
import { test } from "node:test"
import { differencesOf } from "../../static/lib/compare_words.js"
import { changesOf, forkChoices, openFields, openProblems, openValues } from "../../static/lib/fork_choices.js"
import { leftBehindWords } from "../../static/lib/fork_edits.js"
import { ingredientValues } from "../../static/lib/form_values.js"
import { normalise, readCatalog } from "./app_itself.js"

const catalog = readCatalog()
const configs = normalise([
  {},
  { dataset: { name: "moons" }, layer_sizes: [2, 4, 2], hidden_activations: "tanh", normalisation: "layer_norm", dropout: 0.2, optimizer: { name: "adam", learning_rate: 10 }, clipping: "value", batch_size: 2 },
  { dataset: { name: "blobs" }, layer_sizes: [2, 3], optimizer: { name: "sgd", learning_rate: 0.3 } },
])

test("every ready choice is taken by the server, and changes the one thing that it names", () => {
  const choices = configs.flatMap((config) => forkChoices(catalog, config, 0).map((choice) => ({ ...choice, config })))
  assert.ok(choices.length > 25)
  for (const config of configs) assert.equal(new Set(choices.filter((one) => one.config === config).map(({ key }) => key)).size, choices.filter((one) => one.config === config).length)
  normalise(choices.map(({ changes, config }) => ({ ...config, ...changes }))).forEach((made, at) => {
    const { changes, config, key } = choices[at]
    const fields = new Set(differencesOf(made, config).map(({ field }) => field.split(".")[0]))
    assert.deepEqual([...fields], Object.keys(changes), key)
  })
})

test("after a step only what a run can go on with is offered", () => {
  for (const config of configs) {
    const fields = forkChoices(catalog, config, 5).flatMap(({ changes }) => Object.keys(changes))
    assert.ok(fields.length > 0)
    for (const field of fields) assert.ok(["optimizer", "schedule", "clipping", "batch_size"].includes(field), field)
    assert.ok(openFields(catalog, config, 5).every(({ field }) => ["learning_rate", "optimizer", "schedule", "clipping", "batch_size"].includes(field)))
  }
})

test("the learning rate changes by ten without noise, within its bounds", () => {
  const rates = configs.map((config) => forkChoices(catalog, config, 0).filter(({ title }) => title === "Learning rate").map(({ changes }) => changes.optimizer.learning_rate))
  assert.deepEqual(rates, [[1, 0.01], [1], [3, 0.03]])
})

test("any other value goes to the server as it was chosen or typed", () => {
  const [config] = configs
  const fields = openFields(catalog, config, 0)
  const changed = (field, values) => {
    const open = fields.find((one) => one.field === field)
    return changesOf(catalog, config, open, { ...openValues(catalog, config, open), ...values })
  }
  assert.equal(changed("learning_rate", { "optimizer.learning_rate": "0.25" }).optimizer.learning_rate, 0.25)
  assert.equal(changed("learning_rate", { "optimizer.learning_rate": "fast" }).optimizer.learning_rate, "fast")
  assert.equal(changed("optimizer", ingredientValues(catalog, "optimizer", "adam")).optimizer.beta1, 0.9)
  assert.deepEqual(changed("hidden_activations", { ...ingredientValues(catalog, "hidden_activations", "leaky_relu"), "hidden_activations.negative_slope": "0.2" }), { hidden_activations: { name: "leaky_relu", negative_slope: 0.2 } })
  assert.deepEqual(changed("normalisation", { normalisation: "" }), { normalisation: null })
  for (const one of configs) normalise(openFields(catalog, one, 0).map((open) => ({ ...one, ...changesOf(catalog, one, open, openValues(catalog, one, open)) })))
})

test("what stands in a run is within its bounds, and what is out of them is said at its field", () => {
  for (const config of configs) for (const open of openFields(catalog, config, 0)) assert.deepEqual(openProblems(catalog, open, openValues(catalog, config, open)), {}, open.field)
  const open = (field) => openFields(catalog, configs[0], 0).find((one) => one.field === field)
  assert.match(openProblems(catalog, open("learning_rate"), { "optimizer.learning_rate": "-1" })["optimizer.learning_rate"], /above 0 and at most 10/)
  assert.match(openProblems(catalog, open("batch_size"), { batch_size: "0" }).batch_size, /a whole number, at least 1/)
  assert.match(openProblems(catalog, open("dropout"), { dropout: "1" }).dropout, /at most 0.99/)
  assert.deepEqual(Object.keys(openProblems(catalog, open("optimizer"), ingredientValues(catalog, "optimizer", "adam", { beta1: 2 }))), ["optimizer.beta1"])
})

test("a fork of an edited run says what it will be without, and where it would have it", () => {
  const log = [[0, { name: "freeze", layer: 1 }], [0, { name: "optimizer", changes: { learning_rate: 0.5 } }], [6, { name: "ablate", layer: 1, unit: 2 }]].map(([step, action], at) => /** @type {any} */ ({ number: at + 1, step, action }))
  const words = (/** @type {number} */ at, /** @type {number} */ looked, entries = log, newest = 9) => leftBehindWords(entries, { at, looked, newest }, [])
  const ablated = "after step 6, unit 2 of layer 1 ablated"
  const rate = "before its first step, learning rate 0.5"
  assert.equal(words(0, 9), `The fork is without an edit of this run: ${ablated}. With another optimizer it is also without: ${rate}. Forked from step 9 on, it has it.`)
  assert.equal(words(0, 4), `The fork is without an edit of this run: ${ablated}. With another optimizer it is also without: ${rate}.`)
  assert.equal(words(4, 4), `The fork is without an edit of this run: ${ablated}.`)
  assert.equal(words(6, 6), `The fork is without an edit of this run: ${ablated}.`) // made after step 6, so the fork's step 7 is taken without it
  assert.deepEqual([words(7, 7), words(9, 9), words(6, 6, log, 6), words(0, 9, [])], ["", "", "", ""])
  assert.match(words(0, 3, Array(5).fill(log[2])), /without 5 edits of this run: .*; 2 more\.$/)
})

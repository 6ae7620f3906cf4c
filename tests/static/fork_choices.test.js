import assert from "node:assert/strict"
import { test } from "node:test"
import { differencesOf } from "../../static/lib/compare_words.js"
import { changesOf, forkChoices, openFields } from "../../static/lib/fork_choices.js"
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
  assert.equal(changesOf(catalog, config, "learning_rate", "0.25").optimizer.learning_rate, 0.25)
  assert.equal(changesOf(catalog, config, "learning_rate", "fast").optimizer.learning_rate, "fast")
  assert.equal(changesOf(catalog, config, "optimizer", "adam").optimizer.beta1, 0.9)
  assert.deepEqual(changesOf(catalog, config, "normalisation", ""), { normalisation: null })
  normalise(openFields(catalog, config, 0).map(({ field, usual }) => ({ ...config, ...changesOf(catalog, config, field, usual) })))
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { editedWords, standingOf, startingEdits, withoutWords } from "../../static/lib/compare_edits.js"
import { configAt, configNow, differencesAt, differencesOf, differenceWords, laterWords, originOf } from "../../static/lib/compare_words.js"
import { normalise } from "./app_itself.js"

const base = { dataset: { name: "moons" }, layer_sizes: [2, 4, 4, 2] }
const [usual, ...others] = normalise([
  base,
  { ...base, hidden_activations: "tanh" },
  { ...base, hidden_activations: ["relu", { name: "leaky_relu", negative_slope: 0.2 }] },
  { ...base, optimizer: { name: "sgd", learning_rate: 1, decay_biases: true } },
  { ...base, optimizer: { name: "adam" }, batch_size: 8 },
  { ...base, normalisation: "batch_norm", dropout: 0.5, clipping: "norm" },
  { ...base, layer_sizes: [2, 3, 2], dataset: { name: "moons", noise: 0.3 } },
])
const words = (config) => differencesOf(config, usual).map(differenceWords)

test("what differs is told field by field, and nothing else", () => {
  assert.deepEqual(words(usual), [])
  assert.deepEqual(others.map(words), [
    ["activation tanh instead of relu"],
    ["activation relu, leaky_relu (negative slope 0.2) instead of relu"],
    ["learning rate 1 instead of 0.1", "decay biases on instead of off"],
    ["optimizer adam (learning rate 0.001) instead of sgd (learning rate 0.1)", "batch size 8 instead of 32"],
    ["normalisation batch_norm instead of none", "dropout 0.5 instead of 0", "clipping norm instead of none"],
    ["noise 0.3 instead of 0.1", "layers 2–3–2 instead of 2–4–4–2"],
  ])
})

test("what was done to a run by hand is told, as what its fork began with is not", () => {
  const entry = (number, step, action) => ({ number, step, action })
  const ablated = { name: "ablate", layer: 1, unit: 2 }
  assert.equal(editedWords([], []), "")
  assert.equal(editedWords([entry(1, 20, { name: "configure", changes: { batch_size: 4 } })], []), "")
  assert.equal(editedWords([entry(1, 6, ablated)], []), "edited after step 6: unit 2 of layer 1 ablated")
  assert.equal(editedWords([entry(1, 0, ablated), entry(2, 6, ablated), entry(3, 7, ablated), entry(4, 7, ablated)], []), "edited before its first step: unit 2 of layer 1 ablated; after step 6: unit 2 of layer 1 ablated; 2 more")
  // a fork says what it lacks of the run that it comes from, and takes along what belongs to the start
  const [first, frozen, rule] = [entry(1, 0, ablated), entry(2, 7, { name: "freeze", layer: 1 }), entry(3, 0, { name: "optimizer" })]
  assert.equal(withoutWords([], [], "A"), "")
  assert.equal(withoutWords([], [first], "A"), "without A's edit")
  assert.equal(withoutWords([], [first, frozen, entry(9, 0, { name: "configure", changes: {} })], "A"), "without A's 2 edits")
  assert.equal(withoutWords([entry(5, 0, ablated)], [first, frozen], "A"), "without 1 of A's 2 edits")
  assert.equal(withoutWords([entry(5, 0, ablated)], [first], "A"), "")
  assert.deepEqual(startingEdits([first, frozen, rule], { seed: 1 }), [ablated, { name: "optimizer" }])
  assert.deepEqual(startingEdits([first, frozen, rule], { optimizer: {} }), [ablated])
  // what was undone does not stand in the marks
  const log = [entry(1, 6, ablated), entry(2, 7, ablated)]
  assert.deepEqual(standingOf(log, { marks: [{ step: 7, number: 2, title: "" }] }), [log[1]])
})

test("what a run was changed to since it began counts", () => {
  const now = configNow({ config: usual, changes: { batch_size: 4 } })
  assert.deepEqual(words(now), ["batch size 4 instead of 32"])
})

test("differences are those of the step that is looked at, and what comes later is told apart", () => {
  const changes = { learning_rate: 0.02 }
  const base = { session: { config: usual, changes: {} }, log: [] }
  const edited = { session: { config: usual, changes: { optimizer: { ...usual.optimizer, ...changes } } }, log: [{ number: 1, step: 72, action: { name: "optimizer", changes } }] }
  const told = (at, run = edited, other = base) => {
    const found = differencesAt({ ...run, at }, { ...other, at })
    return [found.now.map(differenceWords).join("; "), laterWords(found)]
  }
  assert.deepEqual(told(50), ["", "from step 73 on learning rate 0.02 instead of 0.1"])
  assert.deepEqual(told(72), told(50))
  assert.deepEqual(told(73), ["learning rate 0.02 instead of 0.1", ""])
  assert.deepEqual(told(50, base, edited), ["", "from step 73 on learning rate 0.1 instead of 0.02"])
  assert.deepEqual(told(50, edited, edited), ["", ""])
  // what a fork began with before the first step is there from the start, also before any step
  const other = { session: { config: usual, changes: { batch_size: 4 } }, log: [{ number: 1, step: 0, action: { name: "configure", changes: { batch_size: 4 } } }] }
  assert.deepEqual([0, 1].map((at) => told(at, other)), [["batch size 4 instead of 32", ""], ["batch size 4 instead of 32", ""]])
  assert.equal(configAt(edited, 73).optimizer.learning_rate, 0.02)
})

test("a fork says where it comes from, where that is in sight", () => {
  const runs = [{ id: "one" }, { id: "two" }, { id: "three" }]
  assert.equal(originOf({ id: "two", parent: { id: "one", step: 0 } }, runs), "same start as A")
  assert.equal(originOf({ id: "three", parent: { id: "two", step: 12 } }, runs), "forked from B after step 12")
  assert.equal(originOf({ id: "two", parent: { id: "gone", step: 3 } }, runs), null)
  assert.equal(originOf({ id: "one", parent: null }, runs), null)
})

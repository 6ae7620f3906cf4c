import assert from "node:assert/strict"
import { test } from "node:test"
import { accuracyWords, dataName, describeRun, featureTitle, hasAccuracy, isAccuracyTold, isHeldOut, lossUnit, outputNames, planeTitle } from "../../static/lib/run_words.js"
import { normalise, readCatalog } from "./app_itself.js"

const [usual, rich] = normalise([
  {},
  {
    dataset: { name: "penguins" },
    layer_sizes: [3, 4, 4, 1],
    hidden_activations: ["tanh", { name: "leaky_relu", negative_slope: 0.2 }],
    loss: { name: "huber", delta: 2 },
    dropout: [0, 0.5],
    normalisation: [null, "layer_norm"],
    optimizer: { name: "adam" },
    schedule: { name: "step", every: 10, gamma: 0.5 },
    clipping: "norm",
    dtype: "float32",
  },
])

test("a usual run is told in few words, a rich one with what is not usual", () => {
  assert.equal(describeRun(usual, false), "digits · 64–32–10 · relu · he_normal · sgd 0.1 · batch 32 · seed 0")
  assert.equal(
    describeRun(rich, true),
    "read only · penguins · 3–4–4–1 · tanh, leaky_relu 0.2 · identity with huber 2 · layer_norm · dropout 0, 0.5 · he_normal · adam 0.001 · step 10 0.5 schedule · clipped by norm · batch 32 · seed 0 · float32",
  )
})

test("data of a file go by its name, the two ends of one that is long", () => {
  assert.equal(dataName({ name: "csv", file: "flowers.csv" }), "flowers.csv")
  assert.equal(dataName({ name: "csv" }), "csv")
  const long = dataName({ name: "csv", file: `${"a".repeat(200)} · b.csv` })
  assert.equal(long.length, 40)
  assert.match(long, /^a+…a+ b\.csv$/)
})

test("only losses of probabilities are counted in nats, and only classes are right or wrong", () => {
  const catalog = readCatalog()
  const session = (/** @type {any} */ config, /** @type {string} */ targets, test_accuracy = targets === "classes" ? 0.5 : null) => /** @type {any} */ ({ config, dataset: { targets }, test_accuracy })
  assert.equal(lossUnit(session(usual, "classes"), catalog), "nats")
  assert.equal(lossUnit(session(rich, "numbers"), catalog), "")
  assert.equal(hasAccuracy(session(usual, "classes")), true)
  assert.equal(hasAccuracy(session(rich, "numbers")), false)
  assert.equal(hasAccuracy(session(rich, "classes", null)), false)
})

test("what data of numbers count as classes are no names of outputs that are right or wrong nowhere", () => {
  const run = (/** @type {number | null} */ test_accuracy, name = "inline") => /** @type {any} */ ({ dataset: { name, targets: "classes", target_names: ["class 1", "class 2"] }, test_accuracy })
  assert.deepEqual([run(0.5), run(null), run(null, "csv"), null].map(outputNames), [["class 1", "class 2"], [], ["class 1", "class 2"], []])
})

test("classes and labels have a boundary, numbers have none, nor what only looks like shares", () => {
  const run = (/** @type {string} */ targets, /** @type {null | undefined} */ test_accuracy = undefined) => /** @type {any} */ ({ dataset: { targets }, test_accuracy })
  assert.equal(planeTitle(run("classes", null)), "Answers")
  assert.deepEqual(["classes", "labels", "numbers"].map((targets) => planeTitle(run(targets))), ["Boundary", "Boundary", "Answers"])
})

test("a share that is right is shown wherever it is told, and of what it is where it is not of examples", () => {
  const run = (/** @type {string} */ targets, /** @type {number | null} */ test_accuracy) => /** @type {any} */ ({ dataset: { targets }, test_accuracy })
  assert.deepEqual([run("classes", 0.5), run("labels", 0), run("labels", null), run("numbers", 0.5)].map(isAccuracyTold), [true, true, false, false])
  assert.equal(isAccuracyTold(null), false)
  assert.match(accuracyWords(run("labels", 0.5)), /all outputs/)
  assert.equal(accuracyWords(run("classes", 0.5)), "")
})

test("only what is held out is called a test, and only what is standardised is called so", () => {
  assert.deepEqual([true, false].map((held_out) => isHeldOut(/** @type {any} */ ({ dataset: { held_out } }))), [true, false])
  assert.equal(featureTitle({ feature_names: ["size"], standardised: true }, 0), "size, standardised")
  assert.equal(featureTitle({ standardised: false }, 1), "feature 1")
})

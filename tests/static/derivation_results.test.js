import assert from "node:assert/strict"
import { test } from "node:test"
import { namesOf } from "../../static/lib/derivation_names.js"
import { equationOf, ofLastLayer, resultsOf } from "../../static/lib/derivation_results.js"
import { settingsOf, settingsOfUpdate } from "../../static/lib/derivation_settings.js"
import { aboutUpdate } from "../../static/lib/held_words.js"

const equation = (/** @type {string} */ whole) => ({ whole, cell: whole, why: `why ${whole}`, derivation: [{ words: "first", latex: whole }] })
const entry = (/** @type {string} */ name, /** @type {Record<string, any>} */ equations) => ({ name, title: name, equations, parameters: [] })
const catalog = /** @type {any} */ ({
  layers: [entry("dense", { dW: equation("dW^{[l]} A^{[l-1]} n_l n_{l-1}"), db: equation("db^{[l]}"), dA_prev: equation("dA^{[l-1]}") })],
  activations: [entry("bent", { dZ: equation("dZ^{[l]} = bent") }), entry("wavy", { dZ: equation("dZ^{[l]} = wavy") })],
  outputs: [entry("joined", { dZ: equation("dZ^{[L]}") }), entry("apart", { dA: equation("dA^{[L]}") })],
  optimizers: [],
})

/** @param {string} tensor @param {number} layer @param {string} family @param {string} operation @param {string} [name] */
const told = (tensor, layer, family, operation, name = tensor) =>
  /** @type {any} */ ({ key: `${tensor}${layer}`, tensor, layer, lane: "backward", family, operation, title: operation, equation: name, whole: "told", cell: "told", why: "told", reads: [] })

/** A backward pass of three layers whose hidden layers differ. @param {any[]} first what the output does */
const backward = (...first) => [
  { ...told("Z", 1, "layer kind", "dense"), lane: "forward" },
  ...first,
  ...[3, 2, 1].flatMap((l) => [
    ...(l < 3 ? [told("dZ", l, "activation", l === 2 ? "bent" : "wavy")] : []),
    told("dW", l, "layer kind", "dense"), told("db", l, "layer kind", "dense"), told("dA", l - 1, "layer kind", "dense", "dA_prev"),
  ]),
]

test("eight results in the order of the derivation: the last layer's, then the chosen one's", () => {
  const phases = backward(told("dZ", 3, "output", "joined"))
  for (const [hidden, activation] of /** @type {const} */ ([[2, "bent"], [1, "wavy"]])) {
    const { output, hidden: inside } = resultsOf(catalog, phases, 3, hidden)
    assert.deepEqual(output.map(({ phase }) => phase.key), ["dZ3", "dW3", "db3", "dA2"])
    assert.deepEqual(inside.map(({ phase }) => phase.key), [`dZ${hidden}`, `dW${hidden}`, `db${hidden}`, `dA${hidden - 1}`])
    assert.deepEqual([...output, ...inside].map(({ number }) => number), [1, 2, 3, 4, 5, 6, 7, 8])
    assert.deepEqual(output.map(({ layer }) => layer), ["L", "L", "L", "L−1"])
    assert.deepEqual(inside.map(({ layer }) => layer), ["l", "l", "l", "l−1"])
    assert.deepEqual(inside.map(({ like }) => like?.number), [undefined, 2, 3, 4])
    assert.equal(inside[0]?.equation.whole, `dZ^{[l]} = ${activation}`)
  }
})

test("the equations of the last layer are written with L", () => {
  const { output, hidden } = resultsOf(catalog, backward(told("dZ", 3, "output", "joined")), 3, 2)
  assert.equal(output[1]?.equation.whole, "dW^{[L]} A^{[L-1]} n_L n_{L-1}")
  assert.equal(output[1]?.equation.derivation[0]?.latex, output[1]?.equation.whole)
  assert.equal(hidden[1]?.equation.whole, "dW^{[l]} A^{[l-1]} n_l n_{l-1}")
  assert.equal(ofLastLayer(String.raw`\sum_{j=1}^{n_{l}} \lambda`), String.raw`\sum_{j=1}^{n_{L}} \lambda`)
})

test("an output that is differentiated apart from its loss has one result more", () => {
  const { output, hidden } = resultsOf(catalog, backward(told("dA", 3, "output", "apart"), told("dZ", 3, "activation", "bent")), 3, 2)
  assert.deepEqual(output.map(({ phase, layer }) => `${phase.tensor} ${layer}`), ["dA L", "dZ L", "dW L", "db L", "dA L−1"])
  assert.deepEqual(hidden.map(({ number }) => number), [6, 7, 8, 9])
  assert.deepEqual(hidden.map(({ like }) => like?.number), [2, 3, 4, 5])
  const anchors = [...output, ...hidden].map(({ anchor }) => anchor)
  assert.deepEqual(hidden.map(({ like }) => like?.anchor), ["output-dZ", "output-dW", "output-db", "output-dA-before"])
  assert.equal(new Set(anchors).size, anchors.length)
})

test("a network without a hidden layer has its output layer alone", () => {
  const deep = backward(told("dZ", 3, "output", "joined")).slice(1, 5)
  const phases = deep.map((phase) => ({ ...phase, layer: phase.layer - 2 }))
  const { output, hidden } = resultsOf(catalog, phases, 1, 0)
  assert.deepEqual(output.map(({ phase }) => `${phase.tensor}${phase.layer}`), ["dZ1", "dW1", "db1", "dA0"])
  assert.deepEqual(hidden, [])
})

test("an equation that isn't the catalogue's is the phase's own", () => {
  const own = equation("dN^{[l]} = dA^{[l]}")
  assert.deepEqual(equationOf(catalog, { ...told("dN", 1, "activation", "bent", "dZ"), own }), own)
})

test("an entry that the catalogue does not have is shown as the session tells it", () => {
  assert.deepEqual(equationOf(catalog, told("dZ", 1, "activation", "unheard")), { whole: "told", cell: "told", why: "told", derivation: [] })
  assert.deepEqual(equationOf(catalog, told("dZ", 1, "unheard", "bent")).derivation, [])
})

test("letters are given with what they are in the run: from the layer's own choice, or as they usually are", () => {
  const parameter = (/** @type {string} */ name, /** @type {string} */ symbol, usual = 0.5) => ({ name, symbol, help: name, default: usual })
  const entry = /** @type {any} */ ({ parameters: [parameter("alpha", String.raw`\alpha`), parameter("eps", String.raw`\epsilon`, 1e-5), parameter("plain", "")] })
  const config = /** @type {any} */ ({ layer_sizes: [2, 3, 3, 2], hidden_activations: ["relu", { name: "elu", alpha: 2 }], dropout: [0, 0.2], clipping: { name: "norm", max_norm: 3 } })
  const phase = (/** @type {string} */ family, /** @type {number} */ layer, whole = "", why = "") => /** @type {any} */ ({ family, layer, whole, why })
  const told = (/** @type {any} */ one, of = entry) => settingsOf(config, of, one).map(({ symbol, value }) => [symbol, value])
  assert.deepEqual(told(phase("activation", 2, String.raw`A = \alpha Z`)), [[String.raw`\alpha`, 2]])
  assert.deepEqual(told(phase("activation", 1, String.raw`A = \alpha Z + \epsilon`)), [[String.raw`\alpha`, 0.5], [String.raw`\epsilon`, 1e-5]])
  assert.deepEqual(told(phase("activation", 2, String.raw`A = \alphabet`)), [])
  const mask = /** @type {any} */ ({ parameters: [parameter("rate", "p")] })
  assert.deepEqual(told(phase("dropout", 2, String.raw`A = G \odot D`, "0 with probability p."), mask), [["p", 0.2]])
  assert.deepEqual(told(phase("clipping", 2, String.raw`\frac{c}{2}`), /** @type {any} */ ({ parameters: [parameter("max_norm", "c")] })), [["c", 3]])
})

test("an update is told with the settings of its step: as edits left them, and with the rate that the schedule made", () => {
  const parameter = (/** @type {string} */ name, /** @type {string} */ symbol) => ({ name, symbol, help: name, default: 1 })
  const registers = /** @type {any} */ ({
    optimizers: [{ name: "sgd", title: "SGD", parameters: [parameter("learning_rate", String.raw`\eta`), parameter("weight_decay", String.raw`\lambda`), parameter("decay_biases", "")] }],
    clippings: [{ name: "norm", title: "By norm", parameters: [parameter("max_norm", "c")] }],
    schedules: [{ name: "constant", title: "Constant", parameters: [] }, { name: "step", title: "Step", parameters: [parameter("every", "s"), parameter("gamma", String.raw`\gamma`)] }],
  })
  const config = /** @type {any} */ ({ optimizer: { name: "sgd", learning_rate: 0.4, weight_decay: 0.01 }, clipping: null, schedule: { name: "step", every: 2, gamma: 0.5 } })
  const told = (/** @type {any} */ changes, /** @type {any} */ trace) =>
    settingsOfUpdate(registers, { ...config, ...changes }, trace).map(({ title, settings }) => [title, ...settings.map(({ symbol, value }) => `${symbol} ${value}`)])
  assert.deepEqual(told({}, { step: 3, learning_rate: 0.2 }), [
    ["SGD", String.raw`\eta 0.2`, String.raw`\lambda 0.01`],
    ["Learning rate: step", String.raw`\eta 0.4`, "s 2", String.raw`\gamma 0.5`, String.raw`\eta_{3} 0.2`],
  ])
  assert.deepEqual(told({ schedule: "constant", clipping: "norm" }, { step: 3, learning_rate: 0.4 }), [["SGD", String.raw`\eta 0.4`, String.raw`\lambda 0.01`], ["Clipping by norm", "c 1"]])
})

test("what an update makes has a title of its own", () => {
  const titles = ["gW", "hW", "vW_next", "mW_next", "sW_next", "tW_next", "W_next", "vb_next", "vgamma_next", "beta_next"].map((tensor) => aboutUpdate({ tensor, family: "clipping" }))
  assert.equal(new Set(titles).size, titles.length)
  assert.deepEqual(titles.slice(0, 3), ["the gradient of the weights, clipped", "the gradient of the weights, edited", "the velocity of the weights"])
  assert.equal(aboutUpdate({ tensor: "gW", family: "edit" }), "the gradient of the weights, edited")
})

test("a network's names are those of every network, and what its ingredients add", () => {
  const names = (/** @type {Record<string, object>} */ layer) => namesOf(/** @type {any} */ ({ layers: [layer] })).flatMap(({ tensors, shape }) => tensors.map((tensor) => `${tensor} ${shape}`))
  const always = names({})
  assert.deepEqual(always, ["W parameters", "b parameters", "Z pass", "A pass", "dZ pass", "dA pass", "dW parameters", "db parameters"])
  assert.deepEqual(names({ M: {}, V: {}, rM: {}, tW: {} }).slice(8), ["M units", "V units", "rM units", "tW one"])
  assert.deepEqual(names({ M: {}, D: {} }).slice(8), ["M examples", "D pass"])
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { equationOf, ofLastLayer, resultsOf } from "../../static/lib/derivation_results.js"

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

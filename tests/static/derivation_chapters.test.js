import assert from "node:assert/strict"
import { test } from "node:test"
import { chaptersOf, derivationOf, placeOfShared } from "../../static/lib/derivation_chapters.js"

const step = (/** @type {string} */ words, latex = "") => ({ words, latex })
const equation = (/** @type {string} */ whole, /** @type {any[]} */ ...derivation) => ({ whole, cell: whole, why: "", derivation })
const entry = (/** @type {string} */ name, /** @type {Record<string, any>} */ equations, more = {}) => ({ name, title: name, description: "", equations, parameters: [], ...more })
const common = step("chain rule", "dZ")
const activations = ["flat", "bent", "wavy"].map((name) => entry(name, { A: equation(`A = ${name}`), dZ: equation(`dZ = ${name}`, common, step(`slope of ${name}`)) }))
const catalog = /** @type {any} */ ({
  activations,
  outputs: [entry("joined", {}, { loss: "entropy" })],
  output_activations: [entry("soft", {}), ...activations],
  losses: [entry("entropy", {}), entry("squares", {})],
  optimizers: [entry("plain", {
    W_next: equation(String.raw`W^{[l]} \leftarrow W^{[l]} - \lambda W^{[l]}`), b_next: equation(String.raw`b^{[l]} \leftarrow b^{[l]} - \lambda_b b^{[l]}`),
    gamma_next: equation(String.raw`\gamma^{[l]} \leftarrow \gamma^{[l]} - \lambda_b \gamma^{[l]}`), beta_next: equation(String.raw`\beta^{[l]} \leftarrow 2 \beta^{[l]}`),
  })],
})
const chapters = chaptersOf(catalog)
const chapter = (/** @type {string} */ name) => /** @type {any} */ (chapters.find(({ id }) => id === name))

test("every ingredient stands in one place", () => {
  const anchors = chapters.flatMap(({ entries }) => entries.map(({ anchor }) => anchor))
  assert.deepEqual(anchors, ["activation-flat", "activation-bent", "activation-wavy", "output-joined", "output-activation-soft", "loss-squares", "optimizer-plain"])
  assert.deepEqual(chapters.flatMap(({ entries }) => entries.map(({ place }) => place)), anchors.map((_, at) => at))
})

test("what most of a chapter have in common is told once", () => {
  assert.deepEqual(chapter("activations").shared, [common])
  assert.equal(placeOfShared(chapter("activations").shared, { ...common }), 0)
  assert.equal(placeOfShared(chapter("activations").shared, step("slope of bent")), -1)
  assert.deepEqual(chapter("optimizers").shared, [])
})

test("equations that differ in the letter of the parameter alone are one", () => {
  const derived = chapter("optimizers").entries[0].derived
  assert.deepEqual(derived.map(({ name, alike }) => [name, ...alike]), [["W_next", "b_next", "gamma_next"], ["beta_next"]])
})

/** @param {string} lane @param {string} tensor @param {number} layer @param {string} family */
const place = (lane, tensor, layer, family) => {
  const { layer: hidden, anchor } = derivationOf(/** @type {any} */ ({ lane, tensor, layer, family, operation: "it" }), 3)
  return [anchor, hidden]
}

test("a phase leads to its numbers where the page has them, else to its ingredient", () => {
  assert.deepEqual(place("backward", "dZ", 3, "output"), ["output-dZ", null])
  assert.deepEqual(place("backward", "dA", 2, "layer kind"), ["output-dA-before", null])
  assert.deepEqual(place("backward", "dA", 1, "layer kind"), ["hidden-dA-before", 2])
  assert.deepEqual(place("backward", "dV", 1, "normalisation"), ["hidden-dV", 1])
  assert.deepEqual(place("forward", "A", 1, "activation"), ["activation-it", null])
  assert.deepEqual(place("forward", "Z", 1, "layer kind"), ["forward", null])
  assert.deepEqual(place("loss", "losses", 3, "output activation"), ["output-activation-it", null])
  assert.deepEqual(place("update", "vW_next", 1, "optimizer"), ["update-vW_next", null])
  assert.deepEqual(place("update", "gamma_next", 1, "optimizer"), ["optimizer-it", null])
})

/**
 * The results of the derivation, numbered, read off the phases that a session tells and the equations of the catalogue. Pure.
 *
 * @import { Catalog, CatalogEntry, CatalogEquation, SessionPhase } from "../types.js"
 */

/**
 * One equation as the derivation has it.
 * @typedef {object} Result
 * @property {string} anchor unique on the page: "output-dW"
 * @property {number} number from 1, in the order of the derivation
 * @property {SessionPhase} phase with this network's layers in it
 * @property {CatalogEquation} equation in letters: L for the last layer, l for a hidden one
 * @property {string} layer of the tensor that it is about, in letters: "L", "L−1"
 * @property {{number: number, anchor: string} | null} like an earlier result that is the same equation of another layer
 */

/** The catalogue's list of each family. @satisfies {Record<string, keyof Catalog>} */
const LISTS = /** @type {const} */ ({
  "layer kind": "layers", activation: "activations", normalisation: "normalisations", dropout: "dropouts", output: "outputs",
  "output activation": "output_activations", loss: "losses", clipping: "clippings", optimizer: "optimizers",
})

/** The ingredient that a phase is of. @param {Catalog} catalog @param {SessionPhase} phase @returns {CatalogEntry | undefined} */
export function entryOf(catalog, phase) {
  const list = LISTS[/** @type {keyof typeof LISTS} */ (phase.family)]
  return list && catalog[list].find(({ name }) => name === phase.operation)
}

/** The letters of an ingredient's own parameters. @param {Pick<CatalogEntry, "parameters"> | undefined} entry @returns {string[]} */
export const lettersOf = (entry) => (entry?.parameters ?? []).map(({ symbol }) => symbol).filter((symbol) => symbol !== "")

/** Those of a phase's ingredient. @param {Catalog} catalog @param {SessionPhase} phase */
export const ownLetters = (catalog, phase) => lettersOf(entryOf(catalog, phase))

/** The equation of a phase, in letters. @param {Catalog} catalog @param {SessionPhase} phase @returns {CatalogEquation} */
export function equationOf(catalog, phase) {
  return phase.own ?? entryOf(catalog, phase)?.equations[phase.equation] ?? { whole: phase.whole, cell: phase.cell, why: phase.why, derivation: [] }
}

/** l as L: an equation of any layer, for the last one. @param {string} latex */
export function ofLastLayer(latex) {
  return latex
    .replaceAll("[l-1]", "[L-1]").replaceAll("[l]", "[L]")
    .replaceAll("n_{l-1}", "n_{L-1}").replaceAll("n_{l}", "n_{L}").replace(/n_l(?![a-z])/g, "n_L")
}

/**
 * The backward pass of the last layer, then of one hidden layer.
 * @param {Catalog} catalog @param {SessionPhase[]} phases @param {number} last L @param {number} hidden the layer that l stands for; 0 for none
 * @returns {{output: Result[], hidden: Result[]}}
 */
export function resultsOf(catalog, phases, last, hidden) {
  const backward = phases.filter(({ lane }) => lane === "backward")
  const output = backward.filter((phase) => layerOf(phase, last) === last)
  const inside = hidden > 0 ? backward.filter((phase) => layerOf(phase, last) === hidden) : []
  const all = [...output, ...inside]
  const anchors = all.map((phase) => placeOfResult(phase, last).anchor)
  const results = all.map((phase, at) => {
    const isOutput = at < output.length
    const letter = isOutput ? "L" : "l"
    const like = all.slice(0, at).findIndex((other) => other.family === phase.family && other.operation === phase.operation && other.equation === phase.equation)
    const equation = equationOf(catalog, phase)
    return {
      anchor: anchors[at] ?? "",
      number: at + 1,
      phase,
      equation: isOutput ? setLast(equation) : equation,
      layer: phase.layer === layerOf(phase, last) ? letter : `${letter}−1`,
      like: like < 0 ? null : { number: like + 1, anchor: anchors[like] ?? "" },
    }
  })
  return { output: results.slice(0, output.length), hidden: results.slice(output.length) }
}

/** Where a phase of the backward pass is derived: its layer, and the section once l stands for that. @param {SessionPhase} phase @param {number} last */
export function placeOfResult(phase, last) {
  const layer = layerOf(phase, last)
  return { layer, anchor: `${layer === last ? "output" : "hidden"}-${phase.tensor}${phase.layer < layer ? "-before" : ""}` }
}

/** The layer whose backward pass a phase belongs to: dA[l-1] is what layer l hands on; dA[L] is the loss's. @param {SessionPhase} phase @param {number} last */
const layerOf = ({ tensor, layer }, last) => (tensor === "dA" && layer < last ? layer + 1 : layer)

/** @param {CatalogEquation} equation @returns {CatalogEquation} */
function setLast({ whole, cell, why, derivation }) {
  return { whole: ofLastLayer(whole), cell: ofLastLayer(cell), why, derivation: derivation.map(({ words, latex }) => ({ words, latex: ofLastLayer(latex) })) }
}

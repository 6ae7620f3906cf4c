/**
 * The chapters of the derivation: every ingredient of the catalogue with its equations, and what leads to them. Pure.
 *
 * @import { Catalog, CatalogEntry, CatalogEquation, SessionPhase } from "../types.js"
 */
import { placeOfResult } from "./derivation_results.js"

/** @typedef {{words: string, latex: string}} Step */

/** Equations that differ in the letter of the parameter alone, the first of them in full. @typedef {{name: string, equation: CatalogEquation, alike: string[]}} Derived */

/**
 * @typedef {object} ChapterEntry
 * @property {string} anchor unique on the page: "activation-relu"
 * @property {string} kind what it is within the chapter, where that has several: "joined"
 * @property {CatalogEntry} entry
 * @property {Derived[]} derived
 * @property {number} place from 0, over all chapters
 */

/**
 * @typedef {object} Chapter
 * @property {string} id of its section
 * @property {string} title
 * @property {string} lead what all of the chapter have in common
 * @property {Step[]} shared steps that most of its entries have, told once
 * @property {ChapterEntry[]} entries
 */

/** A family as phases name it, its list in the catalogue, and what its entries are called within a chapter. @typedef {[family: string, list: keyof Catalog, kind?: string]} Part */

/** @type {{id: string, title: string, lead: string, parts: Part[]}[]} in the order of a step */
const CHAPTERS = [
  { id: "initial-weights", title: "Initial weights", parts: [["initializer", "initializers"]],
    lead: "What a run begins with. Biases begin at 0. How large weights begin says how large every signal is, forward and backward, before anything was learned." },
  { id: "activations", title: "Activations and their slopes", parts: [["activation", "activations"]],
    lead: "An activation bends each Z by itself, and on the way back multiplies each gradient by the slope of the curve at that Z. What one needs to know of an activation is its slope. Where a layer is normalised, it reads N in the place of Z; where it has dropout, it makes G in the place of A." },
  { id: "normalisation", title: "Normalisation", parts: [["normalisation", "normalisations"]],
    lead: "Between Z and the activation. On the way back it is easy to forget that mean and variance are made of Z as well: each Z reaches the losses directly, by the variance and by the mean, and all three have to be added up." },
  { id: "dropout", title: "Dropout", parts: [["dropout", "dropouts"]],
    lead: "Behind the activation, in training alone." },
  { id: "outputs", title: "Outputs and losses", parts: [["output", "outputs", "output and loss, joined"], ["output activation", "output_activations", "output, apart"], ["loss", "losses", "loss, apart"]],
    lead: "The backward pass begins here. Some outputs and losses undo each other, and are derived as one: dZ at once. All others are taken apart: the loss gives dA, and the output, which may be any activation, makes dZ of it." },
  { id: "clipping", title: "Clipping", parts: [["clipping", "clippings"]],
    lead: "Between the backward pass and the update: what stands for a gradient that is too large. The gradients themselves stay as they are." },
  { id: "schedules", title: "Learning rate schedules", parts: [["schedule", "schedules"]],
    lead: "Which learning rate the update of step n goes by, the first step being 1. It depends on the number of the step alone." },
  { id: "optimizers", title: "Optimizers", parts: [["optimizer", "optimizers"]],
    lead: "How gradients move parameters. Here the letter of a parameter with another before it, such as the v in vW, is what the optimizer remembers of it. An arrow makes what is on its left anew." },
]

/** @param {Catalog} catalog @returns {Chapter[]} */
export function chaptersOf(catalog) {
  let place = 0
  return CHAPTERS.map(({ id, title, lead, parts }) => {
    const entries = parts.flatMap(([family, list, kind = ""]) =>
      own(catalog, list).map((entry) => ({ anchor: anchorOf(family, entry.name), kind, entry, derived: derivedOf(entry), place: place++ })))
    return { id, title, lead, shared: sharedBy(entries), entries }
  })
}

/** Where an ingredient is derived, of those that have a chapter. @param {string} family @param {string} name */
export const anchorOf = (family, name) => `${family.replaceAll(" ", "-")}-${name}`

/** The entries of a list that are not told in another: pairs are among the losses too, and any activation may be an output. @param {Catalog} catalog @param {keyof Catalog} list @returns {CatalogEntry[]} */
function own(catalog, list) {
  const entries = /** @type {CatalogEntry[]} */ (catalog[list] ?? [])
  if (list === "losses") return entries.filter(({ name }) => !catalog.outputs.some(({ loss }) => loss === name))
  if (list === "output_activations") return entries.filter(({ name }) => !catalog.activations.some((one) => one.name === name))
  return entries
}

/** @param {CatalogEntry} entry @returns {Derived[]} */
function derivedOf({ equations }) {
  const found = /** @type {(Derived & {form: string})[]} */ ([])
  for (const [name, equation] of Object.entries(equations)) {
    const form = withoutLetter(equation.whole)
    const same = found.find((one) => one.form === form)
    if (same) same.alike.push(name)
    else found.push({ name, equation, alike: [], form })
  }
  return found.map(({ name, equation, alike }) => ({ name, equation, alike }))
}

/** An equation about W, b, gamma or beta as one about any of them; to a penalty, what is not W is a bias. @param {string} latex */
const withoutLetter = (latex) => latex.replace(/(?:[Wb]|\\gamma|\\beta)(?=\^\{\[l\]\})/g, "?").replaceAll("\\lambda_b", "\\lambda").replaceAll(" ", "")

/** @param {ChapterEntry[]} entries @returns {Step[]} */
function sharedBy(entries) {
  const counts = /** @type {Map<string, number>} */ (new Map())
  for (const { derived } of entries) {
    const steps = new Set(derived.flatMap(({ equation }) => equation.derivation.map((step) => JSON.stringify(step))))
    for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count > 2 && count > entries.length / 2).map(([step]) => JSON.parse(step))
}

/** Which of the steps that are told once this one is, from 0; -1 for none. @param {Step[]} shared @param {Step} step */
export const placeOfShared = (shared, step) => shared.findIndex(({ words, latex }) => words === step.words && latex === step.latex)

/**
 * Where the derivation page derives what a phase does: with this network's numbers where it has them, else in the chapter of the ingredient.
 * @param {SessionPhase} phase @param {number} last L
 * @returns {{layer: number | null, anchor: string}} the hidden layer that l has to stand for, and the section
 */
export function derivationOf(phase, last) {
  const { lane, tensor, family, operation } = phase
  if (lane === "backward") {
    const { layer, anchor } = placeOfResult(phase, last)
    return { layer: layer < last ? layer : null, anchor }
  }
  if (lane === "update" && /^[a-z]?[Wb](_next)?$/.test(tensor)) return { layer: null, anchor: `update-${tensor}` }
  return { layer: null, anchor: family === "layer kind" ? "forward" : anchorOf(family, operation) }
}

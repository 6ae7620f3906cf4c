/**
 * The form of a session as plain text values, and back to a configuration. The server judges; here are only hints.
 *
 * @import { Catalog, CatalogEntry, Choice, SessionConfig } from "../types.js"
 */
import { drawnForTraining } from "./batch_size.js"
import { boundText, isWithin } from "./bounds.js"
import { eachRow, sizesOf, withRows } from "./form_layers.js"
import { matrixOf, matrixText, numberOr } from "./form_numbers.js"

/**
 * Every field as it is typed, by the path that the server names it with: "dataset.noise", "hidden_activations[1].alpha".
 * While all hidden layers are alike (`layers` is "same"), `layer_sizes` holds their sizes alone, since the data fix both ends.
 * @typedef {Record<string, string>} Values
 */

/** @typedef {{name: string, type: "number" | "integer" | "boolean", default: number | boolean, low: number | null, high: number | null, low_open: boolean, help: string}} Parameter */
/** @typedef {{name: string, type: "text" | "name" | "names" | "boolean" | "matrix", required: boolean, help: string}} Brought what a dataset is brought with */

/** What the data ask of the network, and how many `examples` it is trained on; zeros and null while they are not known. @typedef {{features: number, outputs: number, targets: string | null, examples: number | null}} Ends */

/** Where the catalogue has the entries of a field. @type {Record<string, string>} */
const REGISTERS = {
  dataset: "datasets",
  hidden_activations: "activations",
  normalisation: "normalisations",
  output_activation: "output_activations",
  loss: "losses",
  initializer: "initializers",
  optimizer: "optimizers",
  schedule: "schedules",
  clipping: "clippings",
}

/** @param {Catalog} catalog @param {string} field "loss", "hidden_activations[2]" @returns {CatalogEntry[]} */
export function entriesOf(catalog, field) {
  return /** @type {any} */ (catalog)[REGISTERS[field.replace(/\[\d+\]$/, "")] ?? ""] ?? []
}

/** @param {Catalog} catalog @param {string} field @param {string | undefined} name @returns {CatalogEntry | undefined} */
export function entryOf(catalog, field, name) {
  return entriesOf(catalog, field).find((entry) => entry.name === name)
}

/** What a configuration can give to begin with, in the place of what is drawn or 1 and 0. */
export const PARAMETERS = /** @type {const} */ (["W", "b", "gamma", "beta"])

/** Whether any hidden layer is normalised, as the form stands. @param {Values} values */
export const isNormalised = (values) => Object.entries(values).some(([field, value]) => value !== "" && /^normalisation(\[\d+\])?$/.test(field))

/** @param {Choice} choice @returns {{name: string} & Record<string, unknown>} */
const partsOf = (choice) => (typeof choice === "string" ? { name: choice } : choice)

/** @param {SessionConfig} config @param {Catalog} catalog @returns {Values} */
export function valuesOf(config, catalog) {
  const hidden = [config.hidden_activations].flat()
  const rates = [config.dropout ?? 0].flat()
  const norms = [config.normalisation ?? null].flat()
  const sizes = config.layer_sizes.slice(1, -1)
  /** @type {Values} */
  const values = {
    batch_size: String(config.batch_size),
    seed: String(config.seed),
    dtype: config.dtype,
    ...Object.fromEntries(PARAMETERS.map((name) => [name, config[name] ? JSON.stringify(config[name]) : ""])),
  }
  for (const field of /** @type {const} */ (["dataset", "output_activation", "loss", "initializer", "optimizer", "schedule", "clipping"])) {
    const { name, ...given } = partsOf(config[field] ?? (field === "schedule" ? "constant" : ""))
    Object.assign(values, ingredientValues(catalog, field, name, given))
  }
  /** @param {string} field @param {Choice | null} choice */
  const chosen = (field, choice) => ingredientValues(catalog, field, partsOf(choice ?? "").name, partsOf(choice ?? ""))
  if (areAlike(hidden) && areAlike(rates) && areAlike(norms)) {
    const first = hidden[0] ?? catalog.activations[0]?.name ?? ""
    return { ...values, layers: "same", layer_sizes: sizes.join(", "), dropout: String(rates[0] ?? 0), ...chosen("hidden_activations", first), ...chosen("normalisation", norms[0] ?? null) }
  }
  const rows = sizes.map((size, i) => ({
    size: String(size),
    dropout: String(rates[i] ?? rates[0]),
    ...chosen("hidden_activations", hidden[i] ?? hidden[0] ?? ""),
    ...chosen("normalisation", (norms.length > 1 ? norms[i] : norms[0]) ?? null),
  }))
  return withRows({ ...values, layers: "each" }, rows)
}

/** @param {unknown[]} list */
const areAlike = (list) => list.every((one) => JSON.stringify(one) === JSON.stringify(list[0]))

/**
 * The name of an ingredient, its parameters, as given or by default, and what it is brought with.
 * @param {Catalog} catalog @param {string} field @param {string} name @param {Record<string, unknown>} [given] @returns {Values}
 */
export function ingredientValues(catalog, field, name, given = {}) {
  /** @type {Values} */
  const values = { [field]: name }
  const entry = entryOf(catalog, field, name)
  for (const parameter of entry?.parameters ?? []) values[`${field}.${parameter.name}`] = String(given[parameter.name] ?? parameter.default)
  for (const one of entry?.brings ?? []) values[`${field}.${one.name}`] = broughtText(one, given[one.name])
  return values
}

/** @param {Brought} one @param {unknown} value */
function broughtText({ type }, value) {
  if (value === undefined || value === null) return ""
  if (type === "matrix") return matrixText(/** @type {number[][]} */ (value))
  return type === "names" ? JSON.stringify(value) : String(value)
}

/** @param {Brought} one @param {string} text @returns {unknown} undefined where nothing was given */
function broughtOf({ type }, text) {
  if (text === "") return undefined
  if (type === "matrix") return matrixOf(text)
  if (type === "boolean") return text === "true"
  if (type !== "names") return text
  return text.startsWith("[") ? jsonOr(text) : text.split(",").map((name) => name.trim())
}

/** @param {Values} values @param {Catalog} catalog @param {Ends | null} [brought] what is known of data that are brought along @returns {object} the configuration for the server */
export function configOf(values, catalog, brought = null) {
  const { features, outputs } = endsOf(values, catalog, brought)
  /** @param {string} field */
  const settings = (field) =>
    (entryOf(catalog, field, values[field])?.parameters ?? []).map((/** @type {Parameter} */ parameter) => {
      const text = values[`${field}.${parameter.name}`] ?? ""
      return { ...parameter, value: parameter.type === "boolean" ? text === "true" : numberOr(text) }
    })
  /** @param {string} field */
  const ingredient = (field) => ({ name: values[field], ...Object.fromEntries(settings(field).map(({ name, value }) => [name, value])) })
  /** Its name alone where all is by default, as the server writes it. @param {string} field */
  const choice = (field) => (settings(field).every((one) => one.value === one.default) ? values[field] : ingredient(field))
  const given = (entryOf(catalog, "dataset", values.dataset)?.brings ?? []).map((/** @type {Brought} */ one) => [one.name, broughtOf(one, values[`dataset.${one.name}`] ?? "")])
  /** @param {string} field */
  const choiceOrNone = (field) => (values[field] ? choice(field) : null)
  const isEach = values.layers === "each"
  const places = eachRow(values)
  return {
    dataset: { ...ingredient("dataset"), ...Object.fromEntries(given.filter((/** @type {unknown[]} */ [, value]) => value !== undefined)) },
    // where the data are not known yet, neither are the ends: what is wrong with the data is said first
    ...(features && outputs ? { layer_sizes: [features, ...sizesOf(values), outputs] } : {}),
    hidden_activations: isEach ? places.map((i) => choice(`hidden_activations[${i}]`)) : choice("hidden_activations"),
    dropout: isEach ? places.map((i) => numberOr(values[`dropout[${i}]`] ?? "")) : numberOr(values.dropout ?? ""),
    normalisation: isEach ? places.map((i) => choiceOrNone(`normalisation[${i}]`)) : choiceOrNone("normalisation"),
    output_activation: choice("output_activation"),
    loss: choice("loss"),
    initializer: ingredient("initializer"),
    ...Object.fromEntries(PARAMETERS.flatMap((name) => (values[name]?.trim() ? [[name, jsonOr(values[name] ?? "")]] : []))),
    optimizer: ingredient("optimizer"),
    schedule: choice("schedule"),
    clipping: choiceOrNone("clipping"),
    batch_size: numberOr(values.batch_size ?? ""),
    seed: numberOr(values.seed ?? ""),
    dtype: values.dtype,
  }
}

/** @param {string} text @returns {unknown} */
function jsonOr(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What the dataset chosen asks of the network: its ends. @param {Values} values @param {Catalog} catalog @param {Ends | null} [brought] @returns {Ends} */
export function endsOf(values, catalog, brought = null) {
  const dataset = entryOf(catalog, "dataset", values.dataset)
  if (dataset?.brings.length) return brought ?? { features: 0, outputs: 0, targets: null, examples: null }
  // what another dataset left in the form does not count
  const isChosen = dataset?.parameters.some(({ name }) => name === "classes")
  const known = Number(dataset?.target_names.length ?? 0)
  const typed = isChosen ? Number(values["dataset.classes"]) : known
  const outputs = Number.isInteger(typed) ? typed : known
  return { features: Number(dataset?.features ?? 0), outputs, targets: dataset?.targets ?? null, examples: drawn(dataset, values, outputs) }
}

/** How many examples of a dataset that is drawn are trained on; null where the catalogue does not tell. @param {CatalogEntry | undefined} dataset @param {Values} values @param {number} classes */
function drawn(dataset, values, classes) {
  const parameter = dataset?.parameters.find((/** @type {Parameter} */ { name }) => name === "count")
  const count = values["dataset.count"] ?? ""
  return parameter && classes >= 1 && classes <= MOST_CLASSES && isWithin(parameter, count) ? drawnForTraining(Number(count), classes) : null
}

const MOST_CLASSES = 100 // what is typed beyond is refused before anything is counted

/** Losses that fit the targets; all while those are not known. @param {Catalog} catalog @param {string | null} targets */
export const lossesFor = (catalog, targets) => catalog.losses.filter((loss) => targets === null || loss.targets.includes(targets))

/** Output activations that the loss chosen is defined for. @param {Catalog} catalog @param {string | undefined} loss */
export function outputActivationsFor(catalog, loss) {
  const fitting = entryOf(catalog, "loss", loss)?.output_activations ?? []
  return catalog.output_activations.filter(({ name }) => fitting.includes(name))
}

/** The loss, with the output activation of before where it still fits. @param {Catalog} catalog @param {Values} values @param {string} loss @returns {Values} changes */
export function lossValues(catalog, values, loss) {
  const fitting = outputActivationsFor(catalog, loss).map(({ name }) => name)
  const usual = Object.values(catalog.default_ends).find((ends) => ends.loss === loss)?.output_activation
  const changes = ingredientValues(catalog, "loss", loss)
  if (fitting.includes(values.output_activation ?? "")) return changes
  return { ...changes, ...ingredientValues(catalog, "output_activation", usual ?? (fitting.includes("identity") ? "identity" : fitting[0] ?? "")) }
}

/** The output and the loss that targets are usually learned with. @param {Catalog} catalog @param {string} targets @returns {Values} changes */
export function usualEnds(catalog, targets) {
  const ends = catalog.default_ends[targets]
  if (!ends) return {}
  return { ...ingredientValues(catalog, "output_activation", ends.output_activation), ...ingredientValues(catalog, "loss", ends.loss) }
}

/** The network as typed: its sizes, and how many parameters it has; null where a size is no whole number above 0. @param {Values} values @param {Catalog} catalog @param {Ends | null} [brought] */
export function shapeOf(values, catalog, brought = null) {
  const { features, outputs } = endsOf(values, catalog, brought)
  const sizes = [features || "?", ...sizesOf(values), outputs || "?"]
  const isFine = sizes.every((size) => typeof size === "number" && Number.isInteger(size) && size > 0)
  /** A gamma and a beta for each unit of a normalised hidden layer. @param {number} l */
  const normalised = (l) => (l < sizes.length - 2 && (values.layers === "each" ? values[`normalisation[${l}]`] : values.normalisation) ? 2 : 0)
  const count = sizes.slice(1).reduce((/** @type {number} */ sum, size, l) => sum + Number(size) * (Number(sizes[l]) + 1 + normalised(l)), 0)
  return { sizes, parameterCount: isFine ? count : null }
}

/** The field of the form that a problem is about; null where the form has none. @param {string | null} field as the server names it @param {Values} values @returns {string | null} */
export function fieldOf(field, values) {
  // from the inside out: dropout[1].rate, dropout[1], dropout; what is about all layers stands at the first
  for (let at = field ?? ""; at; at = at.replace(/(\.[^.[]*|\[\d+\]|^[^.[]*)$/, "")) {
    const first = `${at}[${at === "layer_sizes" ? 1 : 0}]`
    if (at in values) return at
    if (first in values) return first
  }
  return null
}

/** Its bounds in words: "above 0, at most 10". @param {Parameter} parameter */
export function boundsOf({ type, low, high, low_open }) {
  if (type === "boolean") return ""
  const parts = []
  if (low !== null) parts.push(`${low_open ? "above" : "at least"} ${boundText(low)}`)
  if (high !== null) parts.push(`at most ${boundText(high)}`)
  return parts.join(", ")
}

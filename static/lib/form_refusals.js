/**
 * What is wrong with a form of a run, by its fields and in its own words: what the catalogue knows before the service is asked, and what the service said no to.
 *
 * @import { Catalog } from "../types.js"
 * @import { Parameter, Values } from "./form_values.js"
 */
import { isWithin, refusalOf } from "./bounds.js"
import { fieldWords, pageMessage } from "./field_words.js"
import { eachRow, sizesOf } from "./form_layers.js"
import { entryOf, fieldOf } from "./form_values.js"

/** Seeds that JavaScript still counts exactly. */
const LAST_SEED = 2 ** 53 - 1

/** @param {number} low @param {number | null} high @returns {import("./bounds.js").Bounds} */
const whole = (low, high) => ({ type: "integer", low, high, low_open: false })

const SIZE = whole(1, null)

/** Every number that is out of its bounds, with what is wrong with it. @param {Values} values @param {Catalog} known @returns {Record<string, string>} by the form's field */
export function wrongFields(values, known) {
  /** @type {Record<string, string>} */
  const wrong = {}
  /** @param {string} field @param {import("./bounds.js").Bounds} bounds @param {string} [words] */
  const hold = (field, bounds, words = fieldWords(field)) => {
    const message = refusalOf(bounds, words, values[field] ?? "")
    if (message) wrong[field] = message
  }
  const places = eachRow(values).map((i) => `[${i}]`)
  const ofLayers = values.layers === "each" ? places : [""]
  for (const field of ["dataset", "output_activation", "loss", "initializer", "optimizer", "schedule", "clipping", ...ofLayers.flatMap((at) => [`hidden_activations${at}`, `normalisation${at}`])]) {
    for (const parameter of /** @type {Parameter[]} */ (entryOf(known, field, values[field])?.parameters ?? [])) hold(`${field}.${parameter.name}`, parameter)
  }
  const rate = known.dropouts[0]?.parameters[0]
  if (rate) for (const at of ofLayers) hold(`dropout${at}`, rate, "Dropout")
  for (const [i] of places.entries()) hold(`layer_sizes[${i + 1}]`, SIZE, "Units")
  if (values.layers === "same") {
    const sizes = sizesOf(values).map(String).filter((size) => !isWithin(SIZE, size))
    if (sizes.length) wrong.layer_sizes = `Hidden layers: ${sizes.join(" and ")} can't be; each must be a whole number, at least 1.`
  }
  hold("batch_size", whole(1, known.limits.max_batch_size ?? null))
  hold("seed", whole(0, LAST_SEED))
  return wrong
}

/** What keeps a CSV file from being used at all; the rest is told beside its table. @param {Values} values @param {boolean} isRefused whether its table is told to be of no use @returns {Record<string, string>} */
export function wrongFile(values, isRefused) {
  if (!values["dataset.text"]) return { "dataset.text": "Choose a CSV file first." }
  if (isRefused && !values["dataset.target"]) return { "dataset.text": "This file can't be learned from: what it lacks stands below its table." }
  return values["dataset.target"] ? {} : { "dataset.target": "Choose the column that is to be told from the others." }
}

/** All that the service refused and the form has a field for. @param {import("../state.js").Problem} problem @param {Values} values @returns {Record<string, string>} */
export function refusedFields({ field, message, errors = [] }, values) {
  /** @type {Record<string, string>} */
  const told = {}
  for (const one of errors) {
    const at = fieldOf(one.field, values)
    if (at) told[at] ??= pageMessage(one.field, `${one.field} is ${one.value === null ? "empty" : one.value}; it must be ${one.bound}.`)
  }
  const first = fieldOf(field, values)
  return first ? { ...told, [first]: pageMessage(field, message) } : told
}

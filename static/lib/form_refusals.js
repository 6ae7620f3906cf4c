/**
 * What is wrong with a form of a run, by its fields and in its own words: what the catalogue knows before the service is asked, and what the service said no to.
 *
 * @import { Catalog } from "../types.js"
 * @import { Brought, Ends, Parameter, Values } from "./form_values.js"
 */
import { isHeldByData, mostExamples } from "./batch_size.js"
import { isWithin, refusalOf } from "./bounds.js"
import { isUnchosen } from "./csv_values.js"
import { fieldWords, pageMessage } from "./field_words.js"
import { eachRow, sizesOf, splitSizes } from "./form_layers.js"
import { endsOf, entryOf, fieldOf, shapeOf } from "./form_values.js"
import { formatCount } from "./format.js"

/** Seeds that JavaScript still counts exactly. */
const LAST_SEED = 2 ** 53 - 1

/** @param {number} low @param {number | null} high @returns {import("./bounds.js").Bounds} */
const whole = (low, high) => ({ type: "integer", low, high, low_open: false })

const SIZE = whole(1, null)

/** Every number that is out of its bounds, with what is wrong with it. @param {Values} values @param {Catalog} known @param {Ends | null} [brought] what is known of data that are brought along @returns {Record<string, string>} by the form's field */
export function wrongFields(values, known, brought = null) {
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
  for (const { name, type, required } of /** @type {Brought[]} */ (entryOf(known, "dataset", values.dataset)?.brings ?? [])) {
    if (required && type === "matrix" && !values[`dataset.${name}`]?.trim()) wrong[`dataset.${name}`] = `${fieldWords(name)} is missing; type it a row a line, one example a column.`
  }
  const rate = known.dropouts[0]?.parameters[0]
  if (rate) for (const at of ofLayers) hold(`dropout${at}`, rate, "Dropout")
  for (const [i] of places.entries()) hold(`layer_sizes[${i + 1}]`, SIZE, "Units")
  const ends = endsOf(values, known, brought)
  const most = mostExamples(known, ends)
  hold("batch_size", whole(1, Number.isFinite(most) ? most : null))
  if (wrong.batch_size && isHeldByData(known, ends)) wrong.batch_size = wrong.batch_size.replace(/\.$/, ", the training examples.")
  hold("seed", whole(0, LAST_SEED))
  return { ...wrongLayers(values, known, brought, wrong), ...wrong }
}

/**
 * What is wrong with the layers, in the words that were typed.
 * @param {Values} values @param {Catalog} known @param {Ends | null} brought @param {Record<string, string>} wrong fields that are wrong alone @returns {Record<string, string>}
 */
function wrongLayers(values, known, brought, wrong) {
  const { max_layers = Infinity, max_parameters = Infinity, max_activation_cells = Infinity } = known.limits
  const isEach = values.layers === "each"
  const sizes = sizesOf(values)
  const most = max_layers - 1
  if (!isEach) {
    const text = values.layer_sizes ?? ""
    const typed = splitSizes(text)
    const gap = typed.length > 0 && GAP.exec(text.trim())
    if (gap) return { layer_sizes: `Hidden layers: "${shortened(text.trim())}" lacks a size ${gap.index === 0 ? "before its first mark" : gap.index + gap[0].length === text.trim().length ? "behind its last mark" : `between two marks (${gap[0].replaceAll(/\s/g, "")})`}.` }
    if (text.trim() && typed.length === 0) return { layer_sizes: `Hidden layers: "${text.trim()}" holds no size; leave the field empty for no hidden layer.` }
    const bad = typed.filter((size) => !isWithin(SIZE, size)).map(shortened)
    if (bad.length) return { layer_sizes: `Hidden layers: ${bad.join(" and ")} can't be; each must be a whole number, at least 1.` }
  } else if (Object.keys(wrong).some((field) => field.startsWith("layer_sizes["))) return {}
  if (sizes.length > most) return { [isEach ? `layer_sizes[${max_layers}]` : "layer_sizes"]: `Hidden layers are ${sizes.length}; this server takes at most ${most}.` }
  const largest = sizes.indexOf(sizes.reduce((one, other) => (Number(other) > Number(one) ? other : one), 0))
  const field = isEach ? `layer_sizes[${largest + 1}]` : "layer_sizes"
  const { sizes: all, parameterCount } = shapeOf(values, known, brought)
  if (sizes.length === 0 || parameterCount === null) return {}
  if (parameterCount > max_parameters) return { [field]: `Hidden layers of ${listed(sizes)} make ${formatCount(parameterCount)} parameters; this server takes at most ${formatCount(max_parameters)}.` }
  const cells = all.reduce((/** @type {number} */ sum, size) => sum + Number(size), 0) * Number(values.batch_size)
  if (wrong.batch_size || !(cells > max_activation_cells)) return {}
  return { [field]: `Hidden layers of ${listed(sizes)} have, with both ends and a batch of ${values.batch_size}, ${formatCount(cells)} activations; this server takes at most ${formatCount(max_activation_cells)}.` }
}

/** A mark between sizes without a size on one side of it. */
const GAP = /^[,;→]|[,;→]\s*[,;→]|[,;→]$/

const LONGEST = 16 // characters of what was typed

/** @param {string} text */
const shortened = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${formatCount(text.length)} characters)` : text)

/** @param {(number | string)[]} sizes */
const listed = (sizes) => (sizes.length > 6 ? `${sizes.slice(0, 6).join(", ")}, …` : sizes.join(", "))

/** What keeps a CSV file from being used at all; the rest is told beside its table. @param {Values} values @param {import("../types.js").CsvPreview | null} preview @returns {Record<string, string>} */
export function wrongFile(values, preview) {
  if (!values["dataset.text"]) return { "dataset.text": "Choose a CSV file first." }
  if (preview?.refusal && !values["dataset.target"]) return { "dataset.text": "This file can't be learned from: what it lacks stands below." }
  if (isUnchosen(preview)) return { "dataset.features": "Tick at least one column of the table to learn from." }
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

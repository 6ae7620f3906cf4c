/**
 * What a run is likely to be compared with: its own configuration with one thing changed, made from the catalogue. Pure.
 *
 * @import { Values } from "./form_values.js"
 * @import { Catalog, CatalogEntry, SessionConfig } from "../types.js"
 */

import { refusalOf } from "./bounds.js"
import { fieldWords } from "./field_words.js"
import { numberOr } from "./form_numbers.js"
import { entryOf, ingredientValues } from "./form_values.js"

/** @typedef {{key: string, title: string, words: string, changes: Record<string, unknown>}} ForkChoice */

/** Fields that a run can go on with after a step; at the start any may change. */
const LATER = ["optimizer", "schedule", "clipping", "batch_size"]

/** @param {any} choice */
const nameOf = (choice) => (choice === null || choice === undefined ? "none" : typeof choice === "string" ? choice : choice.name)

/** The one name of all layers; null where they are not alike. @param {any} each */
function commonName(each) {
  const names = new Set([each].flat().map(nameOf))
  return names.size === 1 ? [...names][0] : null
}

/** An optimizer with its usual parameters, and decay as it was: only the rule is another. @param {CatalogEntry} entry */
const usual = ({ name, parameters }) => ({ name, ...Object.fromEntries(parameters.map((one) => [one.name, one.default])) })

/** The first of these names that the register has and the run has not. @param {CatalogEntry[]} entries @param {string[]} wanted @param {string | null} now @param {number} count */
const others = (entries, wanted, now, count) => wanted.flatMap((name) => entries.filter((entry) => entry.name === name && name !== now)).slice(0, count)

/** A number without the noise of its last bits. @param {number} value */
const round = (value) => Number(value.toPrecision(12))

/**
 * @param {Catalog} catalog @param {SessionConfig} config as the run goes on @param {number} step 0: any field may change
 * @returns {ForkChoice[]}
 */
export function forkChoices(catalog, config, step) {
  const rate = config.optimizer.learning_rate
  const most = catalog.optimizers.find(({ name }) => name === config.optimizer.name)?.parameters.find(({ name }) => name === "learning_rate")?.high ?? Infinity
  const isHidden = config.layer_sizes.length > 2
  const isNormalised = [config.normalisation ?? []].flat().some(Boolean)
  const isDropped = [config.dropout ?? 0].flat().some((share) => share > 0)
  const activation = commonName(config.hidden_activations)
  /** @type {(ForkChoice | false)[]} */
  const all = [
    ...(isHidden ? others(catalog.activations, ["relu", "tanh", "sigmoid"], activation, 2) : []).map((entry) => ({
      key: `activation-${entry.name}`, title: "Activation", words: entry.title, changes: { hidden_activations: entry.name },
    })),
    ...others(catalog.initializers, ["xavier_normal", "he_normal", "zeros"], config.initializer.name, 2).map((entry) => ({
      key: `initializer-${entry.name}`, title: "Initialisation", words: entry.title, changes: { initializer: { name: entry.name } },
    })),
    rate * 10 <= most && { key: "rate-up", title: "Learning rate", words: `× 10: ${round(rate * 10)}`, changes: { optimizer: { ...config.optimizer, learning_rate: round(rate * 10) } } },
    { key: "rate-down", title: "Learning rate", words: `÷ 10: ${round(rate / 10)}`, changes: { optimizer: { ...config.optimizer, learning_rate: round(rate / 10) } } },
    ...others(catalog.optimizers, ["adam", "momentum", "sgd"], config.optimizer.name, 2).map((entry) => ({
      key: `optimizer-${entry.name}`, title: "Optimizer", words: entry.title, changes: { optimizer: usual(entry) },
    })),
    isHidden && (isNormalised
      ? { key: "normalisation-none", title: "Normalisation", words: "off", changes: { normalisation: null } }
      : { key: "normalisation-batch_norm", title: "Normalisation", words: "of the batch", changes: { normalisation: "batch_norm" } }),
    isHidden && (isDropped
      ? { key: "dropout-0", title: "Dropout", words: "off", changes: { dropout: 0 } }
      : { key: "dropout-0.5", title: "Dropout", words: "0.5", changes: { dropout: 0.5 } }),
    config.clipping
      ? { key: "clipping-none", title: "Clipping", words: "off", changes: { clipping: null } }
      : { key: "clipping-norm", title: "Clipping", words: "by norm", changes: { clipping: "norm" } },
    { key: "batch", title: "Batch size", words: config.batch_size > 4 ? `÷ 4: ${Math.max(1, Math.round(config.batch_size / 4))}` : `× 4: ${config.batch_size * 4}`,
      changes: { batch_size: config.batch_size > 4 ? Math.max(1, Math.round(config.batch_size / 4)) : config.batch_size * 4 } },
    { key: "seed", title: "Seed", words: String(config.seed + 1), changes: { seed: config.seed + 1 } },
  ]
  return all.filter((one) => one !== false).filter(({ changes }) => step === 0 || Object.keys(changes).every((field) => LATER.includes(field)))
}

/** One thing to change: an ingredient with its parameters, or a number with its bounds. @typedef {{field: string, title: string, none?: string, number?: import("./bounds.js").Bounds}} OpenField `none`: what taking none is called */

/** Seeds that JavaScript still counts exactly. */
const LAST_SEED = 2 ** 53 - 1

/** @param {CatalogEntry[]} entries @param {string | undefined} name @param {string} parameter @returns {import("./bounds.js").Bounds} */
const boundsIn = (entries, name, parameter) =>
  (name === undefined ? entries[0] : entries.find((entry) => entry.name === name))?.parameters.find((one) => one.name === parameter) ?? { type: "number", low: null, high: null, low_open: false }

/** Fields of which any value can be chosen or typed. @param {Catalog} catalog @param {SessionConfig} config @param {number} step @returns {OpenField[]} */
export function openFields(catalog, config, step) {
  const isHidden = config.layer_sizes.length > 2
  const whole = (/** @type {number} */ low, /** @type {number | null} */ high) => ({ type: "integer", low, high, low_open: false })
  /** @type {OpenField[]} */
  const all = [
    ...(isHidden ? [{ field: "hidden_activations", title: "Activation" }] : []),
    { field: "initializer", title: "Initialisation" },
    { field: "learning_rate", title: "Learning rate", number: boundsIn(catalog.optimizers, config.optimizer.name, "learning_rate") },
    { field: "optimizer", title: "Optimizer" },
    { field: "schedule", title: "Schedule" },
    { field: "clipping", title: "Clipping", none: "None" },
    ...(isHidden ? [
      { field: "normalisation", title: "Normalisation", none: "None" },
      { field: "dropout", title: "Dropout", number: boundsIn(catalog.dropouts, undefined, "rate") },
    ] : []),
    { field: "batch_size", title: "Batch size", number: whole(1, catalog.limits.max_batch_size ?? null) },
    { field: "seed", title: "Seed", number: whole(0, LAST_SEED) },
  ]
  return all.filter(({ field }) => step === 0 || field === "learning_rate" || LATER.includes(field))
}

/** Where a field's number stands in a configuration, and so in what the server says of it. @param {OpenField} open */
const pathOf = ({ field }) => (field === "learning_rate" ? "optimizer.learning_rate" : field)

/** What stands in the run now, by the names that the server has for it. @param {Catalog} catalog @param {SessionConfig} config @param {OpenField} open @returns {Values} */
export function openValues(catalog, config, open) {
  const { field } = open
  if (field === "learning_rate") return { [pathOf(open)]: String(config.optimizer.learning_rate) }
  if (field === "dropout") return { dropout: String([config.dropout ?? 0].flat()[0] ?? 0) }
  if (open.number) return { [field]: String(/** @type {any} */ (config)[field]) }
  const now = /** @type {any} */ ([/** @type {any} */ (config)[field] ?? null].flat()[0])
  const given = now !== null && typeof now === "object" ? now : {}
  return ingredientValues(catalog, field, now === null ? (field === "schedule" ? "constant" : "") : (given.name ?? now), given)
}

/** What is wrong with a number that is typed, by its field; empty where all is within the catalogue's bounds. @param {Catalog} catalog @param {OpenField} open @param {Values} values @returns {Record<string, string>} */
export function openProblems(catalog, open, values) {
  const path = pathOf(open)
  const bounds = open.number ? [{ at: path, ...open.number }] : (entryOf(catalog, open.field, values[open.field])?.parameters ?? []).map((one) => ({ ...one, at: `${path}.${one.name}` }))
  return Object.fromEntries(bounds.flatMap(({ at, ...one }) => {
    const message = refusalOf(one, fieldWords(at), values[at] ?? "")
    return message ? [[at, message]] : []
  }))
}

/**
 * What was chosen or typed, as the changes of a fork. The server judges it: what is no number goes as it was typed.
 * @param {Catalog} catalog @param {SessionConfig} config @param {OpenField} open @param {Values} values @returns {Record<string, unknown>}
 */
export function changesOf(catalog, config, open, values) {
  const { field } = open
  if (field === "learning_rate") return { optimizer: { ...config.optimizer, learning_rate: numberOr(values[pathOf(open)] ?? "") } }
  if (open.number) return { [field]: numberOr(values[field] ?? "") }
  const name = values[field] ?? ""
  const parameters = entryOf(catalog, field, name)?.parameters ?? []
  const typed = parameters.map((/** @type {import("./form_values.js").Parameter} */ one) => {
    const text = values[`${field}.${one.name}`] ?? ""
    return [one.name, one.type === "boolean" ? text === "true" : numberOr(text)]
  })
  return { [field]: name === "" ? null : { name, ...Object.fromEntries(typed) } }
}

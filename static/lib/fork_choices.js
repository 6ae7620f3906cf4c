/**
 * What a run is likely to be compared with: its own configuration with one thing changed, made from the catalogue. Pure.
 *
 * @import { Catalog, CatalogEntry, SessionConfig } from "../types.js"
 */

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

/** @typedef {{field: string, title: string, entries: {name: string, title: string}[] | null, usual: string}} OpenField `entries` null where a number is typed */

/** Fields of which any value can be chosen or typed. @param {Catalog} catalog @param {SessionConfig} config @param {number} step @returns {OpenField[]} */
export function openFields(catalog, config, step) {
  /** @param {CatalogEntry[]} entries */
  const of = (entries) => entries.map(({ name, title }) => ({ name, title }))
  const none = { name: "", title: "None" }
  const isHidden = config.layer_sizes.length > 2
  /** @type {OpenField[]} */
  const all = [
    ...(isHidden ? [{ field: "hidden_activations", title: "Activation", entries: of(catalog.activations), usual: commonName(config.hidden_activations) ?? "" }] : []),
    { field: "initializer", title: "Initialisation", entries: of(catalog.initializers), usual: config.initializer.name },
    { field: "learning_rate", title: "Learning rate", entries: null, usual: String(config.optimizer.learning_rate) },
    { field: "optimizer", title: "Optimizer", entries: of(catalog.optimizers), usual: config.optimizer.name },
    { field: "schedule", title: "Schedule", entries: of(catalog.schedules), usual: nameOf(config.schedule ?? "constant") },
    { field: "clipping", title: "Clipping", entries: [none, ...of(catalog.clippings)], usual: config.clipping ? nameOf(config.clipping) : "" },
    ...(isHidden ? [
      { field: "normalisation", title: "Normalisation", entries: [none, ...of(catalog.normalisations)], usual: "" },
      { field: "dropout", title: "Dropout", entries: null, usual: String([config.dropout ?? 0].flat()[0] ?? 0) },
    ] : []),
    { field: "batch_size", title: "Batch size", entries: null, usual: String(config.batch_size) },
    { field: "seed", title: "Seed", entries: null, usual: String(config.seed) },
  ]
  return all.filter(({ field }) => step === 0 || field === "learning_rate" || LATER.includes(field))
}

/**
 * What was chosen or typed, as the changes of a fork. The server judges it: what is no number goes as it was typed.
 * @param {Catalog} catalog @param {SessionConfig} config @param {string} field @param {string} text @returns {Record<string, unknown>}
 */
export function changesOf(catalog, config, field, text) {
  const number = text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text)
  if (field === "learning_rate") return { optimizer: { ...config.optimizer, learning_rate: number } }
  if (field === "optimizer") {
    const entry = catalog.optimizers.find(({ name }) => name === text)
    return { optimizer: entry ? usual(entry) : { name: text } }
  }
  if (field === "initializer") return { initializer: { name: text } }
  if (field === "clipping" || field === "normalisation") return { [field]: text || null }
  return { [field]: field === "hidden_activations" || field === "schedule" ? text : number }
}

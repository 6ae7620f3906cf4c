/**
 * The form of a session as plain text values, and back to a configuration. The server judges; here are only hints.
 *
 * @import { Catalog, CatalogEntry, SessionConfig } from "../types.js"
 */

/**
 * Every field as it is typed, by the path that the server names it with: "dataset.noise", "optimizer.learning_rate".
 * `layer_sizes` holds the hidden layers alone, since the data fix both ends.
 * @typedef {Record<string, string>} Values
 */

/** @typedef {{name: string, type: "number" | "integer" | "boolean", default: number | boolean, low: number | null, high: number | null, low_open: boolean, help: string}} Parameter */
/** @typedef {"dataset" | "initializer" | "optimizer"} Family ingredients with parameters of their own */

/** @param {Catalog} catalog @param {Family} family @param {string | undefined} name @returns {CatalogEntry | undefined} */
export function entryOf(catalog, family, name) {
  const entries = { dataset: catalog.datasets, initializer: catalog.initializers, optimizer: catalog.optimizers }[family]
  return entries.find((entry) => entry.name === name)
}

/** @param {SessionConfig} config @param {Catalog} catalog @returns {Values} */
export function valuesOf(config, catalog) {
  const hidden = [config.hidden_activations].flat()
  /** @type {Values} */
  const values = {
    layer_sizes: config.layer_sizes.slice(1, -1).join(", "),
    hidden_activations: hidden[0] ?? catalog.activations[0]?.name ?? "",
    output: `${config.output_activation} ${config.loss}`,
    batch_size: String(config.batch_size),
    seed: String(config.seed),
    dtype: config.dtype,
  }
  for (const family of /** @type {const} */ (["dataset", "initializer", "optimizer"])) {
    Object.assign(values, ingredientValues(catalog, family, config[family].name, config[family]))
  }
  return values
}

/** The name of an ingredient and its parameters, as given or by default. @param {Catalog} catalog @param {Family} family @param {string} name @param {Record<string, unknown>} [given] @returns {Values} */
export function ingredientValues(catalog, family, name, given = {}) {
  /** @type {Values} */
  const values = { [family]: name }
  for (const parameter of entryOf(catalog, family, name)?.parameters ?? []) {
    values[`${family}.${parameter.name}`] = String(given[parameter.name] ?? parameter.default)
  }
  return values
}

/** What the dataset chosen asks of the network: its ends. @param {Values} values @param {Catalog} catalog */
export function endsOf(values, catalog) {
  const dataset = entryOf(catalog, "dataset", values.dataset)
  // what another dataset left in the form does not count
  const isChosen = dataset?.parameters.some(({ name }) => name === "classes")
  const classes = Number(isChosen ? values["dataset.classes"] : dataset?.classes)
  return { features: Number(dataset?.features ?? 0), classes: Number.isInteger(classes) ? classes : Number(dataset?.classes ?? 0) }
}

/** Sizes typed as "64, 32". What is no number stays as it is, so that the server can say so. @param {string} text @returns {(number | string)[]} */
export function sizesOf(text) {
  return text.split(/[\s,;→]+|(?<=\d)[-–](?=\d)/).filter(Boolean).map(numberOr)
}

/** @param {string} text @returns {number | string} */
function numberOr(text) {
  const number = Number(text)
  return text.trim() === "" || Number.isNaN(number) ? text : number
}

/** @param {Values} values @param {Catalog} catalog @returns {object} the configuration for the server */
export function configOf(values, catalog) {
  const { features, classes } = endsOf(values, catalog)
  const [output_activation, loss] = (values.output ?? "").split(" ")
  /** @param {Family} family */
  const ingredient = (family) => ({
    name: values[family],
    ...Object.fromEntries(
      (entryOf(catalog, family, values[family])?.parameters ?? []).map((/** @type {Parameter} */ { name, type }) => {
        const text = values[`${family}.${name}`] ?? ""
        return [name, type === "boolean" ? text === "true" : numberOr(text)]
      }),
    ),
  })
  return {
    dataset: ingredient("dataset"),
    layer_sizes: [features, ...sizesOf(values.layer_sizes ?? ""), classes],
    hidden_activations: values.hidden_activations,
    output_activation,
    loss,
    initializer: ingredient("initializer"),
    optimizer: ingredient("optimizer"),
    batch_size: numberOr(values.batch_size ?? ""),
    seed: numberOr(values.seed ?? ""),
    dtype: values.dtype,
  }
}

/** The network as typed: its sizes, and how many parameters it has; null where a size is no whole number above 0. @param {Values} values @param {Catalog} catalog */
export function shapeOf(values, catalog) {
  const { features, classes } = endsOf(values, catalog)
  const sizes = [features, ...sizesOf(values.layer_sizes ?? ""), classes]
  const isFine = sizes.every((size) => typeof size === "number" && Number.isInteger(size) && size > 0)
  const count = sizes.slice(1).reduce((/** @type {number} */ sum, size, l) => sum + Number(size) * (Number(sizes[l]) + 1), 0)
  return { sizes, parameterCount: isFine ? count : null }
}

/** The field of the form that a problem is about; null where the form has none. @param {string | null} field as the server names it @param {Values} values @returns {string | null} */
export function fieldOf(field, values) {
  if (!field) return null
  if (field in values) return field
  const outer = field.replace(/\[\d+\].*$/, "")
  if (outer in values) return outer
  if (outer === "output_activation" || outer === "loss") return "output"
  const family = outer.split(".")[0] ?? ""
  return family in values ? family : null
}

/** Its bounds in words: "above 0, at most 10". @param {Parameter} parameter */
export function boundsOf({ type, low, high, low_open }) {
  if (type === "boolean") return ""
  const parts = []
  if (low !== null) parts.push(low_open ? `above ${low}` : `at least ${low}`)
  if (high !== null) parts.push(`at most ${high.toLocaleString("en")}`)
  return parts.join(", ")
}

/**
 * Hidden layers in the form: all alike as one text of sizes, or each as a row of its own.
 *
 * @import { Values } from "./form_values.js"
 */
import { numberOr } from "./form_numbers.js"

/** One hidden layer: `size`, `dropout`, `hidden_activations` and "hidden_activations.alpha", `normalisation` and its own, as they are typed. @typedef {Record<string, string>} Row */

const PATH = /^(layer_sizes|hidden_activations|normalisation|dropout)\[(\d+)\](.*)$/

/** The places 0, 1, … of the rows. @param {Values} values @returns {number[]} */
export const eachRow = (values) => (values.layers === "each" ? Array.from({ length: Number(values.depth) }, (_, i) => i) : [])

/** @param {Values} values @returns {Row[]} none while all layers are alike */
export function rowsOf(values) {
  const rows = eachRow(values).map(() => /** @type {Row} */ ({}))
  for (const [path, text] of Object.entries(values)) {
    const [, field = "", place = "", rest = ""] = PATH.exec(path) ?? []
    const row = rows[Number(place) - (field === "layer_sizes" ? 1 : 0)] // the server counts layers from 1, and what hidden layers have from 0
    if (field && row) row[field === "layer_sizes" ? "size" : `${field}${rest}`] = text
  }
  return rows
}

/** The same with these rows in the place of others. @param {Values} values @param {Row[]} rows @returns {Values} */
export function withRows(values, rows) {
  const kept = Object.entries(values).filter(([path]) => !PATH.test(path))
  const written = rows.flatMap((row, i) =>
    Object.entries(row).map(([name, text]) => {
      const [field = "", ...rest] = name.split(".")
      return [field === "size" ? `layer_sizes[${i + 1}]` : [`${field}[${i}]`, ...rest].join("."), text]
    }),
  )
  return { ...Object.fromEntries([...kept, ...written]), depth: String(rows.length) }
}

/** A row for each layer, all as they were in common. @param {Values} values @returns {Values} */
export function toEach(values) {
  const { layer_sizes = "", dropout = "0", ...others } = values
  const common = Object.fromEntries(Object.entries(others).filter(([path]) => /^(hidden_activations|normalisation)(\.|$)/.test(path)))
  const kept = Object.fromEntries(Object.entries(others).filter(([path]) => !(path in common)))
  const sizes = splitSizes(layer_sizes)
  return withRows({ ...kept, layers: "each" }, (sizes.length ? sizes : ["8"]).map((size) => ({ size, dropout, ...common })))
}

/** All layers as the first is. @param {Values} values @returns {Values} */
export function toSame(values) {
  const rows = rowsOf(values)
  const { size: _, ...first } = rows[0] ?? {}
  const { depth: __, ...others } = withRows(values, [])
  return { ...others, dropout: "0", ...first, layers: "same", layer_sizes: rows.map(({ size }) => size).join(", ") }
}

/** Sizes typed as "64, 32" or in rows. What is no number stays as it is, so that the server can say so. @param {Values} values @returns {(number | string)[]} */
export function sizesOf(values) {
  if (values.layers === "each") return rowsOf(values).map(({ size = "" }) => numberOr(size))
  return splitSizes(values.layer_sizes ?? "").map(numberOr)
}

/** @param {string} text "64, 32", "64 → 32" */
export const splitSizes = (text) => text.split(/[\s,;→]+|(?<=\d)[-–](?=\d)/).filter(Boolean)

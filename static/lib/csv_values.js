/**
 * What of a CSV file stands in the form: how its preview is asked for, and which of its columns are chosen.
 *
 * @import { Ends, Values } from "./form_values.js"
 * @import { CsvColumn, CsvPreview } from "../types.js"
 */
import { formatCount } from "./format.js"

/** What a preview is asked with. @param {Values} values @returns {object | null} null without a file */
export function previewRequest(values) {
  const { "dataset.text": text = "", "dataset.target": target, "dataset.features": features, "dataset.targets": targets, "dataset.header": header, "dataset.standardise": standardise } = values
  if (!text) return null
  const { "dataset.delimiter": delimiter, "dataset.quote": quote, "dataset.decimal": decimal } = values
  const asked = { target, targets, delimiter, quote, decimal, features: features && JSON.parse(features), header: header && header === "true" }
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== "" && value !== undefined))
  return { text, ...given, ...(standardise === "false" ? { standardise: false } : {}) }
}

/** @param {CsvPreview | null} preview @returns {Ends | null} */
export function endsOfPreview(preview) {
  if (!preview?.targets || preview.features.length === 0) return null
  return {
    features: preview.feature_count,
    outputs: preview.targets === "classes" ? preview.class_names.length : 1,
    targets: preview.targets,
    examples: preview.training_count || null,
  }
}

/** The columns that it is learned from, as the form keeps them: "" where they are all columns of numbers. @param {CsvPreview} preview @param {string} target @param {string[]} features */
export function featuresText(preview, target, features) {
  const usual = preview.columns.filter(({ kind, name }) => kind === "number" && name !== target).map(({ name }) => name)
  const kept = preview.columns.map(({ name }) => name).filter((name) => name !== target && features.includes(name))
  return kept.join("\n") === usual.join("\n") ? "" : JSON.stringify(kept)
}

/** The columns that are chosen, before the server has looked at the choice. @param {CsvPreview} preview @param {Values} values @returns {string[]} */
export function featuresOf({ columns }, { "dataset.features": text, "dataset.target": target }) {
  return text ? JSON.parse(text) : columns.filter(({ kind, name }) => kind === "number" && name !== target).map(({ name }) => name)
}

/** Whether nothing is wrong with a file but that no column of it is chosen to learn from. @param {CsvPreview | null} preview */
export const isUnchosen = (preview) => preview?.refusal?.field === "features" && preview.refusal.value === null

/** What is to be done where no column is learned from by itself; "" where one is. @param {CsvPreview} preview */
export function tickWords(preview) {
  if (!isUnchosen(preview)) return ""
  const names = preview.columns.filter(({ kind, name }) => kind !== "empty" && name !== preview.target).map(({ name }) => name)
  return `No column beside the target ${preview.target} holds numbers. Tick in the table which to learn from: ${listed(names)}. Each value of a category becomes a feature, 0 or 1.`
}

const NAMED = 6

/** @param {string[]} names */
const listed = (names) => `${names.slice(0, NAMED).join(", ")}${names.length > NAMED ? ", …" : ""}`

/** The classes that are learned, and which values of the column are none since no row of theirs can be used. @param {CsvPreview} preview @param {string} target */
export function classWords({ columns, class_names: names }, target) {
  const values = columns.find(({ name }) => name === target)?.values ?? [] // the first of very many
  const lost = values.filter((value) => !names.includes(value))
  const words = `${names.length} ${names.length === 1 ? "class" : "classes"}: ${listed(names)}`
  return lost.length === 0 ? words : `${words}; not ${listed(lost)}, which ${lost.length === 1 ? "stands" : "stand"} only in rows with a cell that can't be used`
}

/** What a column may be meant as, and what to do about it. @param {CsvColumn} column that looks like something else than it is read as @param {string} decimal the file's mark */
export function likenessWords({ kind, distinct, looks_like: found }, decimal) {
  if (!found) return ""
  const { value, row, count } = found
  const more = count > 1 ? ` and ${formatCount(count - 1)} more` : ""
  if (kind === "number") return `is read with a decimal ${decimal === "," ? "comma" : "point"}: ${value} in row ${row}${more && `,${more} likewise,`} is ${value.replace(",", ".")}. If thousands are meant, take their marks out of the file.`
  const [what, sign] = found.kind === "percent" ? ["per cent", "signs"] : ["numbers with a mark between thousands", "marks"]
  return `looks like ${what}: ${value} in row ${row}${more}. It is read as a category of ${formatCount(distinct)} ${distinct === 1 ? "value" : "values"}; take the ${sign} out of the file to use it as numbers.`
}

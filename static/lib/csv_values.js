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
  const { "dataset.delimiter": delimiter, "dataset.quote": quote, "dataset.decimal": decimal, "dataset.thousands": thousands } = values
  const asked = { target, targets, delimiter, quote, decimal, thousands, features: features && JSON.parse(features), header: header && header === "true" }
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

/** Marks in numbers, as people call them. @type {Record<string, string>} */
export const markNames = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", '"': "double quote", "'": "apostrophe", ".": "point" }

/** What cells look like that are read otherwise, in a word or two for the head of a column. */
export const likenessNames = { thousands: "thousands?", decimals: "decimals?", percent: "per cent?", currency: "currency?" }

const ALIKE = { thousands: "numbers with a mark between thousands", percent: "per cent", currency: "amounts of money" }

/** What a column may be meant as, and what to do about it where `readingOf` has nothing to choose. @param {CsvColumn} column that looks like something else than it is read as @param {CsvPreview["dialect"]} dialect */
export function likenessWords({ kind, distinct, looks_like: found }, { decimal, thousands }) {
  if (!found) return ""
  const { value, row, count } = found
  const more = count > 1 ? ` and ${formatCount(count - 1)} more` : ""
  if (kind === "number") {
    const isDecimal = found.kind === "thousands"
    const how = isDecimal ? `with a decimal ${markNames[decimal]}` : `with a ${markNames[thousands]} between thousands`
    const read = isDecimal ? value.replace(",", ".") : value.replace(thousands, "")
    return `is read ${how}: ${value} in row ${row}${more && `,${more} likewise,`} is ${read}.`
  }
  const category = `a category of ${formatCount(distinct)} ${distinct === 1 ? "value" : "values"}`
  const what = found.kind === "decimals" ? `numbers with a decimal ${markNames[found.mark ?? ""]}` : ALIKE[found.kind]
  const looks = `looks like ${what}: ${value} in row ${row}${more}. It is read as ${category}`
  if (found.kind === "thousands") return `${looks}.`
  if (found.kind === "decimals") return `${looks}, since the file is read with a decimal ${markNames[decimal]}; write all its numbers with one mark, or set the decimal mark below.`
  return `${looks}; take the signs out of the file to use it as numbers.`
}

/** The other reading of such a column, where one choice for the file makes it. @param {CsvColumn} column @returns {{title: string, changes: Values} | null} */
export function readingOf({ kind, looks_like: found }) {
  if (!found?.mark) return null
  if (found.kind === "thousands") return { title: kind === "number" ? "Read as thousands" : "Read as numbers", changes: { "dataset.thousands": found.mark, "dataset.decimal": "" } }
  return kind === "number" ? { title: "Read as decimals", changes: { "dataset.thousands": "none", "dataset.decimal": found.mark } } : null
}

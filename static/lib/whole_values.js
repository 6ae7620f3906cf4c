/**
 * All numbers of a parameter as they are typed or pasted, against those that it has. Pure.
 *
 * @import { Action, EditEntry, EditParameter, Tensor, Trace } from "../types.js"
 * @import { Texts } from "./edit_draft.js"
 */
import { parameterAt } from "./edit_places.js"
import { titleOf } from "./field_words.js"
import { formatCount } from "./format.js"
import { matrixOf, matrixText } from "./form_numbers.js"

export const MOST_TYPED = 4096 // numbers in a field: one looks for a number among them, and each key is asked for anew

/** @param {EditParameter} parameter */
const isWhole = ({ type }) => type === "array"

/** @param {Tensor} tensor */
const sizeOf = ({ shape: [rows, cols] }) => rows * cols

/** The numbers that a parameter has, to begin with; null where they are too many for a field. @param {Tensor} tensor */
export const presentText = (tensor) => (tensor.values && sizeOf(tensor) <= MOST_TYPED ? matrixText(tensor.values) : null)

/** One number in every cell; above what a field shows, that number alone, which means the same. @param {Tensor} tensor @param {string} number as it is typed */
export function filledText(tensor, number) {
  const [rows, cols] = tensor.shape
  return sizeOf(tensor) > MOST_TYPED ? number : matrixText(Array.from({ length: rows }, () => Array(cols).fill(number)))
}

/**
 * The fields of an edit with the present numbers where whole parameters are asked for and nothing was typed, also not for the place that they were of before.
 * @param {EditEntry} entry @param {Texts} to as typed @param {Trace | null} trace of a whole batch @param {Texts} [from] as they stood before; none to begin with
 * @returns {Texts}
 */
export function withPresent(entry, to, trace, from) {
  const names = entry.parameters.filter(isWhole).map(({ name }) => name)
  if (names.length === 0) return to
  const text = (/** @type {Texts} */ texts) => {
    const tensor = trace && parameterAt(entry, texts, trace)
    return tensor ? (presentText(tensor) ?? "") : null
  }
  const present = text(to)
  const before = from && text(from)
  const begun = names.filter((name) => !from || (to[name] === from[name] && from[name] === before))
  return present === null ? to : { ...to, ...Object.fromEntries(begun.map((name) => [name, present])) }
}

/** An edit as the service takes it: one number alone stands for all. @param {EditEntry} entry @param {Action} action @param {Texts} texts @param {Trace | null} trace of a whole batch @returns {Action} */
export function spreadOut(entry, action, texts, trace) {
  const shape = trace && parameterAt(entry, texts, trace)?.shape
  if (!shape) return action
  const spread = entry.parameters.filter(isWhole).flatMap(({ name }) => {
    const only = loneNumber(action[name])
    return only === null ? [] : [[name, Array.from({ length: shape[0] }, () => Array(shape[1]).fill(only))]]
  })
  return { ...action, ...Object.fromEntries(spread) }
}

/** @param {unknown} values @returns {number | null} */
function loneNumber(values) {
  const all = Array.isArray(values) ? values.flat() : []
  return all.length === 1 && typeof all[0] === "number" ? all[0] : null
}

/** What is wrong with the numbers, in a place that is there; null where nothing is known to be. @param {EditEntry} entry @param {Texts} texts @param {Trace} trace of a whole batch @returns {import("../state.js").Problem | null} */
export function wrongValues(entry, texts, trace) {
  const tensor = parameterAt(entry, texts, trace)
  for (const { name } of tensor ? entry.parameters.filter(isWhole) : []) {
    const wrong = wrongIn(texts[name] ?? "", /** @type {Tensor} */ (tensor).shape)
    if (wrong) return { title: "Not possible", message: `${titleOf(name)} ${wrong}`, field: name }
  }
  return null
}

/** @param {string} text @param {[number, number]} shape */
function wrongIn(text, [rows, cols]) {
  const asked = `it must be ${linesWords([rows, cols])}, or one number for all`
  if (text.trim() === "") return `is empty; ${asked}.`
  const given = matrixOf(text)
  const lines = (Array.isArray(given) ? given : [given]).map((row) => (Array.isArray(row) ? row : [row]))
  for (const [at, line] of lines.entries()) {
    const odd = line.findIndex((number) => typeof number !== "number" || !Number.isFinite(number))
    if (odd >= 0) return `has ${typeof line[odd] === "number" ? line[odd] : JSON.stringify(line[odd])} as number ${odd + 1} of line ${at + 1}; it must be a finite number.`
  }
  if (loneNumber(lines) !== null) return null
  if (lines.length !== rows) return `has ${counted(lines.length, "line")}; ${asked}.`
  const short = lines.findIndex((line) => line.length !== cols)
  return short < 0 ? null : `has ${counted(lines[short]?.length ?? 0, "number")} in line ${short + 1}; it must be ${linesWords([rows, cols])}.`
}

/** @param {number} count @param {string} what */
const counted = (count, what) => `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`

/** "32 lines of 64 numbers". @param {[number, number]} shape */
export const linesWords = ([rows, cols]) => `${counted(rows, "line")} of ${counted(cols, "number")}`

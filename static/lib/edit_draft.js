/**
 * An edit while it is being typed: its fields as text, from the catalogue's entry, and back to what the service takes. Pure.
 *
 * @import { Action, Cell, EditEntry, EditParameter, Trace } from "../types.js"
 */
import { isEnd } from "./edit_log.js"
import { matrixOf, matrixText, numberOr } from "./form_numbers.js"
import { axesOf, partsOf } from "./tensor_names.js"

/** Fields by the parameter's name, as they are typed. @typedef {Record<string, string>} Texts */

/** Parameters that say where an edit acts: a cell fills them in. */
const PLACES = ["tensor", "layer", "row", "col", "unit"]

/** What may be done at a cell: an entry of the catalogue, with the parameters that the cell says. @typedef {{entry: EditEntry, filled: Record<string, unknown>, free: EditParameter[]}} Offer */

/**
 * The edits that a cell has a place for. One that asks for more than numbers is left to the form of all edits.
 * @param {readonly EditEntry[]} entries @param {Cell} cell @param {Trace} trace @returns {Offer[]}
 */
export function offersAt(entries, cell, trace) {
  return entries.flatMap((entry) => {
    const filled = filledAt(entry, cell, trace)
    const free = entry.parameters.filter(({ name }) => !PLACES.includes(name))
    return filled && free.every(({ type }) => ["number", "integer", "boolean"].includes(type)) ? [{ entry, filled, free }] : []
  })
}

/** @param {EditEntry} entry @param {Cell} cell @param {Trace} trace @returns {Record<string, unknown> | null} null where the cell is no place for it */
function filledAt({ parameters }, { tensor, layer, row, col }, trace) {
  const asks = (/** @type {string} */ name) => parameters.some((parameter) => parameter.name === name)
  const last = trace.layers.length - 1
  const parts = partsOf(tensor)
  if (!parts || parts.isNext) return null
  if (asks("tensor")) {
    const choices = parameters.find(({ name }) => name === "tensor")?.choices ?? []
    const own = parts.mark === "g" ? `d${parts.letter}` : tensor // a gradient as the update takes it stands for its own
    // what reaches the output comes from the loss alone
    if (!choices.includes(own) || (own === "dA" && layer === last)) return null
    return { tensor: own, layer, ...(asks("row") && { row }), ...(asks("col") && { col }) }
  }
  if (asks("unit")) {
    const isOfUnit = ["weights", "units", "examples"].includes(axesOf(tensor))
    return isOfUnit && layer > 0 && layer < last ? { layer, unit: row } : null
  }
  if (asks("layer")) return layer > 0 && !asks("row") && !asks("col") ? { layer } : null
  if (asks("row") && asks("col")) return tensor === "A" && layer === 0 ? { row, col } : null
  return null
}

/**
 * The fields of an edit to begin with: what stands there now, where something does, else what the catalogue has to begin with.
 * @param {EditEntry} entry @param {Record<string, unknown>} filled @param {readonly Action[]} standing @returns {Texts}
 */
export function textsOf(entry, filled, standing) {
  const now = standing.find((action) => action.name === entry.name && Object.entries(filled).every(([name, value]) => action[name] === value))
  const given = /** @type {Record<string, unknown>} */ ({ ...now, ...filled })
  const texts = Object.fromEntries(entry.parameters.map((parameter) => [parameter.name, textOf(parameter, given[parameter.name] === undefined ? startOf(parameter) : given[parameter.name])]))
  // on or off: what is not so now
  for (const { name, type } of entry.parameters) if (now && type === "boolean" && name in entry.ends) texts[name] = String(entry.ends[name])
  return texts
}

/** What a form begins with: of what has to be given a value to start from, of what may be left out the default. @param {EditParameter} parameter */
export const startOf = ({ required, start, default: usual }) => (required ? start : usual)

/** @param {EditParameter} parameter @param {unknown} value */
function textOf({ type }, value) {
  if (value === null || value === undefined) return ""
  if (type === "array") return matrixText(/** @type {number[][]} */ (value))
  return type === "object" ? JSON.stringify(value) : String(value)
}

/** The edit as typed: what is no number stays text, so that the service can say so. @param {EditEntry} entry @param {Texts} texts @returns {Action} */
export function editOf(entry, texts) {
  return { name: entry.name, ...Object.fromEntries(entry.parameters.map((parameter) => [parameter.name, valueOf(parameter, texts[parameter.name] ?? "")])) }
}

/** @param {EditParameter} parameter @param {string} text @returns {unknown} */
function valueOf({ type, nullable }, text) {
  if (nullable && text.trim() === "") return null
  if (type === "number" || type === "integer") return numberOr(text.trim().replace("\u2212", "-"))
  if (type === "boolean") return text === "true"
  if (type === "array") return matrixOf(text)
  if (type !== "object") return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const MOST_TOLD = 4096 // characters of JSON, as the service spaces it (`app/sessions/places.py`)

/** Whether those who watch can be told of an edit: all but a tensor that is set as a whole is short enough. @param {Action} action */
export function isTellable(action) {
  const text = JSON.stringify(action)
  return text.length + (text.match(/[,:]/g)?.length ?? 0) <= MOST_TOLD
}

/** Whether an edit would end what stands, as a word for its button. @param {EditEntry} entry @param {Texts} texts */
export const isEnding = (entry, texts) => isEnd(editOf(entry, texts), entry)

/** Settings of the optimizer that were typed and are not what the run has. @param {Record<string, unknown>} now @param {Texts} texts @returns {Record<string, unknown>} */
export function changedSettings(now, texts) {
  const changes = Object.entries(texts).map(([name, text]) => [name, typeof now[name] === "boolean" ? text === "true" : numberOr(text.trim())])
  return Object.fromEntries(changes.filter(([name, value]) => now[/** @type {string} */ (name)] !== value))
}

/** The field that a problem is about: "edits[0].value" and "action.value" are both "value". @param {string | null} field */
export const fieldOfEdit = (field) => (field ?? "").replace(/^(edits\[\d+\]|action)\.?/, "")

/** What one step of an arrow key or a pixel of a drag is worth: a hundredth of the larger of a number and its tensor's extent, as a power of ten.
 * @param {number} value @param {number} extent */
export function stepOf(value, extent) {
  const size = Math.max(Number.isFinite(value) ? Math.abs(value) : 0, Number.isFinite(extent) ? extent : 0)
  return size > 0 ? 10 ** (Math.floor(Math.log10(size)) - 2) : 0.01
}

/** A number moved by some steps, without digits that are finer than a step and were not there. @param {string} text @param {number} steps @param {number} step */
export function moved(text, steps, step) {
  const from = Number(text.replace("\u2212", "-"))
  if (!Number.isFinite(from) || text.trim() === "") return text
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const to = from + steps * step
  return decimals > 12 || Math.abs(to) > 1e15 ? String(to) : String(Number(to.toFixed(Math.min(decimals, 20))))
}

/**
 * Edits in words: what an action of the log did, and what stands. Pure.
 *
 * @import { Action, EditEntry } from "../types.js"
 */
import { formatNumber, tensorLabel } from "./format.js"
import { partsOf } from "./tensor_names.js"

/** @param {unknown} value */
const number = (value) => (typeof value === "number" ? formatNumber(value) : String(value))

/** "learning_rate" as people write it. @param {string} name */
const plain = (name) => name.replaceAll("_", " ")

/** @param {Record<string, unknown>} changes */
const settings = (changes) => Object.entries(changes).map(([name, value]) => `${plain(name)} ${typeof value === "object" && value !== null ? choice(value) : number(value)}`).join(", ")

/** @param {object} value an ingredient with its parameters */
const choice = (value) => Object.values(value).map(number).join(" ")

/** " to 0.5" where all numbers are one. @param {unknown} values */
function common(values) {
  const [first, ...others] = Array.isArray(values) ? values.flat() : []
  return first !== undefined && others.every((one) => one === first) ? ` to ${number(first)}` : ""
}

/** The sentences of the edits that the app has; any other is told by its title and its parameters. @type {Record<string, (edit: any) => string>} */
const WORDS = {
  set: ({ tensor, layer, row, col, value }) => `${tensorLabel(tensor, layer)} at ${partsOf(tensor)?.letter === "W" ? `${row}, ${col}` : row} set to ${number(value)}`,
  set_all: ({ tensor, layer, values }) => `all of ${tensorLabel(tensor, layer)} set${common(values)}`,
  set_input: ({ row, col, value }) => `feature ${row} of example ${col} set to ${number(value)}`,
  ablate: ({ layer, unit, on }) => `unit ${unit} of layer ${layer} ${on === false ? "ablated no more" : "ablated"}`,
  freeze: ({ layer, on }) => `layer ${layer} ${on === false ? "frozen no more" : "frozen"}`,
  scale_gradient: ({ tensor, layer, factor }) => `${tensorLabel(tensor, layer)} ${factor === 1 ? "scaled no more" : factor === 0 ? "zeroed" : factor === -1 ? "reversed" : `times ${number(factor)}`}`,
  clip_gradient: ({ tensor, layer, max_abs }) => `${tensorLabel(tensor, layer)} ${max_abs === null ? "clipped no more" : `clipped at ±${number(max_abs)}`}`,
  optimizer: ({ changes }) => settings(changes),
  configure: ({ changes }) => `begun with ${settings(changes)}`,
}

/** @param {Action} action an edit, or what a fork began with @param {readonly EditEntry[]} entries of the catalogue */
export function editWords(action, entries) {
  const own = WORDS[action.name]
  if (own) return own(action)
  const { name, ...parameters } = action
  return `${entries.find((entry) => entry.name === name)?.title ?? plain(name)}: ${settings(parameters)}`
}

/** The sign of an edit beside a unit, a layer or a tensor: a mark that needs no colour. @param {Action} action */
export function editSign({ name, factor, max_abs }) {
  if (name === "ablate") return "⊘"
  if (name === "freeze") return "❄\uFE0E" // as text, not as a coloured picture
  if (name === "scale_gradient") return `×${number(factor)}`
  if (name === "clip_gradient") return `≤${number(max_abs)}`
  return "✎\uFE0E"
}

/** What the loss becomes: "2.4992 → 2.4987 nats, 0.0005 less". @param {number} before @param {number} after @param {string} unit "" where it has none */
export function lossWords(before, after, unit) {
  const of = unit && ` ${unit}`
  if (Object.is(before, after)) return `${formatNumber(before, 6)}${of} as before`
  const by = after - before
  const numbers = `${formatNumber(before, 6)} → ${formatNumber(after, 6)}${of}`
  return Number.isFinite(by) ? `${numbers}, ${formatNumber(Math.abs(by), 3)} ${by < 0 ? "less" : "more"}` : numbers
}

/** What ends an edit, as people say it. @type {Record<string, string>} */
const ENDINGS = { ablate: "Restore a unit", freeze: "Unfreeze a layer" }

/** What would end what stands at a cell, in few words. @param {EditEntry} entry @param {Record<string, unknown>} filled */
export const endingWords = (entry, filled) => (ENDINGS[entry.name] ? offerWords({ ...entry, title: ENDINGS[entry.name] ?? "" }, filled) : `End: ${offerWords(entry, filled)}`)

/** What comes of ending it, where the catalogue tells only what the edit itself does. @type {Record<string, string>} */
const ENDING_HELP = {
  ablate: "The unit passes on what it computes again, and gradients come back through it.",
  freeze: "The layer's parameters are updated again. What the optimizer remembers of them goes on from where it was left.",
}

/** What an edit does, or what comes of ending it. @param {EditEntry} entry @param {boolean} isEnd */
export const helpWords = ({ name, help }, isEnd) => (isEnd ? (ENDING_HELP[name] ?? help) : help)

/** What may be done at a cell, in few words. @param {EditEntry} entry @param {Record<string, unknown>} filled */
export function offerWords({ title }, { tensor, layer, unit }) {
  if (unit !== undefined) return `${title.replace(/\ba unit\b/, `unit ${unit}`)} of layer ${layer}`
  if (tensor !== undefined) return title.replace(/\ba (gradient|parameter)\b/, tensorLabel(String(tensor), Number(layer)))
  return layer === undefined ? title : title.replace(/\ba layer\b/, `layer ${layer}`)
}

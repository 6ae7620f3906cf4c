/**
 * A number as it is typed, held against its bounds in the catalogue, so that nothing is asked that is known to be refused. Pure.
 *
 * The words are the service's own with the page's name of the field: which of the two has said it makes no difference to whoever reads it.
 */
import { titleOf } from "./field_words.js"

/** @typedef {{type: string, nullable?: boolean, low: number | null, high: number | null, low_open: boolean}} Bounds */

/** As people write a bound: 1,000,000 and 0.99. @param {number} bound */
export const boundText = (bound) => bound.toLocaleString("en", { maximumFractionDigits: 12 })

/** @param {Bounds} bounds "a finite number, above 0 and at most 10" */
export function boundWords({ type, low, high, low_open: isOpen, nullable }) {
  const kind = type === "integer" ? "a whole number" : "a finite number"
  const limits = [low === null ? "" : `${isOpen ? "above" : "at least"} ${boundText(low)}`, high === null ? "" : `at most ${boundText(high)}`].filter(Boolean).join(" and ")
  return `${limits ? `${kind}, ${limits}` : kind}${nullable ? ", or empty" : ""}`
}

/** Whether a number is typed that the bounds let pass; what they say nothing of, passes. @param {Bounds} bounds @param {string} text */
export function isWithin({ type, low, high, low_open: isOpen, nullable }, text) {
  if (type !== "number" && type !== "integer") return true
  const typed = text.trim().replace("\u2212", "-")
  if (typed === "") return Boolean(nullable)
  const number = Number(typed)
  if (!Number.isFinite(number) || (type === "integer" && !Number.isInteger(number))) return false
  return (low === null || (isOpen ? number > low : number >= low)) && (high === null || number <= high)
}

/**
 * What is wrong with a number that is typed; null where nothing is.
 * @param {Bounds} bounds @param {string} name as the page calls it @param {string} text
 */
export function refusalOf(bounds, name, text) {
  if (isWithin(bounds, text)) return null
  return `${name} is ${text.trim() === "" ? "empty" : text.trim()}; it must be ${boundWords(bounds)}.`
}

/**
 * The first of some fields that is out of its bounds, as a problem; null where none is.
 * @param {readonly (Bounds & {name: string})[]} parameters @param {Record<string, string>} texts by the parameter's name
 * @returns {import("../state.js").Problem | null}
 */
export function firstRefusal(parameters, texts) {
  for (const parameter of parameters) {
    const message = refusalOf(parameter, titleOf(parameter.name), texts[parameter.name] ?? "")
    if (message) return { title: "Not possible", message, field: parameter.name }
  }
  return null
}

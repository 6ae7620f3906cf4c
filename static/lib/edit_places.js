/**
 * Where in a network an edit may act, held against the step that is looked at, so that nothing is asked that is known to be refused. Pure.
 *
 * The rules and the words are the service's own, of `app/engine/edit_places.py`, with the page's name of the field.
 *
 * @import { EditEntry, LayerTrace, Tensor, Trace } from "../types.js"
 */
import { titleOf } from "./field_words.js"

const PARAMETERS = /** @type {const} */ (["W", "b", "gamma", "beta"])

/** @typedef {{field: string, bound: string}} Wrong */

/** What an edit asks for, as it is typed: `asks` whether it has a field, `at` the whole number in one. @typedef {{asks: (name: string) => boolean, at: (name: string) => number, tensor: string}} Typed */

/**
 * What is wrong with the place of an edit; null where nothing is known to be.
 * @param {EditEntry} entry @param {Record<string, string>} texts within the bounds of the catalogue @param {Trace} trace of a whole batch
 * @returns {import("../state.js").Problem | null}
 */
export function misplaced({ parameters }, texts, trace) {
  const typed = {
    asks: (/** @type {string} */ name) => parameters.some((parameter) => parameter.name === name),
    at: (/** @type {string} */ name) => Number((texts[name] ?? "").trim()),
    tensor: texts.tensor ?? "",
  }
  const wrong = typed.asks("layer") ? wrongLayer(typed, trace) ?? wrongInLayer(typed, trace) : wrongInput(typed, trace)
  if (!wrong) return null
  const { field, bound } = wrong
  return { title: "Not possible", message: `${titleOf(field)} is ${field === "tensor" ? JSON.stringify(typed.tensor) : typed.at(field)}; it must be ${bound}.`, field }
}

/** @param {Typed} typed @param {Trace} trace @returns {Wrong | null} */
function wrongLayer({ asks, at, tensor }, trace) {
  const last = trace.layers.length - 1
  const [low, high, what] = asks("unit") ? [1, last - 1, "hidden layers"] : tensor === "dA" ? [0, last - 1, "layers before the last"] : [1, last, "layers of weights"]
  if (high < low) return { field: "layer", bound: `left out: this network has no ${what}` }
  if (at("layer") >= low && at("layer") <= high) return null
  return { field: "layer", bound: low < high ? `${low} to ${high}: ${what}` : `${low}: there are no other ${what}` }
}

/** @param {Typed} typed @param {Trace} trace @returns {Wrong | null} */
function wrongInLayer(typed, trace) {
  const { asks, at, tensor } = typed
  const layer = /** @type {LayerTrace & Partial<Record<typeof PARAMETERS[number], Tensor | null>>} */ (trace.layers[at("layer")])
  if (asks("unit")) return beyond(typed, "unit", layer.size, `layer ${layer.index} has ${layer.size} unit${layer.size > 1 ? "s" : ""}`)
  if (!asks("tensor") || tensor === "dA") return null
  const there = PARAMETERS.filter((name) => layer[name])
  const own = there.find((name) => name === tensor.replace(/^d/, ""))
  if (!own) return { field: "tensor", bound: `one of: ${there.map((name) => (tensor.startsWith("d") ? `d${name}` : name)).join(", ")}` }
  const { shape } = /** @type {Tensor} */ (layer[own])
  return wrongCell(typed, shape, `${tensor}[${layer.index}] is ${shape[0]} by ${shape[1]}`)
}

/** @param {Typed} typed @param {Trace} trace @returns {Wrong | null} */
function wrongInput(typed, { layers: [input] }) {
  const shape = input?.A?.shape
  return shape ? wrongCell(typed, shape, `the batch is ${shape[0]} features by ${shape[1]} examples`) : null
}

/** @param {Typed} typed @param {[number, number]} shape @param {string} what it is that has this shape @returns {Wrong | null} */
const wrongCell = (typed, [rows, cols], what) => beyond(typed, "row", rows, what) ?? beyond(typed, "col", cols, what)

/** @param {Typed} typed @param {string} field @param {number} count @param {string} what has so many @returns {Wrong | null} */
const beyond = ({ asks, at }, field, count, what) => (asks(field) && !(at(field) >= 0 && at(field) < count) ? { field, bound: `${count > 1 ? `0 to ${count - 1}` : 0}: ${what}` } : null)

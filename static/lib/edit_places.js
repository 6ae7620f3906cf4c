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
export function misplaced(entry, texts, trace) {
  const typed = typedIn(entry, texts)
  const wrong = typed.asks("layer") ? wrongLayer(typed, trace) ?? wrongTensor(typed, trace) ?? wrongNumber(typed, trace) : wrongNumber(typed, trace)
  if (!wrong) return null
  const { field, bound } = wrong
  return { title: "Not possible", message: `${titleOf(field)} is ${field === "tensor" ? JSON.stringify(typed.tensor) : typed.at(field)}; it must be ${bound}.`, field }
}

/**
 * The bounds of an edit's place in this network, by the field's name, for its hint: "0 to 15". What depends on a layer or a tensor that is not there is left out.
 * @param {EditEntry} entry @param {Record<string, string>} texts @param {Trace} trace of a whole batch
 * @returns {Record<string, string>}
 */
export function placeBounds(entry, texts, trace) {
  const typed = typedIn(entry, texts)
  const layers = typed.asks("layer") ? layersFor(typed, trace) : null
  const isNowhere = layers && (!Number.isInteger(typed.at("layer")) || wrongLayer(typed, trace) || wrongTensor(typed, trace))
  const counts = isNowhere ? null : countsAt(typed, trace)
  const spans = Object.entries(counts?.counts ?? {}).filter(([field]) => typed.asks(field)).map(([field, count]) => [field, spanText(0, count - 1)])
  return { ...(layers && { layer: layers.high < layers.low ? `this network has no ${layers.what}` : spanText(layers.low, layers.high) }), ...Object.fromEntries(spans) }
}

/** @param {EditEntry} entry @param {Record<string, string>} texts @returns {Typed} */
const typedIn = ({ parameters }, texts) => ({
  asks: (name) => parameters.some((parameter) => parameter.name === name),
  at: (name) => Number((texts[name] ?? "").trim()),
  tensor: texts.tensor ?? "",
})

/** @param {number} low @param {number} high */
const spanText = (low, high) => (low < high ? `${low} to ${high}` : `${low} alone`)

/** The layers where such an edit may act. @param {Typed} typed @param {Trace} trace */
function layersFor({ asks, tensor }, trace) {
  const last = trace.layers.length - 1
  if (asks("unit")) return { low: 1, high: last - 1, what: "hidden layers" }
  return tensor === "dA" ? { low: 0, high: last - 1, what: "layers before the last" } : { low: 1, high: last, what: "layers of weights" }
}

/** @param {Typed} typed @param {Trace} trace @returns {Wrong | null} */
function wrongLayer(typed, trace) {
  const { low, high, what } = layersFor(typed, trace)
  if (high < low) return { field: "layer", bound: `left out: this network has no ${what}` }
  if (typed.at("layer") >= low && typed.at("layer") <= high) return null
  return { field: "layer", bound: low < high ? `${low} to ${high}: ${what}` : `${low}: there are no other ${what}` }
}

/** @typedef {LayerTrace & Partial<Record<typeof PARAMETERS[number], Tensor | null>>} Parameterised */

/** The parameter that an edit is about, as the step has it; null where its place is none. @param {EditEntry} entry @param {Record<string, string>} texts @param {Trace} trace of a whole batch @returns {Tensor | null} */
export function parameterAt(entry, texts, trace) {
  const typed = typedIn(entry, texts)
  return typed.asks("layer") && typed.asks("tensor") && trace.layers[typed.at("layer")] ? parameterOf(typed, trace) : null
}

/** Of the tensors that an edit may be about, those that any layer of this network has. @param {readonly string[]} choices @param {Trace} trace */
export const choicesIn = (choices, trace) =>
  choices.filter((tensor) => {
    const parameter = PARAMETERS.find((name) => name === tensor.replace(/^d/, ""))
    return !parameter || trace.layers.some((layer) => /** @type {Parameterised} */ (layer)[parameter])
  })

/** The parameter that an edit is about, in its layer. @param {Typed} typed @param {Trace} trace @returns {Tensor | null} */
function parameterOf({ at, tensor }, trace) {
  const name = PARAMETERS.find((one) => one === tensor.replace(/^d/, ""))
  return (name && /** @type {Parameterised} */ (trace.layers[at("layer")])[name]) ?? null
}

/** @param {Typed} typed @param {Trace} trace @returns {Wrong | null} */
function wrongTensor(typed, trace) {
  const { asks, at, tensor } = typed
  if (!asks("tensor") || tensor === "dA" || parameterOf(typed, trace)) return null
  const layer = /** @type {Parameterised} */ (trace.layers[at("layer")])
  const there = PARAMETERS.filter((name) => layer[name])
  return { field: "tensor", bound: `one of: ${there.map((name) => (tensor.startsWith("d") ? `d${name}` : name)).join(", ")}` }
}

/** How many units, rows and columns there are to choose from, and of what. @param {Typed} typed in a layer and a tensor that are there @param {Trace} trace @returns {{counts: Record<string, number>, what: string} | null} */
function countsAt(typed, trace) {
  const { asks, at, tensor } = typed
  if (!asks("layer")) {
    const shape = trace.layers[0]?.A?.shape
    return shape ? { counts: { row: shape[0], col: shape[1] }, what: `the batch is ${shape[0]} features by ${shape[1]} examples` } : null
  }
  if (asks("unit")) {
    const { index, size } = /** @type {LayerTrace} */ (trace.layers[at("layer")])
    return { counts: { unit: size }, what: `layer ${index} has ${size} unit${size > 1 ? "s" : ""}` }
  }
  const shape = asks("tensor") && tensor !== "dA" && parameterOf(typed, trace)?.shape
  return shape ? { counts: { row: shape[0], col: shape[1] }, what: `${tensor}[${at("layer")}] is ${shape[0]} by ${shape[1]}` } : null
}

/** @param {Typed} typed @param {Trace} trace @returns {Wrong | null} */
function wrongNumber(typed, trace) {
  const told = countsAt(typed, trace)
  const beyond = Object.entries(told?.counts ?? {}).find(([field, count]) => typed.asks(field) && !(typed.at(field) >= 0 && typed.at(field) < count))
  return told && beyond ? { field: beyond[0], bound: `${beyond[1] > 1 ? `0 to ${beyond[1] - 1}` : 0}: ${told.what}` } : null
}

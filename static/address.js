/**
 * The address bar holds what is seen: session and step in the path's query, phase, cell, the view below and a scale of one's own beside them.
 * The edit key does not stay here: that of an edit link goes into this browser's storage at once.
 *
 * @import { Cell } from "./types.js"
 */
import { tabNames } from "./lib/tab_names.js"
import { isTensorName } from "./lib/tensor_names.js"

/** @typedef {{session: string | null, step: number | null, example: number | null, phase: string | null, cell: Cell | null, trail?: Cell[], tab?: string | null, preset?: string | null, scale?: "own" | "shared" | null, colors?: "linear" | "logarithmic" | null, distribution?: import("./state.js").Plotted | null}} Place
 * `trail`: the cells that were walked through on the way to the cell, without it; `tab`: null for the first; `preset`: with a session, what that was opened as;
 * `scale` and `colors`: null for those of the preset, and without one for each its own and linear; `distribution`: null for that of dW[1] on its own axis */

const SCALES = /** @type {const} */ (["own", "shared"])
const COLORS = /** @type {const} */ (["linear", "logarithmic"])
const AXES = /** @type {const} */ (["linear", "symlog"])

/** @param {string} search the part of the URL from "?" on @returns {Place} */
export function readAddress(search) {
  const query = new URLSearchParams(search)
  const step = Number(query.get("step"))
  const example = query.get("example")
  const cell = readCell(query.get("cell") ?? "")
  const trail = (query.get("trail") ?? "").split("~").map(readCell).filter((one) => one !== null)
  return {
    session: query.get("session"),
    step: Number.isInteger(step) && step > 0 ? step : null,
    example: example !== null && /^\d{1,6}$/.test(example) ? Number(example) : null,
    phase: query.get("phase"),
    tab: query.get("tab"),
    preset: query.get("preset"),
    scale: SCALES.find((one) => one === query.get("scale")) ?? null,
    colors: COLORS.find((one) => one === query.get("colors")) ?? null,
    distribution: readPlotted(query.get("distribution") ?? ""),
    cell,
    trail: cell ? trail : [], // a way to nowhere is none
  }
}

/** @param {string} text "dW.2.3.1" @returns {Cell | null} null for what is none */
function readCell(text) {
  const [tensor = "", ...rest] = text.split(".")
  const [layer = NaN, row = NaN, col = NaN] = rest.map((part) => (part === "" ? NaN : Number(part)))
  return isTensorName(tensor) && [layer, row, col].every((n) => Number.isInteger(n) && n >= 0) ? { tensor, layer, row, col } : null
}

/** @param {string} text "dZ.2", with its axis "dZ.2.symlog" @returns {import("./state.js").Plotted | null} null for what is none */
function readPlotted(text) {
  const [, tensor = "", layer, axis] = /^(\w+)\.(\d{1,4})(?:\.(\w+))?$/.exec(text) ?? []
  const scale = axis === undefined ? "" : AXES.find((one) => one === axis)
  return isTensorName(tensor) && scale !== undefined ? { tensor, layer: Number(layer), scale } : null
}

/** @param {Cell} cell */
const writeCell = ({ tensor, layer, row, col }) => [tensor, layer, row, col].join(".")

/** The edit key behind the "#" of an edit link, which no browser sends to a server. @param {string} hash @returns {string | null} */
export const readKey = (hash) => new URLSearchParams(hash.slice(1)).get("key") || null

/** @param {string} key */
export const writeKey = (key) => `#${new URLSearchParams({ key })}`

/** @param {Place} place @returns {string} */
export function writeAddress({ session, step, example, phase, cell, trail = [], tab = null, preset = null, scale = null, colors = null, distribution = null }) {
  const query = new URLSearchParams()
  if (session) query.set("session", session)
  if (step) query.set("step", String(step))
  if (example !== null) query.set("example", String(example))
  if (phase) query.set("phase", phase)
  if (cell) query.set("cell", writeCell(cell))
  if (cell && trail.length > 0) query.set("trail", trail.map(writeCell).join("~"))
  if (tab && tab !== tabNames[0]) query.set("tab", tab)
  if (preset) query.set("preset", preset)
  if (scale) query.set("scale", scale)
  if (colors) query.set("colors", colors)
  if (distribution) query.set("distribution", [distribution.tensor, distribution.layer, distribution.scale].filter((part) => part !== "").join("."))
  const text = query.toString()
  return text ? `?${text}` : ""
}

/** What stands in an address and can't be read as what it should be, each with what would be right. @param {string} search @returns {string[]} */
export function unreadable(search) {
  const query = new URLSearchParams(search)
  const { step, example, cell, scale, colors, distribution } = readAddress(search)
  const cells = (query.get("trail") ?? "").split("~").filter(Boolean)
  /** @type {[string, boolean, string][]} */
  const parts = [
    ["step", step !== null, "a whole number from 1"],
    ["example", example !== null, "a whole number from 0"],
    ["cell", cell !== null, "a tensor, its layer, row and column with points between, such as dW.2.3.5"],
    ["scale", scale !== null, SCALES.join(" or ")],
    ["colors", colors !== null, COLORS.join(" or ")],
    ["distribution", distribution !== null, `a tensor and its layer with a point between, such as dW.2, and after another its axis, ${AXES.join(" or ")}`],
    ["trail", cells.every((one) => readCell(one) !== null), "cells such as dW.2.3.5, with ~ between"],
  ]
  return parts.flatMap(([name, isRead, bound]) => (query.get(name) && !isRead ? [`${name} is “${cut(query.get(name) ?? "")}”, and must be ${bound}`] : []))
}

/** @param {string} text */
const cut = (text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

/**
 * The address bar of a comparison: sessions, step, what is compared and the chosen cell. Keys never stand here. Pure.
 *
 * @import { Cell } from "../types.js"
 * @import { Sharing } from "./compare_pictures.js"
 */
import { readAddress, readKey } from "../address.js"
import { isTensorName } from "./tensor_names.js"

/** @typedef {{sessions: string[], isUnlikeDrawn?: boolean, sharing?: Sharing, colors?: "linear" | "logarithmic", step: number | null, tensors: string[], layer: number | "all" | null, phase: string | null, cell: Cell | null}} ComparePlace */

/** What is not said is so: one scale for a tensor in all runs. @type {Record<string, Sharing>} */
const SHARINGS = { own: "own", kind: "kind" }

/** @param {string} search @returns {ComparePlace} */
export function readCompareAddress(search) {
  const query = new URLSearchParams(search)
  const { step, phase, cell, colors } = readAddress(search)
  const list = (/** @type {string} */ name) => [...new Set((query.get(name) ?? "").split(",").map((one) => one.trim()).filter(Boolean))]
  const layer = query.get("layer") ?? ""
  return { sessions: list("sessions"), isUnlikeDrawn: query.get("unlike") === "drawn", sharing: SHARINGS[query.get("scale") ?? ""] ?? "tensor", colors: colors ?? "linear", step, tensors: list("tensor").filter(isTensorName), layer: layer === "all" ? "all" : /^\d{1,4}$/.test(layer) ? Number(layer) : null, phase, cell }
}

/** @param {ComparePlace} place @returns {string} */
export function writeCompareAddress({ sessions, isUnlikeDrawn, sharing = "tensor", colors = "linear", step, tensors, layer, phase, cell }) {
  const parts = [
    sessions.length > 0 && `sessions=${sessions.map(encodeURIComponent).join(",")}`,
    step && `step=${step}`,
    tensors.length > 0 && `tensor=${tensors.join(",")}`,
    layer !== null && `layer=${layer}`,
    phase && `phase=${encodeURIComponent(phase)}`,
    isUnlikeDrawn && "unlike=drawn",
    sharing !== "tensor" && `scale=${sharing}`,
    colors !== "linear" && `colors=${colors}`,
    cell && `cell=${[cell.tensor, cell.layer, cell.row, cell.col].join(".")}`,
  ].filter(Boolean)
  return parts.length ? `?${parts.join("&")}` : ""
}

/**
 * What of an address can't be shown as it stands, in words; "" where there is nothing.
 * @param {string} search @param {number} most runs that are compared at once
 */
export function addressFaults(search, most) {
  const query = new URLSearchParams(search)
  const all = (/** @type {string} */ name) => (query.get(name) ?? "").split(",").map((one) => one.trim()).filter(Boolean)
  const sessions = all("sessions")
  const twice = [...new Set(sessions.filter((id, at) => sessions.indexOf(id) !== at))]
  const left = [...new Set(sessions)].slice(most)
  const strange = all("tensor").filter((name) => !isTensorName(name))
  const words = []
  if (twice.length) words.push(`The address names ${twice.join(" and ")} more than once; a run is compared once.`)
  if (left.length) words.push(`At most ${most} runs are compared at once; left out: ${left.join(", ")}.`)
  const scale = query.get("scale")
  if (scale && !(scale in SHARINGS)) words.push(`There is no scale ${scale}: it is own, kind, or left out.`)
  const colors = query.get("colors")
  if (colors && readAddress(search).colors === null) words.push(`There are no colours ${colors}: they are logarithmic, linear, or left out.`)
  if (strange.length) words.push(`There is no tensor ${strange.join(" or ")}.`)
  return words.join(" ")
}

/** A session's id out of what a person pastes: an id, or a link to the lens. @param {string} text */
export function sessionIn(text) {
  const typed = text.trim().replace(/#.*/, "")
  const query = typed.includes("?") ? new URLSearchParams(typed.slice(typed.indexOf("?"))) : null
  return query?.get("session") ?? typed
}

/** The edit key of a link that a person pastes; null where it has none. @param {string} text */
export const keyIn = (text) => (text.includes("#") ? readKey(text.trim().slice(text.trim().indexOf("#"))) : null)

/**
 * The address bar of a comparison: sessions, step, what is compared and the chosen cell. Keys never stand here. Pure.
 *
 * @import { Cell } from "../types.js"
 */
import { readAddress } from "../address.js"
import { isTensorName } from "./tensor_names.js"

/** @typedef {{sessions: string[], step: number | null, tensors: string[], layer: number | "all" | null, phase: string | null, cell: Cell | null}} ComparePlace */

/** @param {string} search @returns {ComparePlace} */
export function readCompareAddress(search) {
  const query = new URLSearchParams(search)
  const { step, phase, cell } = readAddress(search)
  const list = (/** @type {string} */ name) => [...new Set((query.get(name) ?? "").split(",").map((one) => one.trim()).filter(Boolean))]
  const layer = query.get("layer") ?? ""
  return { sessions: list("sessions"), step, tensors: list("tensor").filter(isTensorName), layer: layer === "all" ? "all" : /^\d{1,4}$/.test(layer) ? Number(layer) : null, phase, cell }
}

/** @param {ComparePlace} place @returns {string} */
export function writeCompareAddress({ sessions, step, tensors, layer, phase, cell }) {
  const parts = [
    sessions.length > 0 && `sessions=${sessions.map(encodeURIComponent).join(",")}`,
    step && `step=${step}`,
    tensors.length > 0 && `tensor=${tensors.join(",")}`,
    layer !== null && `layer=${layer}`,
    phase && `phase=${encodeURIComponent(phase)}`,
    cell && `cell=${[cell.tensor, cell.layer, cell.row, cell.col].join(".")}`,
  ].filter(Boolean)
  return parts.length ? `?${parts.join("&")}` : ""
}

/** A session's id out of what a person pastes: an id, or a link to the lens, whose key is not asked for. @param {string} text */
export function sessionIn(text) {
  const typed = text.trim().replace(/#.*/, "")
  const query = typed.includes("?") ? new URLSearchParams(typed.slice(typed.indexOf("?"))) : null
  return query?.get("session") ?? typed
}

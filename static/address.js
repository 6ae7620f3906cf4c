/**
 * The address bar holds what is seen: session and step in the path's query, phase and cell beside them.
 * The edit key does not stay here: that of an edit link goes into this browser's storage at once.
 *
 * @import { Cell } from "./types.js"
 */
import { isTensorName } from "./lib/tensor_names.js"

/** @typedef {{session: string | null, step: number | null, example: number | null, phase: string | null, cell: Cell | null, preset?: string | null}} Place */

/** @param {string} search the part of the URL from "?" on @returns {Place} */
export function readAddress(search) {
  const query = new URLSearchParams(search)
  const step = Number(query.get("step"))
  const [tensor, layer, row, col] = (query.get("cell") ?? "").split(".")
  const numbers = [layer, row, col].map(Number)
  const example = query.get("example")
  const isCell = isTensorName(tensor ?? "") && numbers.every((n) => Number.isInteger(n) && n >= 0)
  return {
    session: query.get("session"),
    step: Number.isInteger(step) && step > 0 ? step : null,
    example: example !== null && /^\d{1,6}$/.test(example) ? Number(example) : null,
    phase: query.get("phase"),
    preset: query.get("preset"),
    cell: isCell ? { tensor: tensor ?? "", layer: numbers[0] ?? 0, row: numbers[1] ?? 0, col: numbers[2] ?? 0 } : null,
  }
}

/** The edit key behind the "#" of an edit link, which no browser sends to a server. @param {string} hash @returns {string | null} */
export const readKey = (hash) => new URLSearchParams(hash.slice(1)).get("key") || null

/** @param {string} key */
export const writeKey = (key) => `#${new URLSearchParams({ key })}`

/** @param {Place} place @returns {string} */
export function writeAddress({ session, step, example, phase, cell }) {
  const query = new URLSearchParams()
  if (session) query.set("session", session)
  if (step) query.set("step", String(step))
  if (example !== null) query.set("example", String(example))
  if (phase) query.set("phase", phase)
  if (cell) query.set("cell", [cell.tensor, cell.layer, cell.row, cell.col].join("."))
  const text = query.toString()
  return text ? `?${text}` : ""
}

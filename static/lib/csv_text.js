/** Columns as CSV (RFC 4180), every digit kept, safe to open in a spreadsheet. Pure. */
import { formatExact } from "./format.js"

const WORDS = new Set(["NaN", "Infinity", "-Infinity"])

/**
 * @param {string[]} header @param {readonly (readonly (number | string | null | undefined)[])[]} columns all of one length; null is an empty cell
 * @returns {string}
 */
export function csvText(header, columns) {
  const rows = Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => columns.map((column) => cellText(column[row])))
  return [header.map(cellText), ...rows].map((cells) => `${cells.join(",")}\r\n`).join("")
}

/** @param {number | string | null | undefined} value */
function cellText(value) {
  if (value === null || value === undefined) return ""
  if (typeof value === "number" || WORDS.has(value)) return formatExact(value)
  // a spreadsheet would take text that begins so for a formula
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

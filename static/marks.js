/**
 * What is lit when a cell is pointed at: itself, its twin, and what it was computed from.
 *
 * @import { Cell, SessionPhase, Trace } from "./types.js"
 */
import { sourcesOf, twinOf } from "./phases.js"

/** @typedef {{tensor: string, layer: number, row: number | null, col: number | null, kind: "cell" | "twin" | "source" | "trail" | "hint"}} Mark */

/** @param {Cell} cell @param {Trace} trace @param {Cell[]} [trail] cells on the way to it @param {readonly SessionPhase[]} [told] @returns {Mark[]} `row` or `col` null is all of them */
export function marksOf(cell, trace, trail = [], told = []) {
  const twin = twinOf(cell, trace)
  return [
    ...trail.filter((one) => one !== cell).map((one) => ({ ...one, kind: /** @type {const} */ ("trail") })),
    ...sourcesOf(cell, trace, told).map((source) => ({ ...source, kind: /** @type {const} */ ("source") })),
    ...(twin ? [{ ...twin, kind: /** @type {const} */ ("twin") }] : []),
    { ...cell, kind: "cell" },
  ]
}

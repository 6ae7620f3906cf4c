/**
 * The way from a lens to a comparison of its run: what is looked at there is looked at in all runs. Pure.
 *
 * @import { Cell, Phase } from "../types.js"
 */
import { writeCompareAddress } from "./compare_address.js"

/**
 * @param {string[]} sessions @param {number | null} step null for the newest that all have
 * @param {{phase: Phase | null, cell: Cell | null, scaleRange: "shared" | "own", scaleMode: "linear" | "signed-log"}} lens `cell`: the one that is chosen
 */
export function besides(sessions, step, { phase, cell, scaleRange, scaleMode }) {
  const isOf = (/** @type {Phase} */ { reads, writes }) => cell === null || [...reads, ...writes].some(({ tensor, layer }) => tensor === cell.tensor && layer === cell.layer)
  // the loss is no tensor of a layer; and of a phase that the chosen cell has no part in, the cell says more
  const shown = phase && phase.lane !== "loss" && isOf(phase) ? phase.key : null
  return `/compare${writeCompareAddress({ sessions, step, tensors: [], layer: null, phase: shown, cell, sharing: scaleRange === "shared" ? "kind" : "tensor", colors: scaleMode === "signed-log" ? "logarithmic" : "linear" })}`
}

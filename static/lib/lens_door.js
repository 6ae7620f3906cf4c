/**
 * The lens's address for one number: its step, the phase that made it, and its cell. Pure.
 *
 * @import { Cell, Phase } from "../types.js"
 */
import { writeAddress } from "../address.js"

/** @param {string} session @param {number} step @param {Phase[]} phases as the lens plays them @param {Cell} cell */
export function doorTo(session, step, phases, { tensor, layer, row, col }) {
  const phase = phases.find(({ writes }) => writes.some((one) => one.tensor === tensor && one.layer === layer))
  return `/${writeAddress({ session, step, example: null, phase: phase?.key ?? null, cell: { tensor, layer, row, col } })}`
}

/**
 * The phases of a step as groups: a layer's part of the forward or of the backward pass, the loss, the update. Pure.
 *
 * @import { Phase } from "../types.js"
 */

/** Phases `from` up to but without `to`. @typedef {{key: string, lane: Phase["lane"], layer: number, from: number, to: number}} Group */

// pixels of what stands in the strip, with what is between; a little too wide rather than too narrow
const widths = { whole: 84, loss: 42, folded: 25, lane: { forward: 66, backward: 76, update: 49 }, phase: { forward: 41, backward: 49, update: 40 } }

/** @param {readonly Phase[]} phases in the order of the derivation @returns {Group[]} */
export function phaseGroups(phases) {
  /** @type {Group[]} */
  const groups = []
  phases.forEach(({ lane, layer }, position) => {
    const last = groups.at(-1)
    if (last?.lane === lane && last.layer === layer) last.to = position + 1
    else groups.push({ key: `${lane} ${layer}`, lane, layer, from: position, to: position + 1 })
  })
  return groups
}

/**
 * What is too long for one line, of which each layer's part is then one button but where it is looked at: the update first, then the forward
 * pass, and then the backward pass too, which one is here for. The passes fold or not whether the update is open or not, so that opening it moves none of them.
 * @param {readonly Phase[]} phases @param {number} room pixels for all of them @returns {{forward: boolean, backward: boolean, update: boolean}}
 */
export function foldsOf(phases, room) {
  const groups = phaseGroups(phases)
  const ofUpdate = phases.filter(({ lane }) => lane === "update")
  const symbols = ofUpdate.reduce((sum, phase) => sum + tensorsOf(phase).length, 0)
  const update = widths.lane.update + symbols * widths.phase.update
  const losses = phases.filter(({ lane }) => lane === "loss").length
  /** @param {boolean} forward @param {boolean} backward whether each is folded */
  const passes = (forward, backward) => widths.whole + losses * widths.loss + passWidth(groups, "forward", forward) + passWidth(groups, "backward", backward)
  const button = ofUpdate.length > 0 ? widths.lane.update : 0
  const isForward = passes(false, false) + button > room
  const isBackward = passes(isForward, false) + button > room
  return { forward: isForward, backward: isBackward, update: ofUpdate.length > 1 && passes(isForward, isBackward) + update > room }
}

/** Pixels of a pass: folded, a button for each layer, and the phases of the longest, which may be the one that is looked at. @param {readonly Group[]} groups @param {"forward" | "backward"} lane @param {boolean} isFolded */
function passWidth(groups, lane, isFolded) {
  const parts = groups.filter((group) => group.lane === lane).map(({ from, to }) => (to - from) * widths.phase[lane])
  const folded = parts.map((width) => Math.min(width, widths.folded))
  const sum = (/** @type {number[]} */ some) => some.reduce((all, one) => all + one, 0)
  return widths.lane[lane] + (isFolded ? sum(folded) + Math.max(0, ...parts.map((width, at) => width - (folded[at] ?? 0))) : sum(parts))
}

/** The tensors that a phase writes, each once for all layers. @param {Phase} phase @returns {string[]} */
export const tensorsOf = ({ writes }) => [...new Set(writes.map(({ tensor }) => tensor))]

/**
 * The phase that another group begins with, seen from one; -1 is the whole step, and before the first group.
 * @param {readonly Group[]} groups @param {number} index of a phase, or -1 @param {1 | -1} by
 */
export function groupFrom(groups, index, by) {
  const at = groups.findIndex(({ from, to }) => from <= index && index < to)
  return groups[at + by]?.from ?? (by < 0 ? -1 : index)
}

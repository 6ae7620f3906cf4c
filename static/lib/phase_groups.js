/**
 * The phases of a step as groups: a layer's part of the forward or of the backward pass, the loss, the update. Pure.
 *
 * @import { Phase } from "../types.js"
 */

/** Phases `from` up to but without `to`. @typedef {{key: string, lane: Phase["lane"], layer: number, from: number, to: number}} Group */

// pixels of what stands in the strip, generously: it is folded a little too early rather than too late
const widths = { phase: 44, whole: 88, lane: 62, word: 62 }

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
 * What is too long for one line: the passes, of which each layer's part folds then, and with or without them the update.
 * The passes fold or not whether the update is open or not, so that opening it moves none of them.
 * @param {readonly Phase[]} phases @param {number} room pixels for all of them @returns {{passes: boolean, update: boolean}}
 */
export function foldsOf(phases, room) {
  const ofUpdate = phases.filter(({ lane }) => lane === "update")
  const loss = phases.filter(({ lane }) => lane === "loss").length
  const passes = widths.whole + 2 * widths.lane + loss * widths.word + (phases.length - ofUpdate.length - loss) * widths.phase
  const symbols = ofUpdate.reduce((sum, phase) => sum + tensorsOf(phase).length, 0)
  const isFolded = passes + Math.sign(ofUpdate.length) * widths.word > room
  return { passes: isFolded, update: ofUpdate.length > 1 && (isFolded || passes + widths.lane + symbols * widths.phase > room) }
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

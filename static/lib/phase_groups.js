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

/** Whether the phases are too many for one line. @param {readonly Phase[]} phases @param {number} room pixels for all of them */
export function isTooLong(phases, room) {
  const words = phases.filter(({ lane }) => lane === "loss" || lane === "update").length
  return widths.whole + 2 * widths.lane + words * widths.word + (phases.length - words) * widths.phase > room
}

/**
 * The phase that another group begins with, seen from one; -1 is the whole step, and before the first group.
 * @param {readonly Group[]} groups @param {number} index of a phase, or -1 @param {1 | -1} by
 */
export function groupFrom(groups, index, by) {
  const at = groups.findIndex(({ from, to }) => from <= index && index < to)
  return groups[at + by]?.from ?? (by < 0 ? -1 : index)
}

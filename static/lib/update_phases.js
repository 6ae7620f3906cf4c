/**
 * The update as it is walked: for each kind of parameter the gradient as it is taken, the optimizer's states and what the parameter becomes. Pure.
 *
 * An update does the same in every layer, so one phase is about all of them, and its note tells one layer's equation.
 *
 * @import { Phase, SessionPhase } from "../types.js"
 */
import { axesOf, isParameter, partsOf } from "./tensor_names.js"

/**
 * The equations of the update, those of one phase together, in the order in which they are walked.
 *
 * A counter has no phase of its own: it counts with the state before it. What an edit makes of the gradients comes first for all of
 * them, since clipping by norm reads them all; running statistics come last, since no gradient moves them.
 * @param {readonly SessionPhase[]} told those of the update's lane, layer by layer @returns {SessionPhase[][]}
 */
export function updateParts(told) {
  /** @type {Map<string, SessionPhase[]>} */
  const kinds = new Map()
  for (const part of told) kinds.set(part.tensor, [...(kinds.get(part.tensor) ?? []), part])
  const letters = [...new Set([...kinds.keys()].map(letterOf))]
  const rank = (/** @type {string} */ tensor) => (tensor.startsWith("h") ? -1 : letters.indexOf(letterOf(tensor)) + (isParameter(letterOf(tensor)) ? 0 : letters.length))
  /** @type {SessionPhase[][]} */
  const groups = []
  // sorting keeps the order of what is of one kind: states as they are made, then the parameter
  for (const tensor of [...kinds.keys()].sort((one, other) => rank(one) - rank(other))) {
    const parts = kinds.get(tensor) ?? []
    const before = groups.at(-1)
    if (axesOf(tensor) === "one" && before && before[0] && letterOf(before[0].tensor) === letterOf(tensor)) before.push(...parts)
    else groups.push(parts)
  }
  return groups
}

/** Which parameter it is about. @param {string} tensor */
const letterOf = (tensor) => partsOf(tensor)?.letter ?? tensor

/**
 * Where a phase stands that goes by this key, its own or that of one of its equations; -1 where there is none.
 *
 * Links from before the update had phases say "update": they lead to the phase that makes their cell, or to the update's first.
 * @param {readonly Phase[]} phases @param {string | null | undefined} key @param {{tensor: string} | null} [cell]
 */
export function phaseAt(phases, key, cell = null) {
  if (key === null || key === undefined) return -1
  if (key === "update") {
    const making = cell ? phases.findIndex(({ lane, writes }) => lane === "update" && writes.some(({ tensor }) => tensor === cell.tensor)) : -1
    return making < 0 ? phases.findIndex(({ lane }) => lane === "update") : making
  }
  const found = phases.findIndex((phase) => phase.key === key || phase.parts.some((part) => part.key === key))
  if (found >= 0) return found
  // a layer that an edit has frozen has no gradient that is taken, and the others' phase goes by another layer's key
  const kind = /^([gh].*?)\d+$/.exec(key)?.[1]
  return phases.findIndex(({ lane, parts }) => lane === "update" && parts.some(({ tensor }) => tensor === kind))
}

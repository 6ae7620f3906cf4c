/**
 * The phases of runs that are made of unlike things, as one derivation; and which tensors they have. Pure.
 *
 * @import { SessionPhase, TensorAt } from "../types.js"
 */
import { letterOf } from "./notation.js"

/** What is no tensor of a layer, and has no heatmap. */
const OF_THE_BATCH = ["Y", "losses", "loss"]

/** @typedef {{key: string, tensor: string, layer: number, lane: SessionPhase["lane"], reads: TensorAt[]}} JointPhase */

/**
 * Every phase of any run once, each run's in its own order; what one alone has stands behind what comes before it there.
 * @param {readonly (readonly SessionPhase[])[]} runs @returns {JointPhase[]}
 */
export function mergePhases(runs) {
  /** @type {JointPhase[]} */
  const merged = []
  for (const phases of runs) {
    let before = -1
    for (const { key, tensor, layer, lane, reads } of phases) {
      if (lane === "loss") continue
      const at = merged.findIndex((one) => one.key === key)
      const same = merged[at]
      if (same) {
        same.reads = distinct([...same.reads, ...reads])
        before = at
      } else merged.splice(++before, 0, { key, tensor, layer, lane, reads: distinct(reads) })
    }
  }
  return merged
}

/** @param {readonly TensorAt[]} all @returns {TensorAt[]} without what is no heatmap, each once */
const distinct = (all) =>
  all.filter(({ tensor, layer }, at) => !OF_THE_BATCH.includes(tensor) && all.findIndex((one) => one.tensor === tensor && one.layer === layer) === at)

/** What a phase writes, and then what it reads. @param {JointPhase} phase @returns {TensorAt[]} */
export const tensorsOfPhase = ({ tensor, layer, reads }) => distinct([{ tensor, layer }, ...reads])

// as the lanes have them: what people look for first
const FIRST = ["W", "b", "Z", "A", "dW", "db", "dZ", "dA", "gamma", "beta", "Zhat", "N", "dgamma", "dbeta", "dN", "D", "G", "dG"]

/**
 * Which tensors any of the runs has in a layer, the usual ones first.
 * @param {readonly JointPhase[]} phases @param {number | "all"} layer @returns {{usual: string[], others: string[]}}
 */
export function tensorsAt(phases, layer) {
  const there = new Set(phases.flatMap(tensorsOfPhase).flatMap((one) => (layer === "all" ? one.layer > 0 : one.layer === layer) ? [one.tensor] : []))
  return { usual: FIRST.filter((name) => there.has(name)), others: [...there].filter((name) => !FIRST.includes(name)) }
}

/** A tensor where no markup can stand, in the letters of the equations: "dγ[2]", and with a prime after the update: "mW′[1]". @param {string} tensor @param {number} [layer] */
export const plainName = (tensor, layer) => letterOf(tensor) + (layer === undefined ? "" : `[${layer}]`)

/**
 * A phase's equation in each run: those that have the same are told together.
 * @param {readonly (readonly SessionPhase[])[]} runs @param {string} key @returns {{latex: string | null, title: string, positions: number[]}[]} without LaTeX, those that have no such phase
 */
export function equationsOf(runs, key) {
  /** @type {{latex: string | null, title: string, positions: number[]}[]} */
  const told = []
  runs.forEach((phases, position) => {
    const phase = phases.find((one) => one.key === key)
    const latex = phase?.whole ?? null
    const same = told.find((one) => one.latex === latex)
    if (same) same.positions.push(position)
    else told.push({ latex, title: phase?.title ?? "", positions: [position] })
  })
  return told
}

/**
 * Histograms over time as a picture: where a step and a value stand, and what stands at a place. Pure.
 *
 * @import { Distributions } from "../types.js"
 */
import { formatCount } from "./format.js"
import { ticks } from "./plane.js"

/** Where each step's column begins and ends, in steps: halfway to its neighbours. @param {number[]} steps ascending @returns {[number, number][]} */
export const columnsOf = (steps) =>
  steps.map((step, at) => {
    const [before, after] = [steps[at - 1], steps[at + 1]]
    return [before === undefined ? step - 0.5 : (before + step) / 2, after === undefined ? step + 0.5 : (step + after) / 2]
  })

/** What a column is: one step, or one of several that stands for those around it. @param {Distributions} told @param {number} last step that could be told */
export function columnWords({ steps, wanted }, last) {
  const [shown, all] = [steps.length, last].map(formatCount)
  if (steps.length >= last) return "Each column is one step, recomputed from the recipe"
  const late = steps.length < wanted ? ", as many as there was time for" : ""
  return `${shown} of ${all} steps, recomputed from the recipe${late}: each column is one of them and reaches halfway to the next`
}

/** Where a value stands on the axis: 0 at its low end, 1 at its high one. @param {Distributions} told @param {number} value */
export function placeOf({ edges, threshold }, value) {
  const [low, high] = [edges[0] ?? 0, edges.at(-1) ?? 1]
  // in units of the largest, as high - low may be more than a number holds
  const unit = Math.max(Math.abs(low), Math.abs(high)) || 1
  const on = threshold === null ? (/** @type {number} */ at) => at / unit : (/** @type {number} */ at) => Math.sign(at) * Math.log1p(Math.abs(at) / threshold)
  return (on(value) - on(low)) / (on(high) - on(low))
}

/** Round values to write beside the axis, with their places; never closer than `gap`. @param {Distributions} told @param {number} gap as a share of the axis @returns {{value: number, place: number}[]} */
export function axisTicks(told, gap) {
  const [low, high] = [told.edges[0] ?? 0, told.edges.at(-1) ?? 1]
  const at = (/** @type {number} */ value) => ({ value, place: placeOf(told, value) })
  if (told.threshold === null) return ticks(low, high, Math.max(2, Math.floor(0.7 / gap))).map(at)
  const first = Math.floor(Math.log10(told.threshold))
  const last = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high))))
  // from the outside in, as the largest say most; 0 before all
  const powers = Array.from({ length: Math.max(0, last - first + 1) }, (_, back) => Number(`1e${last - back}`))
  const wanted = [0, ...powers.flatMap((power) => [power, -power])].filter((value) => value >= low && value <= high)
  /** @type {{value: number, place: number}[]} */
  const kept = []
  for (const one of wanted.map(at)) if (kept.every(({ place }) => Math.abs(place - one.place) >= gap)) kept.push(one)
  return kept.sort((a, b) => a.place - b.place)
}

/** How many cells of a step are NaN or infinite. @param {Distributions} told @param {number} at position among the steps */
export const notFinite = ({ nan, posinf, neginf }, at) => (nan[at] ?? 0) + (posinf[at] ?? 0) + (neginf[at] ?? 0)

/** The largest share of a step's cells in one bin, over all steps. @param {Distributions} told */
export const largestShare = ({ bins, cells }) => bins.reduce((most, counts, at) => counts.reduce((top, count) => Math.max(top, count / (cells[at] || 1)), most), 0)

/** As columns of a file: a row a step. @param {Distributions} told @returns {{header: string[], columns: number[][]}} */
export function distributionColumns({ edges, steps, cells, bins, zeros, nan, posinf, neginf }) {
  const counts = edges.slice(1).map((to, bin) => ({ name: `bin ${bin + 1} from ${edges[bin]} to ${to}`, column: bins.map((row) => row[bin] ?? 0) }))
  return {
    header: ["step", "cells", "zeros", "nan", "posinf", "neginf", ...counts.map(({ name }) => name)],
    columns: [steps, cells, zeros, nan, posinf, neginf, ...counts.map(({ column }) => column)],
  }
}

/**
 * What the heatmaps of one tensor in several runs have in common: their scale and their size. Pure.
 *
 * @import { Scale, Tensor, TensorAt, Trace } from "../types.js"
 */
import { extentOf, matrixOf } from "../tensors.js"
import { kindOf } from "./notation.js"
import { familyOf } from "../scales.js"

/**
 * Which pictures have one scale. "tensor": those of a tensor in all runs. "kind": those of all tensors of a kind, in all runs. "own": each its own.
 * @typedef {"tensor" | "kind" | "own"} Sharing
 */

/** A tensor of a trace that has some of its layers alone. @param {{layers: {index: number}[]} | null} trace @param {TensorAt} at @returns {Tensor | null} */
export const tensorIn = (trace, { tensor, layer }) => /** @type {any} */ (trace?.layers.find(({ index }) => index === layer))?.[tensor] ?? null

/** The largest magnitude of all of them, which is the end of their common scale; 0 where there is none. @param {readonly (Tensor | null)[]} tensors */
export const commonExtent = (tensors) => tensors.reduce((most, tensor) => (tensor ? Math.max(most, extentOf(tensor)) : most), 0)

/**
 * Where the scale of each run ends, in the order of `traces`: at the same magnitude for all, or at its own largest.
 * @param {readonly (Trace | null)[]} traces @param {TensorAt} at @param {readonly TensorAt[]} items @param {Sharing} sharing @returns {number[]}
 */
export function extentsOf(traces, at, items, sharing) {
  if (sharing === "own") return traces.map((trace) => commonExtent([tensorIn(trace, at)]))
  const common = commonExtent(sharersOf(traces, at, items, sharing))
  return traces.map(() => common)
}

const FAINT = 0.02 // of the way from the colour of zero to that of an end: less is hardly seen

/** Whether even the largest number of a tensor hardly shows on a scale. @param {Scale} scale @param {number} largest its magnitude */
export const isFaint = (scale, largest) => largest > 0 && Math.abs(scale.position(largest) - scale.position(0)) < FAINT * (scale.signed ? 0.5 : 1)

/** Whether a common scale has two arms: a number is negative, or the kind always has them. @param {string} tensor @param {readonly (Tensor | null)[]} tensors */
export const isSigned = (tensor, tensors) =>
  ["backward", "parameter"].includes(kindOf(tensor)) || tensors.some((one) => one && (Number(one.stats.min) < 0 || Number(one.stats.neginf) > 0))

/**
 * The tensors that share a scale with those at `at`: the same in all runs, or, by kind, all of its family that are shown.
 * @param {readonly (Trace | null)[]} traces @param {TensorAt} at @param {readonly TensorAt[]} items @param {Sharing} sharing @returns {(Tensor | null)[]}
 */
export function sharersOf(traces, at, items, sharing) {
  const those = sharing === "kind" ? items.filter(({ tensor }) => familyOf(tensor) === familyOf(at.tensor)) : [at]
  return those.flatMap((one) => traces.map((trace) => tensorIn(trace, one)))
}

/** The number in a cell, of a pooled view its block's extreme; null where there is no such cell. @param {Tensor | null} tensor @param {{row: number, col: number}} cell */
export function numberAt(tensor, { row, col }) {
  if (!tensor || row >= tensor.shape[0] || col >= tensor.shape[1]) return null
  const { rows, cols, data } = matrixOf(tensor)
  return data[Math.floor((row * rows) / tensor.shape[0]) * cols + Math.floor((col * cols) / tensor.shape[1])] ?? null
}

const [SMALLEST, LARGEST] = [28, 44] // pixels: a picture's shorter side, and a cell

/** Square cells where there is room for them; never so thin that a hand can't point. @param {[number, number]} shape @param {{width: number, height: number}} room */
export function pictureSize([rows, cols], { width, height }) {
  const cell = Math.min(height / rows, width / cols, LARGEST)
  const within = (/** @type {number} */ wanted, /** @type {number} */ most) => Math.round(Math.min(most, Math.max(SMALLEST, wanted)))
  // long ones are stretched over the width: a row of many cells is read from left to right
  return { width: within(cols * cell, width), height: within(rows * cell, height) }
}

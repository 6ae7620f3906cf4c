/**
 * What a mask and the slope of an activation let through: counts and sentences for the view of dZ = dA * g'(Z). Pure.
 *
 * @import { Matrix } from "../types.js"
 */
import { percent } from "./flow_words.js"
import { formatCount, formatNumber } from "./format.js"

/**
 * @typedef {object} Counts
 * @property {number} stopped cells with a factor of exactly 0
 * @property {number} cells
 * @property {number[]} perUnit how many examples are stopped at each unit
 * @property {number[]} perExample how many units stop each example
 * @property {number[]} closed units that are stopped for every example
 */

/**
 * One product, element by element, on the way from dA to dZ: what arrives, times `factor`, is what leaves.
 * @typedef {{kind: "mask" | "slope", arrives: string, factor: string, leaves: string}} Product
 */

/** Tensors of a hidden layer whose cells are those of its dZ. */
export const ALIKE = ["A", "Z", "Zhat", "N", "D", "G", "dA", "dG", "dN", "dZhat", "dZ"]

/**
 * The products between dA and dZ of a hidden layer, in their order; where it is normalised, the last of them ends at dN.
 * @param {{isMasked: boolean, isNormalised: boolean}} layer @returns {Product[]}
 */
export function productsOf({ isMasked, isNormalised }) {
  const slope = /** @type {Product} */ ({ kind: "slope", arrives: isMasked ? "dG" : "dA", factor: "slope", leaves: isNormalised ? "dN" : "dZ" })
  return isMasked ? [{ kind: "mask", arrives: "dA", factor: "D", leaves: "dG" }, slope] : [slope]
}

/** @param {Matrix} slope (n_l, m), or a mask @returns {Counts} */
export function countStopped({ rows, cols, data }) {
  const perUnit = /** @type {number[]} */ (Array(rows).fill(0))
  const perExample = /** @type {number[]} */ (Array(cols).fill(0))
  let stopped = 0
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      if (data[row * cols + col] !== 0) continue
      stopped++
      perUnit[row] = (perUnit[row] ?? 0) + 1
      perExample[col] = (perExample[col] ?? 0) + 1
    }
  }
  return { stopped, cells: rows * cols, perUnit, perExample, closed: perUnit.flatMap((count, unit) => (cols > 0 && count === cols ? [unit] : [])) }
}

/** A window of a matrix. @param {Matrix} matrix @param {[number, number]} rows from, up to but without @param {[number, number]} cols @returns {Matrix} */
export function windowOf(matrix, [top, bottom], [left, right]) {
  if (top === 0 && left === 0 && bottom === matrix.rows && right === matrix.cols) return matrix
  const [rows, cols] = [bottom - top, right - left]
  const data = Float64Array.from({ length: rows * cols }, (_, at) => matrix.data[(top + Math.floor(at / cols)) * matrix.cols + left + (at % cols)] ?? NaN)
  const nonFinite = data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0)
  return { rows, cols, data, exact: matrix.exact, shape: matrix.shape, nonFinite }
}

/**
 * This layer's numbers in a sentence or two.
 * @param {{stopped: number, cells: number, closed: number | null}} counts `closed` null where not every unit was looked at
 * @param {string} layer "hidden 1" @param {string} activation "ReLU" @param {number | null} example that is looked at alone
 * @param {boolean} [isShared] whether a normalisation behind the slope shares what passes among units, so that a closed one gets some too
 */
export function factWords({ stopped, cells, closed }, layer, activation, example, isShared = false) {
  const where = example === null ? "" : ` for example ${example}`
  const all = `${formatCount(cells)} number${cells === 1 ? "" : "s"} of ${layer}`
  if (stopped === 0) return `None of the ${all} is stopped${where}: the slope of ${activation} is 0 nowhere.`
  const said = `${formatCount(stopped)} of the ${all} ${stopped === 1 ? "is" : "are"} stopped${where} (${percent(stopped, cells)}): there the slope of ${activation} is exactly 0.`
  if (closed === null || example !== null) return said
  if (closed === 0) return `${said} No unit is stopped for every example of this batch.`
  return `${said} ${formatCount(closed)} unit${closed === 1 ? " is" : "s are"} stopped for every example of this batch: ${closed === 1 ? "its" : "their"} weights get ${isShared ? "only what the normalisation takes from the other units" : "no gradient"} in this step.`
}

/** What the mask of a step drops. @param {{stopped: number, cells: number}} counts @param {string} layer @param {number | null} example */
export function maskWords({ stopped, cells }, layer, example) {
  const all = `${formatCount(cells)} number${cells === 1 ? "" : "s"} of ${layer}`
  const where = example === null ? "" : ` for example ${example}`
  if (stopped === 0) return `None of the ${all} is dropped in this step${where}.`
  return `${formatCount(stopped)} of the ${all} ${stopped === 1 ? "is" : "are"} dropped in this step${where} (${percent(stopped, cells)}): there the mask is exactly 0. The next step draws another.`
}

/**
 * Why dN to dZ is no product, and what each part of it takes away.
 * @param {boolean} mixes whether mean and variance are taken over examples (batch normalisation), else over units
 */
export function normWords(mixes) {
  const [line, what] = mixes ? ["row", "examples of the batch"] : ["column", "units of the layer"]
  return [
    `From dN to dẐ every number is multiplied by the γ of its unit: still element by element.`,
    `From dẐ to dZ it is not. Each number is divided by the root of its variance, and then two things are taken away that belong to the whole ${line}: by dM what its ${what} have in common, by dV what stretches with their distance from the mean. One cell of dZ therefore reads its whole ${line} of dẐ, and each ${line} of dZ adds up to 0 but for rounding.`,
  ]
}

/** 0.21 · 0 = 0 @param {number} dA @param {number} slope @param {number} dZ */
export function productWords(dA, slope, dZ) {
  const second = formatNumber(slope)
  return `${formatNumber(dA)} · ${second.startsWith("−") ? `(${second})` : second} = ${formatNumber(dZ)}`
}

/**
 * What is to be said of input gradients that have no arrow: 0 has none, and what is not finite has none for another reason.
 *
 * @import { Tensor } from "../types.js"
 */
import { formatCount } from "./format.js"

/** Where no example has an arrow. @param {Tensor | null | undefined} gradient dA[0] @returns {string} */
export function noArrowWords(gradient) {
  const [lost, all] = countsOf(gradient)
  if (lost === 0) return "dA[0] is 0 for every example: no arrow"
  if (lost < all) return "dA[0] is 0 or not finite for every example: no arrow"
  return `dA[0] is ${gradient?.stats.nan === all ? "NaN" : "not finite"} for every example: no arrow`
}

/** Behind the longest arrow, where some have none. @param {Tensor | null | undefined} gradient dA[0] @returns {string} "" where all are finite */
export function lostArrowWords(gradient) {
  const [lost] = countsOf(gradient)
  return lost ? `; ${formatCount(lost)} of its cells ${lost === 1 ? "is" : "are"} not finite and ${lost === 1 ? "has" : "have"} no arrow` : ""
}

/** Cells that are not finite, and all. @param {Tensor | null | undefined} gradient @returns {[number, number]} */
function countsOf(gradient) {
  if (!gradient) return [0, 0]
  const { shape, stats } = gradient
  return [stats.nan + stats.posinf + stats.neginf, shape[0] * shape[1]]
}

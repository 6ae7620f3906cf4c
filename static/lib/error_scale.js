/**
 * A scale for relative errors: logarithmic from 1e-12, where float64 and a difference have no more digits in common, to 1. Pure.
 *
 * @import { Scale, Scheme } from "../types.js"
 */
import { css, palette } from "../draw/color_scales.js"

export const ERRORS = /** @type {const} */ ([1e-12, 1])

/** @param {Scheme} scheme @returns {Scale} 0 and all below 1e-12 take the low end, all above 1 the high one */
export function errorScale(scheme) {
  const colors = palette("backward", scheme, false)
  const last = colors.length - 1
  const [low, high] = ERRORS.map(Math.log10)
  /** @param {number} value */
  const position = (value) => {
    if (Number.isNaN(value) || value === Infinity) return NaN
    return value <= ERRORS[0] ? 0 : Math.min(1, (Math.log10(value) - (low ?? 0)) / ((high ?? 0) - (low ?? 0)))
  }
  /** @param {number} value */
  const lookup = (value) => {
    const at = position(value)
    return at === at ? Math.round(at * last) : -1
  }
  return {
    kind: "backward", scheme, mode: "linear", signed: false, domain: [...ERRORS], floor: 0, colors, position, lookup,
    valueAt: (at) => 10 ** ((low ?? 0) + at * ((high ?? 0) - (low ?? 0))),
    colorCss(value) {
      const index = lookup(value)
      return index < 0 ? null : css(colors[index] ?? 0)
    },
  }
}

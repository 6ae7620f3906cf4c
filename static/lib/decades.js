/** Sizes that differ by powers of ten, as lengths beside each other. Pure. */

/** Exponents of ten. @typedef {{low: number, high: number}} Decades */

/** The whole powers of ten around some sizes, so that even the smallest has a length; null where none is above 0. @param {number[]} sizes @returns {Decades | null} */
export function decadesAround(sizes) {
  const logs = sizes.filter((size) => size > 0 && size < Infinity).map(Math.log10)
  return logs.length > 0 ? { low: Math.ceil(Math.min(...logs)) - 1, high: Math.ceil(Math.max(...logs)) } : null
}

/** How far between the ends a size stands; 0 for what has no logarithm. @param {number} size @param {Decades} decades @returns {number} 0..1 */
export const shareOf = (size, { low, high }) => (size > 0 && size < Infinity && high > low ? (Math.log10(size) - low) / (high - low) : 0)

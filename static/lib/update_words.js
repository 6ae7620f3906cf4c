/** The change of the loss that the gradient predicted, beside the one that happened: in a sentence. Pure. */
import { formatNumber } from "./format.js"

/**
 * @param {number} predicted first order @param {number} actual of the same batch
 * @param {object} about
 * @param {boolean} [about.hasKinks] whether any hidden layer's activation has one (ReLU)
 * @param {boolean} [about.isEdited] whether the update followed gradients that edits had scaled, and not the loss's own
 * @param {string} [about.unit] of the loss, with a space before it
 */
export function updateWords(predicted, actual, { hasKinks = false, isEdited = false, unit = "" } = {}) {
  if (!Number.isFinite(predicted) || !Number.isFinite(actual)) return "One of the two is not a finite number: the step has left the range in which the loss can be computed."
  if (predicted === 0 && actual === 0) return "The update changed nothing: the gradient is 0, or nothing was allowed to move."
  const curve = `The gradient is the slope of the loss at the old weights and goes straight on${hasKinks ? "; the loss itself is curved, and has a kink wherever a ReLU changes sides on the way" : "; the loss itself is curved"}.`
  const miss = Math.abs(actual - predicted)
  const share = miss / Math.abs(predicted)
  if (predicted === 0) return `The gradient predicted no change. ${curve}`
  if (share < 0.02) return `They differ by ${formatNumber(miss, 2)}${unit}, ${formatNumber(100 * share, 2)} % of the prediction: over a step this small the loss is almost straight.`
  if (predicted < 0 && actual > 0) return `The loss rose where the gradient predicted a fall: the step was too long for a slope to hold. ${curve} A smaller learning rate brings the two together.`
  if (Math.sign(predicted) !== Math.sign(actual)) return `The loss went the other way than the slope said. ${curve}`
  if (predicted > 0 && isEdited) return `The update goes up the slope of the loss, as the edit made it: the loss rose by ${formatNumber((100 * actual) / predicted, 2)} % of what its gradient predicted. ${curve}`
  const part = formatNumber((100 * actual) / predicted, 2)
  const way = predicted < 0 ? "fell" : "rose"
  return `The loss ${way} by ${part} % of what the gradient predicted. ${curve} Half the learning rate would about halve the gap, as a share of the prediction.`
}

/** The widths of bars on one scale around 0. @param {number[]} values @param {number} width pixels @returns {{zero: number, bars: {x: number, width: number}[], perNat: number}} */
export function barsAround(values, width) {
  const finite = values.filter(Number.isFinite)
  const low = Math.min(0, ...finite)
  const high = Math.max(0, ...finite)
  const perNat = high > low ? width / (high - low) : 0
  const zero = -low * perNat
  return {
    zero, perNat,
    bars: values.map((value) => (Number.isFinite(value) ? { x: zero + Math.min(0, value) * perNat, width: Math.abs(value) * perNat } : { x: zero, width: 0 })),
  }
}

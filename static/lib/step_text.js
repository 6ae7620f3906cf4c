/** A step as a person types it. Pure. */
import { formatCount } from "./format.js"

/**
 * @param {string} text @param {number} newest
 * @returns {{step: number, refusal: null} | {step: null, refusal: string}} the refusal says what would be right
 */
export function readStep(text, newest) {
  const typed = text.trim()
  const digits = typed.replace(/(?<=\d)[,  ](?=\d{3}\b)/g, "") // 1,200 is how the page writes it
  const bound = newest > 1 ? `a whole number from 1 to ${formatCount(newest)}` : "1, the only one so far"
  if (!/^\d+$/.test(digits)) return { step: null, refusal: `“${typed}” is no step; it must be ${bound}.` }
  const step = Number(digits)
  if (step < 1 || step > newest) return { step: null, refusal: `Step ${typed} was not taken; it must be ${bound}.` }
  return { step, refusal: null }
}

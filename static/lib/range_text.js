/**
 * How far a tensor's numbers reach, in the room under its picture: as many digits as it holds. Pure.
 *
 * @import { Stats } from "../types.js"
 */
import { formatNumber } from "./format.js"
import { widthOf } from "./text_width.js"

const MOST_DIGITS = 3
const AIR = 4 // pixels more to the next text that a third digit has to leave
const FEWEST = 2 // with one, 0.35 would be told as 0.3, and 1.43 as 1

/**
 * "±0.82" where a number is negative, "0…1.22" where none is, "≤0.00012" where that is too long: to the nearest with two digits or three.
 * @param {Pick<Stats, "min" | "max" | "nan" | "posinf" | "neginf">} stats
 * @param {number} room pixels until the next text begins
 */
export function rangeText({ min, max, nan, posinf, neginf }, room) {
  const broken = Number(nan) + Number(posinf) + Number(neginf)
  if (broken > 0) return brokenText({ nan: Number(nan), high: Number(posinf), low: Number(neginf) }, room)
  const extent = Math.max(Math.abs(Number(min)), Math.abs(Number(max)))
  if (extent === 0) return room < 2 * widthOf("all zero") ? "0" : "all zero"
  const isSigned = Number(min) < 0
  const signs = isSigned ? ["±"] : ["0…", "≤"]
  for (const sign of signs) {
    for (let digits = MOST_DIGITS; digits >= FEWEST; digits--) {
      const text = sign + formatNumber(extent, digits)
      if (widthOf(text) + (digits > FEWEST ? AIR : 0) <= room) return text
    }
  }
  // an exponent of three figures leaves room for one digit: better than to run into what stands beside it
  return (isSigned ? "±" : "≤") + formatNumber(extent, 1)
}

/** "512 not finite"; where that is too long, how many are of the worse kind, or that kind alone. @param {{nan: number, high: number, low: number}} counts @param {number} room */
function brokenText({ nan, high, low }, room) {
  const what = nan > 0 ? "NaN" : high > 0 && low > 0 ? "±∞" : high > 0 ? "∞" : "−∞"
  return [`${nan + high + low} not finite`, `${nan || high + low} ${what}`].find((text) => widthOf(text) <= room) ?? what
}

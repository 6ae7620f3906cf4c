import assert from "node:assert/strict"
import { test } from "node:test"
import { rangeText } from "../../static/lib/range_text.js"

/** @param {number} min @param {number} max @param {number} room */
const told = (min, max, room) => rangeText({ min, max, nan: 0, posinf: 0, neginf: 0 }, room)
const NARROW = 63
const WIDE = 124

test("a range has three digits where they fit, and two where they don't", () => {
  for (const [max, text] of /** @type {[number, string][]} */ ([[0.35, "0…0.35"], [1.2249, "0…1.22"], [1 / 0.7, "0…1.43"], [3e-4, "0…0.0003"], [2.345e-7, "≤2.3×10⁻⁷"], [1.2345e306, "≤1.2×10³⁰⁶"]])) assert.equal(told(0, max, NARROW), text)
  for (const [min, text] of /** @type {[number, string][]} */ ([[-1.2345e-7, "±1.2×10⁻⁷"], [-1.62e-17, "±1.6×10⁻¹⁷"], [-0.0354, "±0.0354"]])) assert.equal(told(min, 1e-20, NARROW), text)
  assert.deepEqual([NARROW, WIDE].map((room) => told(0, 0.00546, room)), ["0…0.0055", "0…0.00546"])
  assert.equal(told(0, 2.345678e-7, WIDE), "0…2.35×10⁻⁷")
  assert.equal(told(-0.8249, 0.5, WIDE), "±0.825")
})

test("nothing but zeros is said, and so is what is not finite", () => {
  assert.deepEqual([told(0, 0, NARROW), told(0, 0, WIDE)], ["0", "all zero"])
  const broken = (/** @type {Partial<Record<"nan" | "posinf" | "neginf", number>>} */ counts, /** @type {number} */ room) => rangeText({ min: 0, max: 1, nan: 0, posinf: 0, neginf: 0, ...counts }, room)
  assert.equal(broken({ nan: 2, neginf: 1 }, WIDE), "3 not finite")
  // what is too long would run into what stands beside it
  assert.deepEqual([[{ nan: 512 }, NARROW], [{ nan: 2, neginf: 1 }, NARROW], [{ posinf: 256 }, NARROW], [{ posinf: 1, neginf: 2 }, NARROW], [{ nan: 131072 }, 40]].map(([counts, room]) => broken(/** @type {any} */ (counts), Number(room))), ["512 NaN", "2 NaN", "256 ∞", "3 ±∞", "NaN"])
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { formatCount, formatExact, formatNumber, formatNumbersIn, formatShape, tensorLabel } from "../../static/lib/format.js"
import { generator, normal } from "./reference.js"

test("a sentence of the service has its numbers as the page has them", () => {
  assert.equal(formatNumbersIn("W[1] is 3.3e-07 times, from -2e+15 to 0.5, by 1e-9"), "W[1] is 3.3×10⁻⁷ times, from −2×10¹⁵ to 0.5, by 1×10⁻⁹")
})

test("numbers as people read them", () => {
  const wanted = /** @type {[number|string|null, string][]} */ ([
    [0, "0"], [-0, "0"], [0.5, "0.5"], [-0.0132071, "−0.01321"], [1, "1"], [100, "100"], [12345.6, "12346"],
    [123456, "123456"], [999999.9, "1×10⁶"], [1.2e-5, "1.2×10⁻⁵"], [-6.02214e23, "−6.022×10²³"],
    [0.0001, "0.0001"], [0.00009999, "9.999×10⁻⁵"], [5e-324, "4.941×10⁻³²⁴"], [2.30259, "2.303"], [9.9999, "10"],
    [NaN, "NaN"], ["NaN", "NaN"], ["Infinity", "∞"], ["-Infinity", "−∞"], [null, "–"],
  ])
  for (const [value, text] of wanted) assert.equal(formatNumber(value), text)
  assert.equal(formatNumber(Math.PI, 2), "3.1")
  assert.equal(formatNumber(0.099996, 4), "0.1")
})

test("the text is as near to the number as its digits allow", () => {
  const random = generator(2)
  for (let round = 0; round < 3000; round++) {
    const value = normal(random) * 10 ** Math.floor(random() * 40 - 20)
    const digits = 2 + Math.floor(random() * 6)
    const read = Number(formatNumber(value, digits).replaceAll("−", "-").replace("×10", "e")
      .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/g, (sign) => (sign === "⁻" ? "-" : String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)))))
    assert.ok(Math.abs(read - value) <= 0.5001 * 10 ** (1 - digits) * Math.abs(value), `${value} as ${read}`)
  }
})

test("exact text reads back to the same float", () => {
  const random = generator(4)
  for (let round = 0; round < 1000; round++) {
    const value = normal(random) * 10 ** Math.floor(random() * 600 - 300)
    assert.ok(Object.is(Number(formatExact(value)), value))
  }
  assert.deepEqual([NaN, Infinity, -Infinity, -0].map(formatExact), ["NaN", "Infinity", "-Infinity", "-0"])
})

test("counts, shapes and tensors", () => {
  assert.deepEqual([0, 999, 1797, 1234567, -4200].map(formatCount), ["0", "999", "1,797", "1,234,567", "−4,200"])
  assert.equal(formatShape([32, 64]), "32×64")
  assert.equal(tensorLabel("dZ", 2), "dZ[2]")
  assert.equal(tensorLabel("A", 0), "A[0]")
  assert.equal(tensorLabel("W_next", 1), "W[1] after the update")
  assert.equal(tensorLabel("loss", 3), "loss")
})

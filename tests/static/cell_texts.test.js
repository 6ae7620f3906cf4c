import assert from "node:assert/strict"
import { test } from "node:test"
import { inkOn, decode, makeScale } from "../../static/draw/color_scales.js"
import { cellTexts } from "../../static/lib/cell_texts.js"
import { widthOf } from "../../static/lib/text_width.js"

test("a number is written whole or not at all, with as many digits as there is room for", () => {
  assert.deepEqual(cellTexts([1.07e-10, 9.77e-10], 60), ["1.1×10⁻¹⁰", "9.8×10⁻¹⁰"])
  assert.deepEqual(cellTexts([1.07e-10, 0.35], 50), ["1×10⁻¹⁰", "0.35"])
  assert.equal(cellTexts([1.07e-10, 0.35], 40), null)
  assert.equal(cellTexts([-0.35], 30), null) // −0.4 would be another number
  assert.deepEqual(cellTexts([0.35891647], 60, { most: 4 }), ["0.3589"])
  assert.deepEqual(cellTexts([0.35891647], 42, { most: 4 }), ["0.359"])
  assert.deepEqual(cellTexts([-0.9754, 0.0382, 0, 0.0021], 35, { isAligned: true }), ["−0.98", "0.04", "0", "0.002"]) // to the decimals of the largest
  for (let width = 20; width < 80; width++) for (const text of cellTexts([-1.234e-17, 123456, -0.00123], width, { most: 4 }) ?? []) assert.ok(widthOf(text) <= width - 3, `${text} in ${width}`)
})

test("only zero is written as zero: what is too small for the decimals of the others has a digit of its own, or no number", () => {
  const leaky = [6, 4.6, -0.037, -0.024, -0.0004, 0] // of a leaky ReLU: as "0.0" they would be those of a ReLU
  assert.deepEqual(cellTexts(leaky, 35, { isAligned: true }), ["6", "4.6", "−0.04", "−0.02", "", "0"])
  assert.deepEqual(cellTexts([-16.4, 0.4, 0.04], 30, { isAligned: true }), ["−16", "0.4", "0.04"])
})

test("what is not finite, and what is left out, has no number and takes no room", () => {
  assert.deepEqual(cellTexts([NaN, Infinity, 1.07e-100, 0.5], 40, { isLeftOut: (at) => at === 2 }), ["", "", "", "0.5"])
})

test("a number can be read on every colour of every scale", () => {
  for (const kind of /** @type {const} */ (["backward", "parameter", "forward", "held"])) {
    for (const scheme of /** @type {const} */ (["light", "dark"])) {
      const scale = makeScale({ kind, scheme, extent: 1 })
      for (let at = 0; at < scale.colors.length; at++) {
        const value = scale.valueAt(at / (scale.colors.length - 1))
        const [r = 0, g = 0, b = 0] = [0, 8, 16].map((shift) => decode((((scale.colors[scale.lookup(value)] ?? 0) >> shift) & 255) / 255))
        const ground = 0.2126 * r + 0.7152 * g + 0.0722 * b
        const contrast = inkOn(scale, value) === "white" ? 1.05 / (ground + 0.05) : (ground + 0.05) / 0.05
        assert.ok(contrast >= 4.5, `${kind} ${scheme} ${value}: ${contrast}`)
      }
    }
  }
})

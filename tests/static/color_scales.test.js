import assert from "node:assert/strict"
import { test } from "node:test"
import {
  PALETTE_SIZE, css, decode, defaults, floorFor, legendColors, makeScale, oklabFromLinear, palette,
} from "../../static/draw/color_scales.js"
import { generator } from "./reference.js"

const kinds = /** @type {const} */ (["backward", "parameter", "forward", "held"])
const schemes = /** @type {const} */ (["light", "dark"])
const all = kinds.flatMap((kind) => schemes.map((scheme) => /** @type {const} */ ([kind, scheme])))
const ROUNDING = 0.006 // one step of 8-bit sRGB moves a dark colour about this far in OKLab

const linearOf = (color) => [0, 8, 16].map((shift) => decode(((color >> shift) & 255) / 255))
const lab = (color) => oklabFromLinear(linearOf(color))
const apart = (one, other) => Math.hypot(...one.map((value, at) => value - other[at]))

// Machado, Oliveira and Fernandes (2009), full severity, on linear light
const deficiencies = {
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
const seenWith = (matrix, color) =>
  oklabFromLinear(matrix.map((row) => Math.max(0, row.reduce((sum, c, at) => sum + c * linearOf(color)[at], 0))))

test("every palette has 511 opaque colours with the neutral in its middle", () => {
  for (const [kind, scheme] of all) {
    const colors = palette(kind, scheme)
    assert.equal(colors.length, PALETTE_SIZE)
    assert.equal(css(colors[255]), defaults.neutral[scheme])
    for (const color of colors) assert.equal(color >>> 24, 255)
  }
})

test("no colour had to be clipped to fit into sRGB", () => {
  for (const [kind, scheme] of all) {
    const colors = palette(kind, scheme)
    const span = apart(lab(colors[255]), lab(colors[510]))
    for (let at = 0; at <= 255; at++) {
      const share = at / 255
      assert.ok(Math.abs(apart(lab(colors[255]), lab(colors[255 + at])) - share * span) < ROUNDING, `${kind} ${scheme} +${at}`)
      assert.ok(Math.abs(apart(lab(colors[255]), lab(colors[255 - at])) - share * span) < ROUNDING, `${kind} ${scheme} -${at}`)
    }
  }
})

test("lightness is monotone along each arm and the same on both", () => {
  for (const [kind, scheme] of all) {
    const lightness = Array.from(palette(kind, scheme), (color) => lab(color)[0])
    const outward = scheme === "light" ? -1 : 1
    for (let at = 1; at <= 255; at++) {
      assert.ok(Math.abs(lightness[255 + at] - lightness[255 - at]) < ROUNDING, `${kind} ${scheme} ${at}`)
      // over 4 steps, since one of 255 is below what 8 bits can show
      if (at >= 4) {
        assert.ok(outward * (lightness[255 + at] - lightness[251 + at]) > 0, `${kind} ${scheme} +${at}`)
        assert.ok(outward * (lightness[255 - at] - lightness[259 - at]) > 0, `${kind} ${scheme} -${at}`)
      }
    }
  }
})

test("the ends are as far from zero on a dark page as on a light one", () => {
  for (const kind of kinds) {
    const distances = schemes.flatMap((scheme) => {
      const colors = palette(kind, scheme)
      return [colors[0], colors[510]].map((end) => apart(lab(end), lab(colors[255])))
    })
    for (const distance of distances) assert.ok(Math.abs(distance - distances[0]) < ROUNDING, `${kind} ${distances}`)
    assert.ok(distances[0] > 0.45)
  }
})

test("the two ends differ for colour-blind eyes", () => {
  for (const [kind, scheme] of all) {
    const colors = palette(kind, scheme)
    for (const [name, matrix] of Object.entries(deficiencies)) {
      const distance = apart(seenWith(matrix, colors[0]), seenWith(matrix, colors[510]))
      assert.ok(distance > 0.08, `${kind} ${scheme} ${name}: ${distance}`) // 0.02 is just noticeable
    }
  }
})

test("the end colours of the kinds differ from each other", () => {
  for (const scheme of schemes) {
    const ends = kinds.map((kind) => lab(palette(kind, scheme)[510]))
    ends.forEach((one, at) => ends.slice(at + 1).forEach((other) => assert.ok(apart(one, other) > 0.06)))
  }
})

test("a number that can't be negative has the same colour on the sequential as on the diverging scale", () => {
  const signed = makeScale({ kind: "forward", scheme: "light", extent: 2 })
  const unsigned = makeScale({ kind: "forward", scheme: "light", extent: 2, signed: false })
  for (const value of [0, 0.5, 1, 2]) {
    const colors = [signed, unsigned].map((scale) => lab(scale.colors[scale.lookup(value)]))
    assert.ok(apart(colors[0], colors[1]) < ROUNDING)
  }
  assert.deepEqual(unsigned.domain, [0, 2])
  assert.deepEqual(signed.domain, [-2, 2])
})

test("look-up: zero in the middle, ends at the extent, clamped beyond, odd symmetry, monotone", () => {
  const random = generator(7)
  for (const mode of /** @type {const} */ (["linear", "signed-log"])) {
    for (const extent of [1e-300, 1e-9, 1, 3.7, 1e300]) {
      const scale = makeScale({ kind: "backward", scheme: "dark", extent, mode })
      assert.equal(scale.lookup(0), 255)
      assert.equal(scale.lookup(-0), 255)
      assert.equal(scale.lookup(extent), 510)
      assert.equal(scale.lookup(-extent), 0)
      assert.equal(scale.lookup(2 * extent), 510)
      let before = 0
      const values = Array.from({ length: 200 }, () => (2 * random() - 1) * extent).sort((a, b) => a - b)
      for (const value of values) {
        const index = scale.lookup(value)
        assert.ok(index >= before && index <= 510)
        assert.ok(Math.abs(index + scale.lookup(-value) - 510) <= 1)
        assert.ok(Math.abs(scale.valueAt(scale.position(value)) - value) <= 1e-9 * extent)
        before = index
      }
    }
  }
})

test("signed-log shows what linear cannot", () => {
  const options = /** @type {const} */ ({ kind: "backward", scheme: "light", extent: 1 })
  assert.equal(makeScale(options).lookup(1e-3), 255)
  assert.ok(makeScale({ ...options, mode: "signed-log" }).lookup(1e-3) > 270)
})

test("logarithmic colours of tensors on one scale span the decades that are there, so that each layer's gradient has its own", () => {
  const extents = [0.55, 0.12, 0.03, 2e-3, 3e-4, 6e-5, 1.2e-5, 2.3e-6] // of a gradient that vanishes over eight layers
  const floor = floorFor(extents)
  assert.equal(floor, 1e-6)
  for (const scheme of schemes) {
    const scale = makeScale({ kind: "backward", scheme, extent: 0.55, mode: "signed-log", floor })
    const shown = [...extents, 0].map((extent) => lab(scale.colors[scale.lookup(extent)]))
    shown.slice(1).forEach((color, at) => assert.ok(apart(color, shown[at]) > 0.03, `${scheme} ${extents[at]}`)) // 0.02 is just noticeable
    const widths = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1].map((power) => scale.position(power) - scale.position(power / 10))
    for (const width of widths) assert.ok(Math.abs(width - widths[0]) < 1e-12)
  }
})

test("what rounding left spreads no scale, and tensors of one size keep three powers of ten", () => {
  assert.equal(floorFor([1.2, 0.4, 5e-17, 0]), 1e-3)
  assert.equal(floorFor([1, 3e-12]), 1e-12)
  assert.equal(floorFor([0, 0]), 0)
  assert.equal(floorFor([]), 0)
  assert.ok(floorFor([1e-320, 3e-322]) > 0)
})

test("the smallest number that there is has a colour, as vanished as it is", () => {
  for (const extent of [5e-324, 1e-323]) {
    const floor = floorFor([extent])
    assert.ok(floor > 0 && floor <= extent, `${floor}`)
    const scale = makeScale({ kind: "backward", scheme: "light", extent, mode: "signed-log", floor })
    assert.notEqual(scale.colorCss(extent), scale.colorCss(0))
  }
})

test("an extent of zero makes all neutral", () => {
  for (const signed of [true, false]) {
    const scale = makeScale({ kind: "parameter", scheme: "dark", extent: 0, signed })
    for (const value of [0, 1, -1]) assert.equal(scale.colorCss(value), defaults.neutral.dark)
  }
})

test("what is not finite has no colour", () => {
  const scale = makeScale({ kind: "backward", scheme: "light", extent: 1 })
  for (const value of [NaN, Infinity, -Infinity]) {
    assert.equal(scale.lookup(value), -1)
    assert.equal(scale.colorCss(value), null)
  }
})

test("an extent that is no magnitude is refused", () => {
  for (const extent of [-1, NaN, Infinity]) {
    assert.throws(() => makeScale({ kind: "backward", scheme: "light", extent }), RangeError)
  }
})

test("a legend runs from the low to the high end", () => {
  const scale = makeScale({ kind: "forward", scheme: "light", extent: 1 })
  const colors = legendColors(scale, 101)
  assert.equal(colors.length, 101)
  assert.equal(colors[0], scale.colors[0])
  assert.equal(colors[50], scale.colors[255])
  assert.equal(colors[100], scale.colors[510])
})

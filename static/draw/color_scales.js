/**
 * Colour maps: four palettes, one for each kind of tensor, for a light and a dark page.
 *
 * Built as straight lines in OKLab from the page's surface (zero) to two ends, so equal steps look equal: lightness is monotone
 * along each arm and the same on both, and the ends stand equally far from zero on a light and on a dark page.
 * The arms differ by hue and never by lightness, so the hues are pairs that colour-blind eyes tell apart (tested by simulation).
 *
 * Source: Ottosson (2020), "A perceptual color space for image processing" (OKLab).
 *
 * @typedef {import("../types.js").Scale} Scale
 * @typedef {import("../types.js").Kind} Kind
 * @typedef {import("../types.js").Scheme} Scheme
 * @typedef {import("../types.js").ScaleMode} ScaleMode
 * @typedef {[number, number, number]} Triple
 */

export const PALETTE_SIZE = 511 // odd: zero has a colour of its own in the middle
const MIDDLE = (PALETTE_SIZE - 1) / 2

export const defaults = {
  /** Zero: a step off the page's own surface. sRGB. @type {Record<Scheme, string>} */
  neutral: { light: "#f7f6f2", dark: "#1d2027" },
  /** Lightness from zero to an end: as far as the dark end stays vivid and the light one inside sRGB. */
  lightnessSpan: 0.46,
  /** Hues in degrees of OKLCH, chroma of the ends. @type {Record<Kind, {negative: number, positive: number, chroma: number}>} */
  arms: {
    backward: { negative: 260, positive: 42, chroma: 0.145 }, // blue, vermilion
    parameter: { negative: 278, positive: 355, chroma: 0.14 }, // indigo, magenta
    held: { negative: 320, positive: 135, chroma: 0.1 }, // plum, olive
    forward: { negative: 72, positive: 182, chroma: 0.085 }, // brown, teal: as vivid as teal gets in sRGB
  },
  /** signed-log: from the floor on, a power of ten is as wide anywhere; up to the floor it is this share of an arm, linear, so that 0 has a place. */
  belowFloor: 0.1,
  /** signed-log: the floor as a share of the extent, where none is given; and the lowest that one is put for what shares a scale. */
  usualFloor: 1e-3,
  lowestFloor: 1e-12,
  /** Relative luminance on which black and white stand out alike, 4.58 to 1: sqrt(1.05 * 0.05) - 0.05. Source: WCAG 2.2. */
  turning: 0.1791,
}

/** @type {Map<string, Uint32Array>} */
const built = new Map()

/**
 * 511 colours, low to high, as little-endian RGBA (what a Uint32Array over ImageData holds).
 * Signed: negative end, neutral, positive end. Not signed: neutral to the positive end.
 * @param {Kind} kind
 * @param {Scheme} scheme
 * @param {boolean} [signed]
 * @returns {Uint32Array} shared: not to be written to
 */
export function palette(kind, scheme, signed = true) {
  const key = `${kind} ${scheme} ${signed}`
  let colors = built.get(key)
  if (!colors) {
    colors = Uint32Array.from({ length: PALETTE_SIZE }, (_, index) =>
      pack(colorAt(kind, scheme, signed ? (index - MIDDLE) / MIDDLE : index / (PALETTE_SIZE - 1))))
    built.set(key, colors)
  }
  return colors
}

/**
 * A scale for one or many tensors.
 * @param {object} options
 * @param {Kind} options.kind
 * @param {Scheme} options.scheme
 * @param {number} options.extent the magnitude at the ends: [-extent, extent] if signed, else [0, extent]. At 0 all is neutral.
 * @param {ScaleMode} [options.mode]
 * @param {number} [options.floor] signed-log: the magnitude from which on powers of ten are told apart
 * @param {boolean} [options.signed] false only for what can't be negative
 * @returns {Scale}
 * @throws {RangeError} the extent is negative or not finite
 */
export function makeScale({ kind, scheme, extent, mode = "linear", floor = extent * defaults.usualFloor, signed = true }) {
  if (!(extent >= 0 && extent < Infinity)) {
    throw new RangeError(`extent is ${extent}; it must be a finite number, 0 or more`)
  }
  const colors = palette(kind, scheme, signed)
  const low = signed ? -1 : 0
  const toUnit = mode === "linear" ? linear(extent) : signedLog(extent, floor)
  const last = PALETTE_SIZE - 1

  /** @param {number} value */
  function position(value) {
    if (!Number.isFinite(value)) return NaN
    const unit = Math.min(1, Math.max(low, toUnit.forward(value)))
    return (unit - low) / (1 - low)
  }

  /** @param {number} value */
  function lookup(value) {
    const at = position(value)
    return at === at ? Math.round(at * last) : -1
  }

  return {
    kind, scheme, mode, signed, colors, position, lookup,
    domain: [signed && extent > 0 ? -extent : 0, extent],
    floor: mode === "linear" ? 0 : floor,
    valueAt: (at) => toUnit.inverse(Math.min(1, Math.max(0, at)) * (1 - low) + low),
    colorCss(value) {
      const index = lookup(value)
      return index < 0 ? null : css(colors[index] ?? 0)
    },
  }
}

/**
 * n colours evenly along a scale, low to high, as little-endian RGBA: the pixels of a legend.
 * @param {Scale} scale
 * @param {number} n 1 or more
 * @returns {Uint32Array}
 */
export function legendColors({ colors }, n) {
  const last = colors.length - 1
  return Uint32Array.from({ length: n }, (_, at) => colors[n === 1 ? last : Math.round((at * last) / (n - 1))] ?? 0)
}

/**
 * A packed colour as "#rrggbb".
 * @param {number} color little-endian RGBA
 */
export function css(color) {
  const [r, g, b] = [color & 255, (color >> 8) & 255, (color >> 16) & 255]
  return `#${[r, g, b].map((channel) => channel.toString(16).padStart(2, "0")).join("")}`
}

/** What stands out best on a value's colour, for what is written on it. @param {Scale} scale @param {number} value @returns {"black" | "white"} */
export function inkOn(scale, value) {
  const color = scale.colors[scale.lookup(value)] ?? 0
  const [r = 0, g = 0, b = 0] = [0, 8, 16].map((shift) => decode(((color >> shift) & 255) / 255))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > defaults.turning ? "black" : "white"
}

/** @param {number} extent */
function linear(extent) {
  return {
    forward: (/** @type {number} */ value) => (extent === 0 ? 0 : value / extent),
    inverse: (/** @type {number} */ unit) => unit * extent,
  }
}

/** The sign, and powers of ten from the floor to the extent; where there is none between them, as at the smallest floats, all is linear. @param {number} extent @param {number} floor */
function signedLog(extent, floor) {
  if (!(floor > 0 && floor < extent)) return linear(extent)
  const { belowFloor } = defaults
  const decades = Math.log(extent) - Math.log(floor) // of a quotient that may be too large for a float
  const arm = (/** @type {number} */ size) => (size <= floor ? (belowFloor * size) / floor : belowFloor + ((1 - belowFloor) * (Math.log(size) - Math.log(floor))) / decades)
  const size = (/** @type {number} */ at) => (at <= belowFloor ? (at / belowFloor) * floor : floor * Math.exp(((at - belowFloor) / (1 - belowFloor)) * decades))
  return {
    forward: (/** @type {number} */ value) => Math.sign(value) * arm(Math.abs(value)),
    inverse: (/** @type {number} */ unit) => Math.sign(unit) * size(Math.abs(unit)),
  }
}

/**
 * Where the logarithmic colours of tensors on one scale begin: the power of ten below the smallest of them, so that each of them shows.
 * What is smaller than the largest by more than float64 has digits for is what rounding left, and no reason to spread the scale.
 * @param {readonly number[]} extents largest magnitude of each @returns {number} 0 where all are
 */
export function floorFor(extents) {
  const extent = Math.max(0, ...extents)
  const least = extents.reduce((low, one) => (one >= extent * defaults.lowestFloor && one > 0 ? Math.min(low, one) : low), extent * defaults.usualFloor)
  const power = Number(`1e${Math.floor(Math.log10(least || extent))}`) // 10 ** -7 is not quite 1e-7; below the smallest float there is none
  return extent === 0 ? 0 : power || least || extent
}

/** @param {Kind} kind @param {Scheme} scheme @param {number} unit -1 to 1 @returns {Triple} sRGB, 0 to 255 */
function colorAt(kind, scheme, unit) {
  const [L, a, b] = oklabFromHex(defaults.neutral[scheme])
  const { negative, positive, chroma } = defaults.arms[kind]
  const hue = ((unit < 0 ? negative : positive) * Math.PI) / 180
  const way = Math.abs(unit)
  const span = scheme === "light" ? -defaults.lightnessSpan : defaults.lightnessSpan
  return srgbFromOklab([L + way * span, a + way * chroma * Math.cos(hue), b + way * chroma * Math.sin(hue)])
}

/** @param {Triple} rgb 0 to 255 */
function pack([r, g, b]) {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0
}

/** @param {string} hex @returns {Triple} */
function oklabFromHex(hex) {
  const channel = (/** @type {number} */ from) => decode(parseInt(hex.slice(from, from + 2), 16) / 255)
  return oklabFromLinear([channel(1), channel(3), channel(5)])
}

/** Linear sRGB, 0 to 1, to OKLab. @param {Triple} rgb @returns {Triple} */
export function oklabFromLinear([r, g, b]) {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** @param {Triple} lab @returns {Triple} sRGB, 0 to 255, rounded and clipped */
function srgbFromOklab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

/** The sRGB transfer function, from 0..1 to linear light. @param {number} c */
export function decode(c) {
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}

/** @param {number} c linear light */
function encode(c) {
  const clipped = Math.min(1, Math.max(0, c))
  return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055))
}

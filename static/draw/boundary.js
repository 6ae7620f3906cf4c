/**
 * The network's answer over the plane as pixels: a class's colour, as strong as its lead; or one output on a scale.
 * What is not finite is hatched, as everywhere.
 *
 * @import { Scale, Value } from "../types.js"
 */
import { between, leader } from "../lib/plane.js"
import { hatchColor } from "./heatmap.js"

/** @typedef {[number, number, number]} Rgb */

const WEAKEST = 0.06 // of a class's colour where two classes are level
const STRONGEST = 0.5

/** @param {string} css "rgb(0, 113, 106)" @returns {Rgb} */
export function rgbOf(css) {
  const [r = 0, g = 0, b = 0] = (css.match(/[\d.]+/g) ?? []).map(Number)
  return [r, g, b]
}

/** A class's colour over the surface. @param {Rgb} color @param {Rgb} surface @param {number} lead 0..1 @returns {number} little-endian RGBA */
export function mixed(color, surface, lead) {
  const by = WEAKEST + (STRONGEST - WEAKEST) * Math.max(0, Math.min(1, lead))
  const [r, g, b] = surface.map((from, at) => Math.round(from + ((color[at] ?? 0) - from) * by))
  return ((255 << 24) | ((b ?? 0) << 16) | ((g ?? 0) << 8) | (r ?? 0)) >>> 0
}

/** How many pixels the ground has along a side: with hatches as many as it is shown with; `usual` where it has none, or is not laid out, for an image of no pixels can't be made. @param {boolean} isHatched @param {number} shown @param {number} usual */
export const groundSide = (isHatched, shown, usual) => (isHatched && shown > 0 ? shown : usual)

/**
 * @param {Value[][][]} outputs for each output its rows, upwards @param {number} width pixels
 * @param {(values: number[]) => number | null} colorOf the colour of what the network says at a point; null where it has none
 * @param {number} [height] pixels
 * @returns {Uint32Array} width by height pixels, downwards
 */
export function planePixels(outputs, width, colorOf, height = width) {
  const pixels = new Uint32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const values = outputs.map((rows) => between(rows, x / (width - 1), 1 - y / (height - 1)))
      pixels[y * width + x] = colorOf(values) ?? hatchColor(values.find((value) => !Number.isFinite(value)) ?? NaN, x, y)
    }
  }
  return pixels
}

/** @param {Rgb[]} colors of the classes @param {Rgb} surface @returns {(values: number[]) => number | null} */
export const byClass = (colors, surface) => (values) => {
  const { best, lead } = leader(values)
  return Number.isNaN(lead) ? null : mixed(colors[best % colors.length] ?? surface, surface, lead)
}

/** @param {Scale} scale @param {number} output which @param {number} middle what is drawn neutral @returns {(values: number[]) => number | null} */
export const byOutput = (scale, output, middle) => (values) => {
  const at = scale.lookup((values[output] ?? NaN) - middle)
  return at < 0 ? null : (scale.colors[at] ?? null)
}

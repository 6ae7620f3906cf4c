/**
 * Which scale a tensor is drawn with, by what the person chose.
 *
 * @import { Trace } from "./types.js"
 */
import { makeScale } from "./draw/color_scales.js"
import { kindOf } from "./lib/notation.js"
import { extentOf, tensorOf } from "./tensors.js"

const families = /** @type {const} */ ({
  forward: ["A", "Z"],
  parameter: ["W", "b"],
  backward: ["dA", "dZ", "dW", "db"],
})

/** @type {Map<string, ReturnType<typeof makeScale>>} scales of the trace that was last drawn: the same object for the same picture */
const cache = new Map()

/**
 * @param {Trace} trace @param {string} tensor @param {number} layer
 * @param {"shared" | "own"} range one scale for all tensors of this kind in this step, or each its own
 * @param {"linear" | "signed-log"} mode @param {"light" | "dark"} scheme
 */
export function scaleOf(trace, tensor, layer, range, mode, scheme) {
  const kind = kindOf(tensor)
  const found = tensorOf(trace, tensor, layer)
  const extent = range === "shared" ? sharedExtent(trace, kind) : found ? extentOf(found) : 0
  // what can't be negative gets a sequential map, unless it shares its scale with what can
  const signed = kind !== "forward" || range === "shared" || !found || Number(found.stats.min) < 0 || Number(found.stats.neginf) > 0
  const key = [kind, extent, signed, mode, scheme].join()
  let scale = cache.get(key)
  if (!scale) {
    if (cache.size > 200) cache.clear()
    scale = makeScale({ kind, scheme, extent, mode, signed })
    cache.set(key, scale)
  }
  return scale
}

/** @param {Trace} trace @param {import("./lib/notation.js").Kind} kind */
export function sharedExtent(trace, kind) {
  let extent = 0
  for (const { index } of trace.layers) {
    for (const tensor of families[kind]) {
      const found = tensorOf(trace, tensor, index)
      if (found) extent = Math.max(extent, extentOf(found))
    }
  }
  return extent
}

/**
 * Which scale a tensor is drawn with, by what the person chose.
 *
 * @import { Kind, Trace } from "./types.js"
 */
import { makeScale } from "./draw/color_scales.js"
import { tensorsOf } from "./lib/lens_columns.js"
import { kindOf } from "./lib/notation.js"
import { isHeld, partsOf } from "./lib/tensor_names.js"
import { extentOf, tensorOf } from "./tensors.js"

/** @type {Map<string, ReturnType<typeof makeScale>>} scales of the trace that was last drawn: the same object for the same picture */
const cache = new Map()

/**
 * @param {Trace} trace @param {string} tensor @param {number} layer
 * @param {"shared" | "own"} range one scale for all tensors of this family in this step, or each its own
 * @param {"linear" | "signed-log"} mode @param {"light" | "dark"} scheme
 * @param {Trace | null} [beside] a trace that this one is compared with by eye, on the same scale
 */
export function scaleOf(trace, tensor, layer, range, mode, scheme, beside = null) {
  const kind = kindOf(tensor)
  const family = familyOf(tensor)
  const found = tensorOf(trace, tensor, layer)
  const other = beside && tensorOf(beside, tensor, layer)
  const extent = range === "shared" ? sharedExtent(trace, family, beside) : Math.max(found ? extentOf(found) : 0, other ? extentOf(other) : 0)
  // what can't be negative gets a sequential map, unless it shares its scale with what can
  const isOneSided = (kind === "forward" || kind === "held") && !(range === "shared" && family === kind)
  const signed = !isOneSided || !found || [found, other].some((one) => one && (Number(one.stats.min) < 0 || Number(one.stats.neginf) > 0))
  const key = [kind, extent, signed, mode, scheme].join()
  let scale = cache.get(key)
  if (!scale) {
    if (cache.size > 200) cache.clear()
    scale = makeScale({ kind, scheme, extent, mode, signed })
    cache.set(key, scale)
  }
  return scale
}

/**
 * Which tensors can share a scale: those of a kind, but for what is counted in a unit of its own, such as a variance, a mask or one state of an optimizer.
 * @param {string} tensor @returns {Kind | string} the kind, or the tensor's letter; of a state its own
 */
export function familyOf(tensor) {
  const parts = partsOf(tensor)
  if (!parts) return kindOf(tensor)
  const { mark, letter } = parts
  if (isHeld(parts)) return mark === "r" ? mark + letter : mark
  return letter === "V" || letter === "D" ? mark + letter : kindOf(tensor)
}

/** @type {WeakMap<Trace, Map<string, number>>} */
const extents = new WeakMap()

/** The largest magnitude of a family in a step, or in two. @param {Trace} trace @param {Kind | string} family as `familyOf` has it @param {Trace | null} [beside] @returns {number} */
export function sharedExtent(trace, family, beside = null) {
  if (beside) return Math.max(sharedExtent(trace, family), sharedExtent(beside, family))
  let known = extents.get(trace)
  if (!known) {
    known = new Map()
    for (const layer of trace.layers) {
      for (const tensor of tensorsOf(layer)) {
        const found = tensorOf(trace, tensor, layer.index)
        const own = familyOf(tensor)
        if (found) known.set(own, Math.max(known.get(own) ?? 0, extentOf(found)))
      }
    }
    extents.set(trace, known)
  }
  return known.get(family) ?? 0
}

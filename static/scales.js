/**
 * Which scale a tensor is drawn with, by what the person chose.
 *
 * @import { Kind, Trace } from "./types.js"
 */
import { floorFor, makeScale } from "./draw/color_scales.js"
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
  const { extent, floor } = range === "shared" ? sharedReach(trace, family, beside) : { extent: Math.max(found ? extentOf(found) : 0, other ? extentOf(other) : 0), floor: undefined }
  // what can't be negative gets a sequential map, unless it shares its scale with what can
  const isOneSided = (kind === "forward" || kind === "held") && !(range === "shared" && family === kind)
  const signed = !isOneSided || !found || [found, other].some((one) => one && (Number(one.stats.min) < 0 || Number(one.stats.neginf) > 0))
  const key = [kind, extent, floor, signed, mode, scheme].join()
  let scale = cache.get(key)
  if (!scale) {
    if (cache.size > 200) cache.clear()
    scale = makeScale({ kind, scheme, extent, floor, mode, signed })
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

/** @typedef {{extents: number[], kept: number[]}} Reach largest magnitudes: of each tensor, and of each but those that only the update makes */
/** @type {WeakMap<Trace, Map<string, Reach>>} by the family */
const reaches = new WeakMap()

/**
 * How far the scale of a family reaches in a step, or in two: its largest magnitude, and where its logarithmic colours begin.
 * @param {Trace} trace @param {Kind | string} family as `familyOf` has it @param {Trace | null} [beside] @returns {{extent: number, floor: number}}
 */
export function sharedReach(trace, family, beside = null) {
  const all = [trace, ...(beside ? [beside] : [])].map((one) => reachOf(one, family))
  const [extents, kept] = [all.flatMap((one) => one.extents), all.flatMap((one) => one.kept)]
  return { extent: Math.max(0, ...extents), floor: floorFor([...kept, Math.max(0, ...extents)]) }
}

/** @param {Trace} trace @param {Kind | string} family @returns {Reach} */
function reachOf(trace, family) {
  let known = reaches.get(trace)
  if (!known) {
    known = new Map()
    for (const layer of trace.layers) {
      for (const tensor of tensorsOf(layer)) {
        const found = tensorOf(trace, tensor, layer.index)
        if (!found) continue
        const own = known.get(familyOf(tensor)) ?? { extents: [], kept: [] }
        known.set(familyOf(tensor), own)
        own.extents.push(extentOf(found))
        // a bias that has just left 0 is as small as a learning rate makes it: no reason to spread the scale of the weights
        if (!partsOf(tensor)?.isNext) own.kept.push(extentOf(found))
      }
    }
    reaches.set(trace, known)
  }
  return known.get(family) ?? { extents: [], kept: [] }
}

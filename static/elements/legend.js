/**
 * Colour scales with their ends and their unit: always in sight, beside the lane that they belong to.
 *
 * @import { Kind } from "../types.js"
 */
import { html } from "htm/preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { defaults, legendColors, makeScale } from "../draw/color_scales.js"
import { beside, seen } from "../edit_state.js"
import { formatNumber } from "../lib/format.js"
import { kindOf, letterOf } from "../lib/notation.js"
import { lossUnit } from "../lib/run_words.js"
import { isParameter, partsOf } from "../lib/tensor_names.js"
import { familyOf, sharedReach } from "../scales.js"
import { catalog, scaleMode, scaleRange, scheme, session } from "../state.js"
import { tensorOf } from "../tensors.js"

/**
 * The scales of a lane: one for each kind in it, or, where scales are shared, one for each family that shares.
 * @param {{kinds: Kind[], tensors: string[]}} properties `tensors` in the order in which they are named
 */
export function Legends({ kinds, tensors }) {
  const unit = lossUnit(session.value, catalog.value)
  return kinds.map((kind) => {
    const own = tensors.filter((tensor) => kindOf(tensor) === kind && isThere(tensor))
    const families = scaleRange.value === "shared" ? [...new Set(own.map(familyOf))] : [kind]
    return families.map((family) => {
      const named = scaleRange.value === "shared" ? own.filter((tensor) => familyOf(tensor) === family) : own
      const isOneSided = family !== kind && !named.some(isNegative)
      return named.length > 0 && html`<${Legend} key=${family} kind=${kind} family=${family} isOneSided=${isOneSided} words=${wordsOf(named, unit && `${unit}, `)} />`
    })
  })
}

/** @param {string} tensor */
const isThere = (tensor) => seen.value?.layers.some(({ index }) => seen.value && tensorOf(seen.value, tensor, index))

/** @param {string} tensor whether a number of it is */
const isNegative = (tensor) => seen.value?.layers.some(({ index }) => seen.value && !(Number(tensorOf(seen.value, tensor, index)?.stats.min ?? 0) >= 0))

/** @param {string[]} tensors of one kind @param {string} unit of the loss */
function wordsOf(tensors, unit) {
  const isOfMean = (/** @type {string} */ tensor) => isParameter(partsOf(tensor)?.letter ?? "")
  const list = (/** @type {string[]} */ some) => some.map(letterOf).join(", ")
  const [first = ""] = tensors
  if (kindOf(first) === "held") return [...new Set(tensors.map(familyOf))].join(", ")
  if (kindOf(first) !== "backward") return list(tensors)
  const [sums, means] = [tensors.filter((tensor) => !isOfMean(tensor)).reverse(), tensors.filter(isOfMean)]
  return [sums.length > 0 && `${list(sums)}: ${unit}sum over the batch`, means.length > 0 && `${list(means)}: ${unit}mean`].filter(Boolean).join(" · ")
}

/** @param {{kind: Kind, words: string, family: string, isOneSided: boolean}} properties `words`: which tensors, and their unit; `isOneSided`: none is negative */
function Legend({ kind, words, family, isOneSided }) {
  const strip = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  const { extent, floor } = scaleRange.value === "shared" && seen.value ? sharedReach(seen.value, family, beside.value) : { extent: 1, floor: undefined }
  const mode = scaleMode.value
  const now = scheme.value
  useLayoutEffect(() => {
    const context = strip.current?.getContext("2d")
    if (!context) return
    const colors = legendColors(makeScale({ kind, scheme: now, extent, floor, mode, signed: !isOneSided }), context.canvas.width)
    const image = context.createImageData(context.canvas.width, 1)
    new Uint32Array(image.data.buffer).set(colors)
    context.putImageData(image, 0, 0)
  }, [kind, extent, floor, mode, now, isOneSided])
  const end = scaleRange.value === "shared" && extent > 0 ? formatNumber(extent, 2) : "max"
  const least = floor === undefined ? `max/${1 / defaults.usualFloor}` : formatNumber(floor, 2).replace(/^1×/, "")
  return html`
    <p class="legend" data-kind=${kind}>
      <span class="legend__what">${words}</span>
      <span class="legend__scale"><span>${isOneSided ? 0 : `−${end}`}</span><canvas class="legend__strip" width="101" height="1" ref=${strip} aria-hidden="true"></canvas><span>+${end}</span>${mode !== "linear" && extent > 0 && html`<span class="legend__log" title=${`Each power of ten is as wide, from ${least} to ${end}; below ${least} colours fade evenly to 0`}>in powers of ten from ${isOneSided ? "" : "±"}${least}</span>`}</span>
    </p>
  `
}

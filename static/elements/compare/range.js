/**
 * How far the numbers of a picture reach: on a scale of its own as its legend, on one that it shares in words, and where it hardly shows there, with a way out.
 *
 *   <Range tensor={tensor} scale={scale} isOwn={false} whose="run B" />
 */
import { html } from "htm/preact"
import { chooseSharing } from "../../compare_actions.js"
import { isFaint } from "../../lib/compare_pictures.js"
import { formatNumber } from "../../lib/format.js"
import { rangeText } from "../../lib/range_text.js"
import { extentOf } from "../../tensors.js"
import { ScaleStrip } from "../scale_strip.js"

/** @param {number} extent */
const short = (extent) => formatNumber(extent, 2)

/** @typedef {{tensor: import("../../types.js").Tensor, scale: import("../../types.js").Scale, isOwn: boolean, whose: string}} Of */

/** @param {Of & {isShort?: boolean}} properties `isShort` where the way out of a faint picture stands below it */
export function Range({ tensor, scale, isOwn, whose, isShort = false }) {
  const largest = extentOf(tensor)
  const isHatched = Number(tensor.stats.nan) + Number(tensor.stats.posinf) + Number(tensor.stats.neginf) > 0
  if (isOwn && largest > 0) {
    return html`<span class="compare__range"><${ScaleStrip} scale=${scale} from=${scale.signed ? `−${short(largest)}` : "0"} to=${short(largest)} />${isHatched && html` <span class="soft">${rangeText(tensor.stats, Infinity)}</span>`}</span>`
  }
  return html`
    <span class="compare__range soft">
      ${rangeText(tensor.stats, Infinity)}
      ${!isShort && html` <${Faint} ...${{ tensor, scale, isOwn, whose }} />`}
    </span>`
}

/** A way out where a picture hardly shows on the common scale. @param {Of} properties */
export function Faint({ tensor, scale, isOwn, whose }) {
  const largest = extentOf(tensor)
  if (isOwn || !isFaint(scale, largest)) return null
  return html`<button class="compare__anyway" title=${`The largest number here is ${formatNumber(largest / scale.domain[1], 1)} of the end of the scale. Draw each picture on a scale of its own.`} onClick=${() => chooseSharing("own")}>Too faint: use own scales<span class="visually-hidden"> instead of one for ${whose} and the others</span></button>`
}

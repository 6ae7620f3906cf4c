/**
 * What a run is minus the first, as a heatmap; or why it is not drawn. Unlike things are subtracted for those alone who ask for it, in a frame that says so.
 *
 * @import { Scale, Tensor, TensorAt } from "../../types.js"
 */
import { html } from "htm/preact"
import { drawUnlike } from "../../compare_actions.js"
import { isUnlikeDrawn, placeOf, shown, sides } from "../../compare_state.js"
import { canBeForced, unlikenessOf, unlikenessWords } from "../../lib/compare_likeness.js"
import { commonExtent, tensorIn } from "../../lib/compare_pictures.js"
import { plainName } from "../../lib/compare_phases.js"
import { letterAt } from "../../lib/compare_words.js"
import { Picture } from "./picture.js"
import { Range } from "./range.js"

const FRAME = 12 // pixels of it, on both sides

/** @typedef {{tensor: Tensor | null, unlikeness: import("../../lib/compare_likeness.js").Unlikeness | null}} Found `tensor`: what is drawn of it */

/** The differences of a tensor as they are drawn, a place for each run. @param {TensorAt} at @returns {Found[]} */
export function differencesAt(at) {
  const [first] = sides.value
  return sides.value.map((side, position) => {
    if (!first || position === 0) return { tensor: null, unlikeness: null }
    const unlikeness = unlikenessOf(first, side, side.isSameBatch, at.tensor)
    const isDrawn = unlikeness === null || (canBeForced(unlikeness) && isUnlikeDrawn.value)
    return { tensor: isDrawn ? tensorIn(shown.value?.runs[position]?.difference ?? null, at) : null, unlikeness }
  })
}

/** @param {{position: number, found: Found | undefined, at: TensorAt, scale: Scale, isOwn: boolean, isShort: boolean, room: {width: number, height: number}}} properties `isOwn`: whether the scale is of this picture alone; `isShort` where there is room for few words */
export function Difference({ position, found, at, scale, isOwn, isShort, room }) {
  const [first, side] = [sides.value[0], sides.value[position]]
  const [mine, other] = [0, position].map((one) => tensorIn(shown.value?.runs[one]?.trace ?? null, at)?.shape)
  // of unlike networks it is said once, above all pictures; and what a run lacks, in the place of its picture
  if (!found || !first || !side || found.unlikeness === "layers" || found.unlikeness === "start" || !mine || !other) return null
  const isAlike = mine.join() === other.join()
  const { tensor, unlikeness } = found
  const letters = /** @type {[string, string]} */ ([letterAt(placeOf(0)), letterAt(placeOf(position))])
  const name = `${letters[1]} − ${letters[0]}`
  const words = unlikeness && unlikenessWords(unlikeness, letters, first, side, at.tensor)
  const problem = shown.value?.runs[position]?.problem?.message
  return html`
    <div class="compare__apart" data-unlike=${unlikeness && tensor ? unlikeness : undefined}>
      <p class="compare__whose"><strong>${name}</strong>${tensor && commonExtent([tensor]) === 0 && !hasOdd(tensor) && html` <span class="soft">no difference</span>`}${tensor && (commonExtent([tensor]) > 0 || hasOdd(tensor)) && html` <${Range} tensor=${tensor} scale=${scale} isOwn=${isOwn} isShort=${isShort} whose=${name} />`}${tensor && words && html` <span class="compare__warning">${words}</span>`}</p>
      ${tensor
        ? html`<div class="compare__frame"><${Picture} tensor=${tensor} at=${at} scale=${scale} room=${unlikeness ? { ...room, width: room.width - FRAME } : room} name=${unlikeness ? `${name}, ${words}` : name} /></div>`
        : html`
            <p class="compare__none soft">
              ${!isAlike ? `Batches of ${mine[1]} and ${other[1]} examples can't be subtracted column by column.` : ((isShort ? words?.replace(/:.*/, ".") : words) ?? problem ?? "There is no difference to be had of it.")}
              ${isAlike && canBeForced(unlikeness) && !isUnlikeDrawn.value && html` <button class="compare__anyway" onClick=${() => drawUnlike(true)}>Subtract all the same<span class="visually-hidden"> in ${name} of ${plainName(at.tensor, at.layer)}</span></button>`}
            </p>
          `}
    </div>
  `
}

/** @param {Tensor} tensor whether something in it is not finite */
const hasOdd = ({ stats: { nan, posinf, neginf } }) => nan + posinf + neginf > 0

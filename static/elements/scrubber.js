/**
 * The loss of the past as a line, and a handle on the step that is looked at. The handle follows the hand at once, with the
 * step's own loss; the views follow as their numbers come. A step that is pointed at on a curve has a lighter mark of its own.
 *
 *   <Scrubber />
 */
import { html } from "htm/preact"
import { useMemo, useState } from "preact/hooks"
import { axisFor, finite, plotted, rangeOf, sparkline } from "../lib/curve_data.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { useWidth } from "../lib/use_size.js"
import { goToStep } from "../look_actions.js"
import { history, pointedStep, session, sought, trace } from "../state.js"

const HEIGHT = 32

export function Scrubber() {
  const [box, width] = useWidth()
  const [isHeld, setHeld] = useState(false)
  const { steps, loss, marks } = history.value
  const isLog = useMemo(() => axisFor([loss]) === "log", [loss])
  const heights = useMemo(() => plotted(loss, isLog ? "log" : "linear").map((value) => (value !== null && isLog ? Math.log10(value) : value)), [loss, isLog])
  const line = useMemo(() => sparkline(heights, width - 2, HEIGHT), [heights, width])
  const range = useMemo(() => rangeOf(heights), [heights])
  const gaps = useMemo(() => gapPath(loss, width - 2), [loss, width])
  const newest = session.value?.step ?? 0
  const looked = trace.value?.step ?? newest
  const aimed = sought.value ?? looked
  const lossOf = (/** @type {number} */ step) => formatNumber(loss[step - (steps[0] ?? 1)])
  const xOf = (/** @type {number} */ step) => 1 + (newest > 1 ? ((step - 1) / (newest - 1)) * (width - 2) : 0)
  const x = xOf(aimed)
  const ends = useMemo(() => (range ? endsOf(range, isLog) : []), [range, isLog])
  const pointed = pointedStep.value !== null && pointedStep.value >= 1 && pointedStep.value <= newest && !isHeld ? pointedStep.value : null
  const said = sought.value ?? pointed ?? aimed
  return html`
    <div class="scrub">
      <span class="scrub__axis" aria-hidden="true" title=${`The line's height is the range of the loss so far, ${isLog ? "on a logarithmic scale" : "not from 0"}`}>
        ${newest > 1 && ends.map((end, index) => html`<span key=${index}>${end}</span>`)}
      </span>
      <div class="scrubber" ref=${box} data-past=${aimed < newest ? "" : undefined}>
        <svg class="scrubber__line" width=${width} height=${HEIGHT} aria-hidden="true">
          ${newest > 1 &&
          html`
            ${gaps && html`<path class="scrubber__gap" d=${gaps} transform="translate(1 0)" />`}
            ${line && html`<path class="scrubber__loss" d=${line} transform="translate(1 0)" />`}
            ${aimed < newest && html`<rect class="scrubber__after" x=${x} y="0" width=${Math.max(0, width - x)} height=${HEIGHT} />`}
            ${marks?.map(({ number, step }) => html`<path key=${number} class="scrubber__mark" d=${`M${xOf(Math.max(1, step)).toFixed(1)} 0v${HEIGHT}`} />`)}
          `}
          ${pointed !== null && html`<line class="scrubber__pointed" x1=${xOf(pointed)} x2=${xOf(pointed)} y1="0" y2=${HEIGHT} />`}
          ${newest > 0 && html`<line class="scrubber__handle" x1=${x} x2=${x} y1="0" y2=${HEIGHT} />`}
        </svg>
        ${(isHeld || sought.value !== null || pointed !== null) &&
        html`<span class="scrubber__aim" data-side=${xOf(said) > width / 2 ? "left" : "right"} style=${{ insetInlineStart: `${xOf(said)}px` }} aria-hidden="true">
          ${formatCount(said)}<span class="soft"> · loss ${lossOf(said)}</span>
        </span>`}
        <input
          class="scrubber__range"
          type="range"
          aria-label="Step that is looked at, over the loss of the past"
          aria-valuetext=${`step ${formatCount(aimed)} of ${formatCount(newest)}, loss ${lossOf(aimed)}`}
          min="1"
          max=${Math.max(1, newest)}
          value=${aimed}
          disabled=${newest < 2}
          onInput=${goTo}
          onPointerDown=${() => setHeld(true)}
          onPointerUp=${() => setHeld(false)}
          onPointerCancel=${() => setHeld(false)}
        />
      </div>
    </div>
  `
}

/** @param {Event} event */
export const goTo = (event) => goToStep(Number(/** @type {HTMLInputElement} */ (event.currentTarget).value))

/** The loss's highest and lowest, with as many digits as tell them apart: a run that has come to rest moves in its fourth. @param {{high: number, low: number}} range @param {boolean} isLog */
function endsOf({ high, low }, isLog) {
  const texts = (/** @type {number} */ digits) => [high, low].map((end) => formatNumber(isLog ? 10 ** end : end, digits))
  return texts([2, 3, 4, 5].find((digits) => new Set(texts(digits)).size === 2) ?? 6)
}

/** A tick along the top wherever the loss was not finite: a line has no height there. @param {import("../types.js").Value[]} loss @param {number} width */
function gapPath(loss, width) {
  const last = Math.max(1, loss.length - 1)
  const places = new Set(loss.flatMap((value, index) => (finite(value) === null ? [Math.round((index / last) * width)] : [])))
  return [...places].map((place) => `M${place} 0v4`).join("")
}

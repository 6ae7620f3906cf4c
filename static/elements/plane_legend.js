/**
 * What the colours, shapes, rings and arrows of the plane mean.
 *
 * @import { Predictions, Scale, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { legendColors } from "../draw/color_scales.js"
import { lostArrowWords, noArrowWords } from "../lib/arrow_words.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { askedWords, stretchWords, whoseLossGrows } from "../lib/plane_words.js"
import { lossUnit, outputNames } from "../lib/run_words.js"
import { catalog, session } from "../state.js"
import { LongName } from "./long_name.js"
import { ClassShape, shapes } from "./scatter.js"

/**
 * @param {{about: Trace, told: Predictions, isClasses: boolean, scale: Scale, middle: number, output: number, onOutput: (output: number) => void,
 *   longest: number, hasBatch: boolean, isFew: boolean, stretch: number}} properties `longest`: dA[0] of the longest arrow; `isFew`: points are large, with their labels
 *   in them; `stretch`: how many times longer a unit is drawn upwards
 */
export function PlaneLegend({ about, told, isClasses, scale, middle, output, onOutput, longest, hasBatch, isFew, stretch }) {
  const data = session.value?.dataset ?? {}
  const outputs = told.outputs.map((_, row) => outputNames(session.value)[row] ?? `output ${row}`)
  const { X, count } = told.points
  const drawn = X[0]?.length ?? 0
  const asked = session.value && askedWords(about, session.value.config, "Ground")
  return html`
    <ul class="legend boundary__legend">
      ${isClasses
        ? html`
            ${told.outputs.map((_, label) => html`<li key=${label}><${ClassShape} label=${label} /> <${LongName} of=${data.class_names?.[label] ?? `class ${label}`} /></li>`)}
            <li class="boundary__wide soft">Ground: the class that the network takes a point for; faint where two are level, strong where one is far ahead.</li>
          `
        : html`
            ${outputs.length > 1 && html`<li><label class="batch__sort">Output <select value=${output} onChange=${(/** @type {any} */ event) => onOutput(Number(event.currentTarget.value))}>${outputs.map((name, row) => html`<option key=${row} value=${row}>${name}</option>`)}</select></label></li>`}
            <li class="boundary__wide"><${Strip} scale=${scale} middle=${middle} /> <span><${LongName} of=${outputs[output] ?? ""} />${data.target_scale ? ", standardised" : ""}: ground, what the network says${data.targets === "labels" ? "" : "; points, what is true"}</span></li>
            ${data.targets === "labels" && html`<li class="boundary__wide"><${LabelMark} is="yes" isFew=${isFew} /> points where <${LongName} of=${outputs[output] ?? ""} /> is true <${LabelMark} is="no" isFew=${isFew} /> and where it is not</li>`}
          `}
      <li class="boundary__wide">
        <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true"><circle class="plane__batch" r="6" /></svg>
        ${hasBatch ? batchWords(about.batch.size) : "the batch came pooled: it is not marked"}${drawn < count ? `; ${formatCount(drawn)} of ${formatCount(count)} training points are drawn` : ""}
      </li>
      ${hasBatch &&
      html`<li class="boundary__wide">
        <svg width="40" height="12" viewBox="0 0 40 12" aria-hidden="true"><path class="plane__arrows" d="M1 6H37M32 3L37 6L32 9" /></svg>
        ${longest > 0 ? html`<span>dA[0], where ${whoseLossGrows(about)}; the longest is ${formatNumber(longest, 3)} ${lossUnit(session.value, catalog.value)} for each 1 of its features${lostArrowWords(about.layers[0]?.dA)}${stretchWords(stretch)}</span>` : noArrowWords(about.layers[0]?.dA)}
      </li>`}
      ${asked && html`<li class="boundary__wide soft">${asked}</li>`}
    </ul>
  `
}

/** @param {number} size */
const batchWords = (size) => (size === 1 ? "the one example of this batch" : `the ${formatCount(size)} examples of this batch`)

/** A point of a label that stands or does not. @param {{is: "yes" | "no", isFew: boolean}} properties */
function LabelMark({ is, isFew }) {
  if (!isFew) return html`<svg width="12" height="12" viewBox="-7 -7 14 14" aria-hidden="true" class="class-shape"><path class="plane__point" d=${shapes[0]} data-is=${is} /></svg>`
  return html`<svg width="20" height="20" viewBox="-12 -12 24 24" aria-hidden="true"><path class="plane__point" transform="scale(2.2)" d=${shapes[0]} data-is=${is} /><text class="plane__label" data-is=${is} y="4.7" text-anchor="middle">${is === "yes" ? 1 : 0}</text></svg>`
}

/** @param {{scale: Scale, middle: number}} properties */
export function Strip({ scale, middle }) {
  const strip = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  useLayoutEffect(() => {
    const context = strip.current?.getContext("2d")
    if (!context) return
    const image = context.createImageData(101, 1)
    new Uint32Array(image.data.buffer).set(legendColors(scale, 101))
    context.putImageData(image, 0, 0)
  }, [scale])
  const [low, high] = scale.domain
  return html`<span class="boundary__strip">${formatNumber(low + middle, 2)}<canvas class="legend__strip" width="101" height="1" ref=${strip} aria-hidden="true"></canvas>${formatNumber(high + middle, 2)}</span>`
}

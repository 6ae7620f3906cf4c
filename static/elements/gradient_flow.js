/**
 * The gradient flow: ribbons from the loss on the right back to the input, split at every unit into what its activation's
 * derivative passes, what it stops and what a mask of dropout drops; a normalisation has a bar of its own. Every height is a number of the trace, on the scale that the legend shows.
 *
 *   <GradientFlow />
 *
 * @import { FlowColumnGeometry, FlowGeometry, FlowUnit } from "../draw/ribbons.js"
 * @import { Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useMemo, useState } from "preact/hooks"
import { select } from "../cell_actions.js"
import { flowGeometry } from "../draw/ribbons.js"
import { isBroken, percent, sumOf, summaryOf, unitWords, whyBroken, whyNothing } from "../lib/flow_words.js"
import { formatNumber } from "../lib/format.js"
import { moreOf, useScroll } from "../lib/use_scroll.js"
import { useWidth } from "../lib/use_size.js"
import { trace } from "../state.js"
import { matrixOf, tensorOf } from "../tensors.js"

const LINE = 15 // under the columns: their sums
const STRONGEST = 10 // units a column shows on their own: as many as have room for their numbers
const LEAST_COLUMN = { plain: 84, normalised: 108 } // what stands under a column ends before its neighbour's begins: scroll instead

/** Where in the picture a unit is: its column, and its place in it. @typedef {{layer: number, at: number}} Place */

export function GradientFlow() {
  const [mode, setMode] = useState(/** @type {"linear" | "log"} */ ("linear"))
  const [place, setPlace] = useState(/** @type {Place | null} */ (null))
  const [box, room] = useWidth()
  const now = trace.value
  const least = now?.layers.some(({ dN }) => dN) ? LEAST_COLUMN.normalised : LEAST_COLUMN.plain
  const width = Math.max(room, (now ? now.layers.length + 1 : 3) * least)
  const more = moreOf(useScroll(box, [width]))
  const height = Math.round(Math.min(340, Math.max(292, room * 0.28)))
  const drawn = useMemo(() => (now && room ? flowGeometry(now, { width, height, scale: mode, strongest: STRONGEST }) : null), [now, width, height, mode, room > 0])
  if (!now) return null

  const geometry = drawn?.geometry ?? null
  const column = geometry && place ? geometry.columns[place.layer] : undefined
  const unit = place ? column?.units[place.at] : undefined
  const dry = geometry && whyNothing(now, geometry)
  const broken = geometry && whyBroken(now, geometry)
  return html`
    <section class="flow" aria-label="Gradient flow">
      <div class="flow__bar">
        <${Legend} geometry=${geometry} layers=${now.layers} />
        <fieldset class="flow__modes">
          <legend class="visually-hidden">Scale of the widths</legend>
          ${/** @type {const} */ (["linear", "log"]).map(
            (name) => html`
              <label key=${name} class="flow__mode">
                <input type="radio" name="flow-mode" value=${name} checked=${mode === name} onChange=${() => setMode(name)} />
                ${name === "log" ? "logarithmic" : "linear"}
              </label>
            `,
          )}
        </fieldset>
      </div>
      <div class="flow__scroll more" data-more=${more} ref=${box}>
        ${geometry && geometry.scaleInfo.max > 0 && html`<${Picture} trace=${now} geometry=${geometry} place=${place} onPlace=${setPlace} />`}
      </div>
      ${drawn?.reason && html`<${Nothing} title="This flow can't be drawn" why=${`${drawn.reason}.`} />`}
      ${geometry && geometry.scaleInfo.max === 0 && html`<${Nothing} title=${broken ? "The gradient of this step is not finite" : "No gradient flows in this step"} why=${broken ?? dry ?? ""} />`}
      ${geometry &&
      geometry.scaleInfo.max > 0 &&
      html`
        <p class="flow__readout" role="status">${column && unit ? unitWords(now, column, unit) : summaryOf(now, geometry)}</p>
        ${dry && html`<p class="flow__dry">${dry}</p>`}
        <${Numbers} geometry=${geometry} />
      `}
    </section>
  `
}

/** @param {{title: string, why: string}} properties */
function Nothing({ title, why }) {
  return html`
    <div class="flow__nothing">
      <svg width="120" height="32" viewBox="0 0 120 32" aria-hidden="true">
        <path d="M4 16h72" class="flow__dashes" /><path d="M80 6v20" class="flow__stop" /><circle cx="108" cy="16" r="6" class="flow__source" />
      </svg>
      <h3>${title}</h3>
      <p class="soft">${why}</p>
    </div>
  `
}

/** @param {{geometry: FlowGeometry | null, layers: Trace["layers"]}} properties */
function Legend({ geometry, layers }) {
  const info = geometry?.scaleInfo
  const unit = info?.pixelsPerUnit ? niceBelow(44 / info.pixelsPerUnit) : 0
  return html`
    <ul class="flow__legend">
      <li><svg width="22" height="12" aria-hidden="true"><rect width="22" height="12" class="flow__ribbon" /><rect x="16" width="6" height="12" class="flow__passed" /></svg>passed on</li>
      <li>
        <svg width="22" height="12" aria-hidden="true"><${Patterns} id="flow-legend" /><rect x="3" width="19" height="12" fill="url(#flow-legend-slope)" /><rect width="3" height="12" class="flow__cap" /></svg>
        stopped by the activation's slope
      </li>
      ${layers.some(({ dG }) => dG) &&
      html`<li>
        <svg width="22" height="12" aria-hidden="true"><rect x="3" width="19" height="12" fill="url(#flow-legend-mask)" /><rect x=".5" y=".5" width="3" height="11" class="flow__cap flow__cap--mask" /></svg>
        dropped by the mask
      </li>`}
      ${layers.some(({ dN }) => dN) &&
      html`<li>
        <svg width="22" height="16" aria-hidden="true"><path d="M22 4v8L4 15V1z" fill="url(#flow-legend-norm)" /><rect x=".5" y=".5" width="3.5" height="15" class="flow__norm" /></svg>
        changed by the normalisation
      </li>`}
      ${info?.mode === "linear" && unit > 0 &&
      html`<li>
        <svg width="8" height=${unit * (info.pixelsPerUnit ?? 0)} aria-hidden="true"><path d=${`M1 .5h6M4 .5V${unit * (info.pixelsPerUnit ?? 0) - 0.5}M1 ${unit * (info.pixelsPerUnit ?? 0) - 0.5}h6`} class="flow__measure" /></svg>
        <span>${formatNumber(unit)} <span class="soft">of ${info.unit}</span></span>
      </li>`}
      ${info?.mode === "log" && info.threshold !== null && html`<li class="soft">heights logarithmic in ${info.unit}, from ${formatNumber(info.threshold, 2)} to ${formatNumber(info.max, 3)}</li>`}
    </ul>
  `
}

/** 1, 2 or 5 times a power of ten. @param {number} value */
function niceBelow(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([5, 2, 1].find((n) => n * power <= value) ?? 1) * power
}

/** How each kind of loss is filled: hatched, dotted, ruled. @param {{id: string}} properties */
const Patterns = ({ id }) => html`
  <defs>
    <pattern id=${`${id}-slope`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="5" height="5" class="flow__hatch-ground" /><rect width="2" height="5" class="flow__hatch-line" />
    </pattern>
    <pattern id=${`${id}-mask`} width="4" height="4" patternUnits="userSpaceOnUse">
      <rect width="4" height="4" class="flow__mask-ground" /><circle cx="2" cy="2" r="1" class="flow__hatch-line" />
    </pattern>
    <pattern id=${`${id}-norm`} width="3" height="3" patternUnits="userSpaceOnUse"><rect width="1" height="3" class="flow__norm-line" /></pattern>
  </defs>
`

/** @param {{trace: Trace, geometry: FlowGeometry, place: Place | null, onPlace: (place: Place | null) => void}} properties */
function Picture({ trace: now, geometry, place, onPlace }) {
  const { width, height, columns, ribbons, loss } = geometry
  const lit = place ? columns[place.layer]?.units[place.at] : undefined
  const foot = LINE * Math.max(...columns.map((column) => 1 + footOf(column).length)) + 4

  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const here = place ?? { layer: columns.length - 1, at: 0 }
    if (event.key === "Enter" || event.key === " ") selectUnit(now, columns[here.layer], columns[here.layer]?.units[here.at])
    else if (event.key === "Escape") onPlace(null)
    else {
      const by = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] })[event.key]
      if (!by) return
      const layer = Math.max(0, Math.min(columns.length - 1, here.layer + by[0]))
      onPlace({ layer, at: Math.max(0, Math.min((columns[layer]?.units.length ?? 1) - 1, here.at + by[1])) })
    }
    event.preventDefault()
    event.stopPropagation()
  }
  /** @param {{layer: number, unit: number | null}} end */
  const isLit = (end) => place !== null && lit !== undefined && end.layer === place.layer && end.unit === lit.unit

  return html`
    <div
      class="flow__picture"
      role="group"
      aria-roledescription="diagram"
      aria-label="Gradient flow from the loss to the input. Arrow keys move between units, Enter selects."
      tabindex="0"
      onKeyDown=${move}
      onFocus=${(/** @type {FocusEvent} */ event) => {
        if (!place && /** @type {HTMLElement} */ (event.currentTarget).matches(":focus-visible")) onPlace({ layer: columns.length - 1, at: 0 })
      }}
      onBlur=${() => onPlace(null)}
      onPointerLeave=${() => onPlace(null)}
    >
      <svg class="flow__svg" width=${width} height=${height + foot} viewBox=${`0 0 ${width} ${height + foot}`} data-lit=${lit ? "" : undefined} aria-hidden="true">
        <${Patterns} id="flow" />
        <g>${ribbons.map((ribbon) => html`<path key=${`${ribbon.from.layer}.${ribbon.from.unit}-${ribbon.to.unit}`} class="flow__ribbon" d=${ribbon.path} data-lit=${isLit(ribbon.from) || isLit(ribbon.to) ? "" : undefined} data-broken=${ribbon.nonFinite ? "" : undefined} />`)}</g>
        ${columns.map((column) => html`<${Column} key=${column.layer} trace=${now} column=${column} height=${height} place=${place} onPlace=${onPlace} />`)}
        <rect class="flow__loss" x=${loss.x} y=${loss.y} width=${loss.w} height=${Math.max(1, loss.h)} rx="2" />
        <text class="flow__heading" x=${loss.label.x} y=${loss.label.y} text-anchor=${loss.label.anchor}>${loss.label.text}</text>
      </svg>
    </div>
  `
}

/** @param {{trace: Trace, column: FlowColumnGeometry, height: number, place: Place | null, onPlace: (place: Place | null) => void}} properties */
function Column({ trace: now, column, height, place, onPlace }) {
  const { layer, heading, units, total } = column
  return html`
    <g>
      <text class="flow__heading" x=${heading.x} y=${heading.y} text-anchor=${heading.anchor}>${heading.text}</text>
      <text class="flow__sum" x=${heading.x} y=${height + 12} text-anchor=${heading.anchor}>${isBroken(column) ? "" : "Σ "}${sumOf(column, total, 3)}</text>
      ${footOf(column).map((text, at) => html`<text key=${at} class="flow__sum flow__sum--stopped" x=${heading.x} y=${height + 12 + LINE * (at + 1)} text-anchor=${heading.anchor}>${text}</text>`)}
      ${units.map((unit, at) => {
        const isLit = place?.layer === layer && place.at === at
        return html`
          <g key=${unit.unit ?? "rest"} class="flow__unit" data-lit=${isLit ? "" : undefined} data-band=${unit.unit === null ? "" : undefined}>
            ${unit.norm && html`<path class="flow__norm-ground" d=${unit.norm.path} /><path d=${unit.norm.path} fill="url(#flow-norm)" /><rect class="flow__norm" x=${unit.norm.x} y=${unit.norm.y} width=${unit.norm.w} height=${unit.norm.h} />`}
            ${unit.stops.map(({ kind, path, cap }) => html`<path key=${kind} d=${path} fill=${`url(#flow-${kind})`} /><path class=${`flow__cap flow__cap--${kind}`} d=${cap} />`)}
            ${unit.value === 0
              ? html`<path class="flow__zero" d=${`M${unit.x} ${unit.y}h${unit.w}`} />`
              : html`<rect class="flow__passed" x=${unit.x} y=${unit.passed.y} width=${unit.w} height=${unit.passed.h} />`}
            ${unit.stops.map(({ kind, y, h }) => html`<rect key=${kind} class="flow__cap" x=${unit.x} y=${y} width=${unit.w} height=${h} /><rect x=${unit.x} y=${y} width=${unit.w} height=${h} fill=${kind === "mask" ? "url(#flow-mask)" : "none"} />`)}
            ${unit.label && html`<text class="flow__name" x=${unit.label.x} y=${unit.label.y} text-anchor=${unit.label.anchor}>${unit.label.text}</text>`}
            ${isLit && html`<rect class="flow__ring" x=${unit.x - 2} y=${unit.y - 2} width=${unit.w + 4} height=${unit.h + 4} rx="3" />`}
            <rect
              class="flow__slot"
              x=${unit.slot.x}
              y=${unit.slot.y}
              width=${unit.slot.w}
              height=${Math.max(4, unit.slot.h)}
              onPointerEnter=${() => onPlace({ layer, at })}
              onClick=${() => selectUnit(now, column, unit)}
            />
          </g>
        `
      })}
    </g>
  `
}

/** What stands under a column, below its sum. @param {FlowColumnGeometry} column @returns {string[]} */
function footOf(column) {
  const { layer, tensor, total, byMask, bySlope, norm } = column
  if (layer === 0 || tensor !== "dA" || !(total > 0) || isBroken(column)) return []
  const stopped = `${percent(bySlope, total)} stopped`
  return [...(byMask > 0 ? [`${percent(byMask, total)} dropped`] : []), stopped, ...(norm ? [`norm → ${formatNumber(norm.to, 3)}`] : [])]
}

/** The door from a unit to its tensor: selects its largest cell. @param {Trace} now @param {FlowColumnGeometry | undefined} column @param {FlowUnit | undefined} unit */
function selectUnit(now, column, unit) {
  const tensor = column && tensorOf(now, column.tensor, column.layer)
  if (!column || !unit || !tensor) return
  const { cols, data } = matrixOf(tensor)
  let [row, col, most] = [unit.members[0] ?? 0, 0, -1]
  for (const member of unit.members) {
    for (let i = 0; i < cols; i++) {
      const size = Math.abs(data[member * cols + i] ?? 0)
      if (size > most) [row, col, most] = [member, i, size]
    }
  }
  select({ tensor: column.tensor, layer: column.layer, row, col })
}

/** The same numbers for those who don't see the picture; in a box, for a table is never narrower than its words. @param {{geometry: FlowGeometry}} properties */
function Numbers({ geometry: { columns } }) {
  return html`
    <div class="visually-hidden"><table>
      <caption>Gradient flow: sums of magnitudes over the batch</caption>
      <thead><tr><th scope="col">layer</th><th scope="col">arrives</th><th scope="col">passes</th><th scope="col">is dropped by a mask</th><th scope="col">is stopped by the slope</th><th scope="col">reaches the normalisation</th><th scope="col">leaves it</th></tr></thead>
      <tbody>
        ${[...columns].reverse().map((column) => {
          const { layer, name, total, passed, byMask, bySlope, norm } = column
          return html`<tr key=${layer}><th scope="row">${name}</th>${[total, passed, byMask, bySlope, norm?.from, norm?.to].map((value, at) => html`<td key=${at}>${value === undefined ? "–" : sumOf(column, value)}</td>`)}</tr>`
        })}
      </tbody>
    </table></div>
  `
}

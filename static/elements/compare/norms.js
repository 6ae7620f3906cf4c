/** How large the gradient of each layer is in the step that is looked at, all runs beside each other: the overview, in which each layer is a door to its tensors. */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { chooseLayer } from "../../compare_actions.js"
import { lastLayer, layer, opened, phase, placeOf, step } from "../../compare_state.js"
import { letterAt } from "../../lib/compare_words.js"
import { apart, logTicks } from "../../lib/curve_data.js"
import { formatCount, formatNumber } from "../../lib/format.js"
import { brokenLine, normPlace, normRange, normsAt, oddNorm, timesWords } from "../../lib/layer_norms.js"
import { Badge, strokeOf } from "./badge.js"
import { useRoom } from "./room.js"

const [LEFT, TOP, HEIGHT, FOOT] = [54, 12, 118, 12] // pixels: the axis' numbers, and room for what stands above and below all
const [WIDEST, ROOMY, HAND] = [92, 54, 24] // pixels of a layer: at most, so that its numbers can stand under it, and so that a hand can point at it

export function Norms() {
  const [box, width] = useRoom()
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null))
  const last = lastLayer.value
  const told = opened.value.map(({ session, history }, position) => {
    const at = Math.min(step.value, session?.step ?? 0)
    return { place: placeOf(position), letter: letterAt(placeOf(position)), at, norms: normsAt(history, at, last) }
  })
  const [first] = told
  if (!first || told.every(({ norms }) => norms.every((norm) => norm === null))) return null
  const range = normRange(told.map(({ norms }) => norms))
  const column = Math.min(WIDEST, Math.max(0, width - LEFT) / last)
  const isRoomy = column >= ROOMY
  const every = Math.max(1, Math.ceil(HAND / Math.max(1, column)))
  const x = (/** @type {number} */ at) => LEFT + (at + 0.5) * column
  const y = (/** @type {number} */ place) => TOP + (1 - place) * HEIGHT
  const shown = phase.value?.layer ?? layer.value
  const looked = pointed ?? (typeof shown === "number" && shown > 0 ? shown : 1)
  const lines = told.map((one) => ({
    ...one,
    stroke: strokeOf(one.place),
    points: one.norms.map((norm, at) => {
      const place = normPlace(norm, range)
      return place === null ? null : { x: x(at), y: y(place) }
    }),
  }))
  // a letter stands where its line begins: there, farthest from the loss, they are farthest apart
  const begins = lines.map(({ points }) => points.find((point) => point !== null) ?? null)
  const names = apart(begins.map((point) => point?.y ?? TOP), 13, TOP, TOP + HEIGHT) ?? begins.map((point) => point?.y ?? TOP)
  /** @param {PointerEvent} event @returns {number | null} */
  const layerUnder = (event) => {
    const at = Math.floor((event.clientX - /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect().left - LEFT) / column)
    return at >= 0 && at < last ? at + 1 : null
  }
  return html`
    <section class="norms" aria-label="Gradient norm by layer">
      <header class="norms__head">
        <h2 class="eyebrow">Gradient norm by layer</h2>
        <p class="norms__readout"><span class="symbol" data-kind="backward">‖dW<sup>[${looked}]</sup>‖</span> ${told.map(({ letter, norms, place }) => {
          const norm = norms[looked - 1] ?? null
          const times = place === first.place ? "" : timesWords(norm, first.norms[looked - 1] ?? null, first.letter)
          return html`<span key=${letter} data-of=${letter}><strong style=${{ color: `var(--run-${place + 1})` }}>${letter}</strong> ${norm === null ? "–" : formatNumber(norm, 3)}${times && html` <span class="soft">= ${times}</span>`}</span> `
        })}</p>
      </header>
      <div class="norms__box" ref=${box}>
        ${column > 0 && html`
          <svg class="norms__plot" width=${Math.ceil(LEFT + last * column)} height=${TOP + HEIGHT + FOOT} aria-hidden="true"
            onPointerMove=${(/** @type {PointerEvent} */ event) => setPointed(layerUnder(event))}
            onPointerLeave=${() => setPointed(null)}
            onClick=${(/** @type {any} */ event) => { const under = layerUnder(event); if (under) chooseLayer(under) }}>
            <rect class="norms__looked" x=${LEFT + (looked - 1) * column} y="0" width=${column} height=${TOP + HEIGHT + FOOT} />
            ${logTicks(...range, 4).map((value) => {
              const place = normPlace(value, range) ?? 0
              return html`<g key=${value}><path class="norms__grid" d=${`M${LEFT} ${y(place)}H${LEFT + last * column}`} /><text class="norms__tick" x=${LEFT - 8} y=${y(place) + 4} text-anchor="end">${formatNumber(value, 3).replace(/^1×/, "")}</text></g>`
            })}
            ${lines.map(({ letter, stroke, points, norms }) => html`
              <g key=${letter} class="norms__line" data-of=${letter} style=${{ "--run": `var(${stroke.token})` }}>
                <path d=${brokenLine(points)} stroke-dasharray=${stroke.dash?.join(" ")} />
                ${points.map((point) => point && html`<circle cx=${point.x} cy=${point.y} r="3" />`)}
                ${norms.map((norm, at) => {
                  const odd = oddNorm(norm)
                  return odd && html`<text key=${at} x=${x(at)} y=${odd.isAbove ? 10 : TOP + HEIGHT + 10} text-anchor="middle">${odd.sign}</text>`
                })}
              </g>`)}
            ${lines.map(({ letter, stroke }, position) => begins[position] && html`<text key=${letter} class="norms__name" x=${(begins[position]?.x ?? 0) - 8} y=${(names[position] ?? 0) + 4} text-anchor="end" style=${{ "--run": `var(${stroke.token})` }}>${letter}</text>`)}
          </svg>
          <div class="norms__axis" role="group" aria-label="Layer whose tensors are compared" style=${{ "--left": `${LEFT}px`, "--column": `${column}px` }}>
            <span class="soft" aria-hidden="true">layer</span>
            ${Array.from({ length: Math.ceil(last / every) }, (_, at) => at * every + 1).map((l) => html`
              <button key=${l} style=${{ inlineSize: `${Math.min(every, last - l + 1) * column}px` }} aria-label=${`Layer ${l}`} aria-pressed=${shown === l} title=${`Compare the tensors of layer ${l}`} onClick=${() => chooseLayer(l)} onPointerEnter=${() => setPointed(l)} onPointerLeave=${() => setPointed(null)}><span>${l}</span></button>`)}
          </div>
          <div class=${isRoomy ? "" : "visually-hidden"}><table class="norms__table" style=${{ "--left": `${LEFT}px`, "--column": `${column}px` }}>
            <caption class="visually-hidden">Norm of dW in each layer at step ${formatCount(step.value)}</caption>
            <thead><tr><th scope="col"><span class="visually-hidden">run</span></th>${first.norms.map((_, at) => html`<th key=${at} scope="col"><span class="visually-hidden">layer ${at + 1}</span></th>`)}</tr></thead>
            <tbody>
              ${told.map(({ letter, place, at, norms }) => html`
                <tr key=${letter} data-of=${letter}>
                  <th scope="row"><${Badge} place=${place} />${at < step.value && html`<span class="visually-hidden"> at its step ${formatCount(at)}</span>`}</th>
                  ${norms.map((norm, position) => html`<td key=${position} data-looked=${position + 1 === looked ? "" : undefined}>${norm === null ? "–" : formatNumber(norm, 2)}</td>`)}
                </tr>`)}
            </tbody>
          </table></div>`}
      </div>
    </section>
  `
}

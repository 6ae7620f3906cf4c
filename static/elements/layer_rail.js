/**
 * The layers of a lens that is wider than its window: which of them are in sight, how far, and a way to each.
 *
 *   <LayerRail lanes={ref} spans={[{from, to}, ...]} layers={trace.layers} />
 *
 * Keyboard, as in a toolbar: the arrow keys, Home and End go from layer to layer and bring it into sight; Enter goes on into its first heatmap.
 * https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/
 *
 * @import { LayerTrace } from "../types.js"
 * @import { Span } from "../lib/lens_layout.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { leadingOf, partInSight } from "../lib/lens_layout.js"
import { useScroll } from "../lib/use_scroll.js"
import { leadWith } from "../view_actions.js"

const EDGE = 32 // pixels that fade where there is more

/** @param {{lanes: {current: HTMLElement | null}, spans: Span[], layers: readonly LayerTrace[]}} properties */
export function LayerRail({ lanes, spans, layers }) {
  const rail = useRef(/** @type {HTMLElement | null} */ (null))
  const scroll = useScroll(lanes, [spans.at(-1)?.to])
  const parts = spans.map((span) => partInSight(span, scroll))
  const first = Math.max(0, parts.findIndex((part) => part && part.to - part.from > 0.5))
  const leading = leadingOf(parts, scroll)
  useEffect(() => leadWith(leading), [leading])
  useEffect(() => () => leadWith(null), []) // all of them are in sight
  const [held, setHeld] = useState(/** @type {number | null} */ (null)) // where the keyboard is
  const stop = Math.min(held ?? first, spans.length - 1)

  const goTo = (/** @type {number} */ left) => lanes.current?.scrollTo({ left, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" })
  const show = (/** @type {number} */ layer) => goTo((spans[layer]?.from ?? 0) - EDGE)
  const page = (/** @type {1 | -1} */ by) => goTo(scroll.left + by * 0.8 * scroll.width)
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const to = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: spans.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation() // elsewhere the arrow keys go from phase to phase
    const layer = Math.max(0, Math.min(spans.length - 1, to))
    setHeld(layer)
    show(layer)
    rail.current?.querySelectorAll("button")[layer]?.focus({ preventScroll: true })
  }
  const leave = (/** @type {FocusEvent} */ event) => {
    if (!rail.current?.contains(/** @type {Node | null} */ (event.relatedTarget))) setHeld(null)
  }
  const isThere = (/** @type {number} */ layer) => Boolean(parts[layer])
  return html`
    <nav class="rail" aria-label="Layers">
      <button class="button rail__page" data-look="plain" tabindex="-1" disabled=${scroll.left <= 1} aria-label="Layers before" title="Layers before" onClick=${() => page(-1)}>‹</button>
      <div class="rail__layers" role="toolbar" aria-label="Layers of the lanes. Arrow keys bring a layer into sight, Enter goes into it." ref=${rail} onKeyDown=${move} onFocusOut=${leave}>
        ${layers.map(({ index, name, activation }) => html`
          <button
            key=${index}
            class="rail__layer"
            tabindex=${index === stop ? 0 : -1}
            data-seen=${isThere(index) ? "" : undefined}
            aria-label=${`${index === 0 ? "input" : name}${isThere(index) ? ", in sight" : ""}`}
            title=${index === 0 ? "input" : `${name}${activation ? `, ${activation}` : ""}`}
            onClick=${(/** @type {MouseEvent} */ event) => {
              show(index)
              setHeld(index)
              if (event.detail === 0) document.getElementById(`heatmap-${index === 0 ? "A" : "W"}-${index}`)?.focus({ preventScroll: true }) // by keyboard: on into the layer
            }}
          >
            <span class="rail__name">${index === 0 ? "input" : index === layers.length - 1 ? "output" : index}</span>
            <span class="rail__track" aria-hidden="true">${parts[index] && html`<span style=${{ insetInlineStart: `${100 * parts[index].from}%`, inlineSize: `${100 * (parts[index].to - parts[index].from)}%` }}></span>`}</span>
          </button>
        `)}
      </div>
      <button class="button rail__page" data-look="plain" tabindex="-1" disabled=${scroll.left + scroll.width >= scroll.whole - 1} aria-label="Layers after" title="Layers after" onClick=${() => page(1)}>›</button>
    </nav>
  `
}

/** The edges of the lanes, where there is more beyond them. @param {{lanes: {current: HTMLElement | null}, total: number}} properties */
export function Edges({ lanes, total }) {
  const { left, width, whole } = useScroll(lanes, [total])
  return html`
    ${left > 1 && html`<span class="lens__edge" data-side="start" aria-hidden="true">‹</span>`}
    ${left + width < whole - 1 && html`<span class="lens__edge" data-side="end" aria-hidden="true">›</span>`}
  `
}

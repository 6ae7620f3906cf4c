/** The two lanes: every tensor right above its own gradient, a column a tensor, aligned cell for cell. */
import { html } from "htm/preact"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import * as actions from "../actions.js"
import { lensLayout } from "../lib/lens_layout.js"
import { phase, scaleMode, scaleRange, selected, trace } from "../state.js"
import { AloneNote } from "./alone_note.js"
import { Heatmap } from "./heatmap.js"
import { Legend } from "./legend.js"
import { PhaseNote } from "./phase_note.js"

export function Lens() {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const [room, setRoom] = useState({ width: 0, lane: 192 })
  const measure = () => {
    if (!box.current) return
    const width = box.current.clientWidth
    const lane = innerHeight < 800 ? 160 : innerHeight < 1000 ? 192 : 256
    setRoom((before) => (before.width === width && before.lane === lane ? before : { width, lane }))
  }
  useLayoutEffect(measure, [])
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(measure)
    observer.observe(box.current)
    addEventListener("resize", measure)
    return () => {
      observer.disconnect()
      removeEventListener("resize", measure)
    }
  }, [])
  return html`
    <section class="lens" aria-label="The two lanes" ref=${box}>
      <${AloneNote} />
      <${PhaseNote} />
      ${room.width > 0 && html`<${Lanes} room=${room} />`}
    </section>
  `
}

/** Brings what is looked at into sight where the lanes are wider than the window: the tensor that the phase writes, or the chosen cell's.
 * @param {{current: HTMLElement | null}} lanes */
function useInSight(lanes) {
  const cell = selected.value
  const written = phase.value?.writes[0]
  const wanted = cell ? { tensor: cell.tensor, layer: cell.layer } : written
  const last = (trace.value?.layers.length ?? 1) - 1
  const about = [wanted, written].map((at) => at && `${at.tensor.replace("_next", "")}-${at.layer}`)
  useEffect(() => {
    const place = phase.value ? written : wanted
    if (!place || !lanes.current) return
    const name = place.tensor.startsWith("loss") || place.tensor === "Y" ? `A-${last}` : `${place.tensor.replace("_next", "")}-${place.layer}`
    const map = document.getElementById(`heatmap-${name}`)?.closest(".lens__cell")
    if (!(map instanceof HTMLElement)) return
    const [box, own] = [lanes.current.getBoundingClientRect(), map.getBoundingClientRect()]
    // sideways alone: scrollIntoView would also move the page
    if (own.left < box.left || own.right > box.right) lanes.current.scrollLeft += own.left - box.left - Math.max(0, (box.width - own.width) / 2)
  }, about)
}

/** @param {{room: {width: number, lane: number}}} properties */
function Lanes({ room }) {
  const lanes = useRef(/** @type {HTMLElement | null} */ (null))
  useInSight(lanes)
  const now = trace.value
  if (!now) return null
  const sizes = now.layers.map(({ size }) => size)
  const layout = lensLayout(sizes, now.batch.size, room.width, room.lane)
  const last = sizes.length - 1
  const columns = now.layers.map(({ index }) => columnsOf(index, layout))
  // one grid for both lanes, so that a tensor and its gradient can't but share their column
  const template = columns.map((layer) => layer.map(({ width }) => `${width}px`).join(" ")).join(` ${layout.layerGap - 2 * layout.gap}px `)
  let line = 1
  const starts = columns.map((layer) => {
    const start = line
    line += layer.length + 1
    return start
  })
  /** @param {number} index @param {"forward" | "backward"} lane */
  const maps = (index, lane) =>
    (columns[index] ?? []).map(({ tensor, width, column }, position) => {
      const name = lane === "forward" ? tensor : `d${tensor}`
      const style = { gridColumn: (starts[index] ?? 1) + position, gridRow: lane === "forward" ? 3 : 5 }
      const isJoined = name === "dA" && index === last && !now.layers[index]?.dA
      return html`
        <div class="lens__cell" key=${`${name}${index}`} style=${style}>
          ${isJoined
            ? html`<${Joined} layer=${index} width=${width} height=${layout.heights[index] ?? 0} />`
            : html`<${Heatmap} tensor=${name} layer=${index} width=${column} height=${layout.heights[index] ?? 0} role=${roleOf(name, index)} />`}
        </div>
      `
    })
  return html`
    <div class="lens__scroll" ref=${lanes} tabindex=${layout.total > room.width ? 0 : undefined} role=${layout.total > room.width ? "region" : undefined} aria-label=${layout.total > room.width ? "The two lanes, wider than the window" : undefined}>
      <div class="lens__grid" data-phase=${phase.value?.key} style=${{ gridTemplateColumns: template, columnGap: `${layout.gap}px` }}>
        ${now.layers.map(
          ({ index, name, activation }) => html`
            <p key=${index} class="lens__layer" style=${{ gridColumn: `${starts[index]} / span ${columns[index]?.length ?? 1}`, gridRow: 1 }}>
              ${index === 0 ? "input" : name}${activation && html` <span class="soft">${activation}</span>`}
            </p>
          `,
        )}
        <header class="lens__lane" data-kind="forward" style=${{ gridRow: 2, maxWidth: `${room.width}px` }}>
          <h2 class="lens__direction">Forward <${Arrow} /></h2>
          <${Legend} kind="parameter" /><${Legend} kind="forward" />
        </header>
        ${now.layers.map(({ index }) => maps(index, "forward"))}
        <header class="lens__lane" data-kind="backward" style=${{ gridRow: 4, maxWidth: `${room.width}px` }}>
          <h2 class="lens__direction"><${Arrow} back /> Backward<span class="lens__hint">each gradient under what it belongs to</span></h2>
          <${Legend} kind="backward" />
        </header>
        ${[...now.layers].reverse().map(({ index }) => maps(index, "backward"))}
      </div>
    </div>
    <${ScaleChoice} />
  `
}

/** The columns of a layer: the tensor of the upper lane, the column's width and the heatmap's.
 * @param {number} index @param {ReturnType<typeof lensLayout>} layout */
function columnsOf(index, { examples, weights, bias, biasColumn }) {
  const A = { tensor: "A", width: examples, column: examples }
  if (index === 0) return [A]
  const weightsWidth = weights[index] ?? 0
  return [
    { tensor: "W", width: weightsWidth, column: weightsWidth },
    { tensor: "b", width: biasColumn, column: bias },
    { tensor: "Z", width: examples, column: examples },
    A,
  ]
}

/** What a tensor is in the phase that is looked at. @param {string} tensor @param {number} layer */
function roleOf(tensor, layer) {
  const now = phase.value
  if (!now) return undefined
  /** @param {{tensor: string, layer: number}} other */
  const isIt = (other) => other.tensor.replace("_next", "") === tensor && other.layer === layer
  return now.writes.some(isIt) ? "writes" : now.reads.some(isIt) ? "reads" : "idle"
}

/** Where dA[L] would stand. @param {{layer: number, width: number, height: number}} properties */
function Joined({ layer, width, height }) {
  return html`
    <figure class="heatmap" data-kind="backward">
      <figcaption class="heatmap__name"><span class="symbol" data-kind="backward">dA<sup>[${layer}]</sup></span><span class="heatmap__shape">none</span></figcaption>
      <p class="lens__joined" data-narrow=${width < 64 ? "" : undefined} style=${{ width: `${width}px`, height: `${height}px` }}>joined with the loss: dZ = A − Y</p>
    </figure>
  `
}

function ScaleChoice() {
  return html`
    <div class="lens__choices">
      <${Choice} title="Scale" value=${scaleRange.value} onChoose=${actions.chooseScaleRange} options=${[["own", "each its own"], ["shared", "shared by kind"]]} />
      <${Choice} title="Colours" value=${scaleMode.value} onChoose=${actions.chooseScaleMode} options=${[["linear", "linear"], ["signed-log", "logarithmic"]]} />
    </div>
  `
}

/** @param {{title: string, value: string, options: [string, string][], onChoose: (value: any) => void}} properties */
export function Choice({ title, value, options, onChoose }) {
  return html`
    <fieldset class="choice">
      <legend class="choice__title">${title}</legend>
      ${options.map(
        ([name, text]) => html`
          <label key=${name} class="choice__option"><input type="radio" name=${title} value=${name} checked=${value === name} onChange=${() => onChoose(name)} /><span>${text}</span></label>
        `,
      )}
    </fieldset>
  `
}

/** @param {{back?: boolean}} properties */
function Arrow({ back = false }) {
  return html`<svg width="22" height="10" viewBox="0 0 22 10" aria-hidden="true" class="lens__arrow"><path d=${back ? "M22 5H2M6 1 2 5l4 4" : "M0 5h20M16 1l4 4-4 4"} fill="none" stroke="currentColor" stroke-width="1.5" /></svg>`
}

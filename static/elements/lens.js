/** The lanes: every tensor right above its own gradient, a column a tensor, aligned cell for cell. With the phase that is looked at, and how they are drawn. */
import { html } from "htm/preact"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { whatIf } from "../edit_state.js"
import { isFolded, scaleMode, scaleRange, trace } from "../state.js"
import { chooseScaleMode, chooseScaleRange, foldLayers } from "../view_actions.js"
import { AloneNote } from "./alone_note.js"
import { Lanes } from "./lanes.js"
import { PhaseNote } from "./phase_note.js"
import { WhatIfNote } from "./what_if_note.js"

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
      <${PhasePlace} />
      ${room.width > 0 && html`<${Lanes} room=${room} /><${Choices} />`}
      <${WhatIfNote} />
    </section>
  `
}

/** The phase that is looked at. While an edit is tried only its equation is told, in the same place: what is compared must not move. */
function PhasePlace() {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const height = useRef(0)
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (!whatIf.peek()) height.current = box.current?.getBoundingClientRect().height ?? 0
    })
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  const [covered, setCovered] = useState(0) // by the transport, under which it sticks
  useEffect(() => {
    const transport = document.querySelector(".page__transport")
    const observer = new ResizeObserver(() => setCovered(transport?.getBoundingClientRect().height ?? 0))
    if (transport) observer.observe(transport)
    return () => observer.disconnect()
  }, [])
  const isAway = whatIf.value !== null && height.current > 0
  return html`
    <div class="lens__phase" ref=${box} style=${{ blockSize: isAway ? `${height.current}px` : undefined, insetBlockStart: `${covered}px` }}>
      <${PhaseNote} isTried=${isAway} />
    </div>
  `
}

function Choices() {
  const isFoldable = trace.value?.layers.some((layer) => layer.N || layer.D)
  return html`
    <div class="lens__choices">
      ${isFoldable && html`<${Choice} title="Layers" value=${isFolded.value ? "folded" : "all"} onChoose=${(/** @type {string} */ choice) => foldLayers(choice === "folded")} options=${[["all", "all tensors"], ["folded", "W, b, Z, A"]]} />`}
      <${Choice} title="Scale" value=${scaleRange.value} onChoose=${chooseScaleRange} options=${[["own", "each its own"], ["shared", "shared by kind"]]} />
      <${Choice} title="Colours" value=${scaleMode.value} onChoose=${chooseScaleMode} options=${[["linear", "linear"], ["signed-log", "logarithmic"]]} />
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

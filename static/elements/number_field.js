/**
 * A number that is typed, dragged by its handle, or moved by the arrow keys: up and down by a step, with shift by ten, with alt by a tenth.
 *
 *   <NumberField name="value" label="value" text={text} step={0.01} onChange={(text, isHeld) => ...} />
 *
 * Keyboard: https://www.w3.org/WAI/ARIA/apg/patterns/spinbutton/
 */
import { html } from "htm/preact"
import { useRef } from "preact/hooks"
import { moved } from "../lib/edit_draft.js"
import { Notes, described } from "./form/fields.js"

const PER_STEP = 2 // pixels of a drag

/** @param {{name: string, label: string, text: string, step: number, hint?: string, problem?: string, isOff?: boolean, onChange: (text: string, isHeld: boolean) => void}} properties */
export function NumberField({ name, label, text, step, hint, problem, isOff = false, onChange }) {
  const drag = useRef(/** @type {{x: number, from: string, last: string} | null} */ (null))
  const number = Number(text)
  /** @param {{shiftKey: boolean, altKey: boolean}} event */
  const pace = (event) => (event.shiftKey ? 10 : event.altKey ? 0.1 : 1)
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    event.stopPropagation()
    const size = step * pace(event)
    onChange(moved(text, by, size), false)
  }
  /** @param {PointerEvent} event */
  const take = (event) => {
    if (isOff || event.button !== 0) return
    event.preventDefault()
    ;/** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, from: text, last: text }
  }
  /** @param {PointerEvent} event */
  const pull = (event) => {
    if (!drag.current) return
    const size = step * pace(event)
    const to = moved(drag.current.from, Math.round((event.clientX - drag.current.x) / PER_STEP), size)
    if (to === drag.current.last) return
    drag.current.last = to
    onChange(to, true)
  }
  const release = () => {
    const { current } = drag
    drag.current = null
    if (current && current.last !== current.from) onChange(current.last, false)
  }
  return html`
    <div class="number-field" data-wrong=${problem ? "" : undefined}>
      <span
        class="number-field__handle"
        aria-hidden="true"
        data-off=${isOff ? "" : undefined}
        title="Drag to change it (shift: faster, alt: finer)"
        onPointerDown=${take}
        onPointerMove=${pull}
        onPointerUp=${release}
        onPointerCancel=${release}
      ><label for=${described({ name }).id}>${label}</label><svg width="14" height="10" viewBox="0 0 14 10"><path d="M4 1 1 5l3 4M10 1l3 4-3 4M1 5h12" fill="none" stroke="currentColor" stroke-width="1.5" /></svg></span>
      <input
        class="field__control"
        ...${described({ name, hint, problem })}
        type="text"
        inputmode="decimal"
        role="spinbutton"
        aria-label=${label}
        aria-valuenow=${Number.isFinite(number) ? number : undefined}
        aria-valuetext=${text}
        autocomplete="off"
        spellcheck=${false}
        disabled=${isOff}
        value=${text}
        onKeyDown=${key}
        onInput=${(/** @type {any} */ event) => onChange(event.currentTarget.value, false)}
      />
      <${Notes} name=${name} hint=${hint} problem=${problem} />
    </div>
  `
}

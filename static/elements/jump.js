/**
 * A step, typed: goes there, or says beside it why not. Enter and Escape give the keyboard back to what had it.
 *
 *   <Jump newest={12} onGo={(step) => …} />
 */
import { html } from "htm/preact"
import { useRef, useState } from "preact/hooks"
import { readStep } from "../lib/step_text.js"

/** @param {{newest: number, onGo: (step: number) => unknown}} properties */
export function Jump({ newest, onGo }) {
  const [text, setText] = useState("")
  const [refusal, setRefusal] = useState("")
  const before = useRef(/** @type {EventTarget | null} */ (null))
  /** @param {HTMLElement | null} field */
  const leave = (field) => {
    setText("")
    setRefusal("")
    field?.blur() // where nothing had it, the page's own keys work again
    // a button would be pressed by an Enter that is still held
    if (before.current instanceof HTMLElement && !(before.current instanceof HTMLButtonElement)) before.current.focus()
  }
  /** @param {SubmitEvent} event */
  const go = (event) => {
    event.preventDefault()
    const read = readStep(text, newest)
    setRefusal(read.refusal ?? "")
    if (read.step === null) return // what was typed stays, to be mended
    leave(/** @type {HTMLElement} */ (event.currentTarget).querySelector("input"))
    onGo(read.step)
  }
  return html`
    <form class="jump" onSubmit=${go} noValidate>
      <input
        id="jump"
        class="jump__step"
        inputmode="numeric"
        autocomplete="off"
        placeholder="go to"
        title="A step to look at (g)"
        aria-label="Go to step"
        aria-invalid=${refusal !== ""}
        aria-describedby=${refusal ? "jump-refusal" : undefined}
        value=${text}
        onFocus=${(/** @type {FocusEvent} */ event) => (before.current = event.relatedTarget)}
        onInput=${(/** @type {any} */ event) => {
          setText(event.target.value)
          setRefusal("")
        }}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Escape") return
          event.preventDefault() // it lets go of nothing else
          leave(/** @type {HTMLElement} */ (event.currentTarget))
        }}
      />
      ${refusal && html`<p class="jump__refusal" id="jump-refusal" role="alert">${refusal}</p>`}
    </form>
  `
}

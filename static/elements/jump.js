/** A step, typed: goes there, or says beside it why not. */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { readStep } from "../lib/step_text.js"
import { leapToStep } from "../look_actions.js"
import { session } from "../state.js"

export function Jump() {
  const [text, setText] = useState("")
  const [refusal, setRefusal] = useState("")
  /** @param {Event} event */
  const go = (event) => {
    event.preventDefault()
    const read = readStep(text, session.value?.step ?? 0)
    setRefusal(read.refusal ?? "")
    if (read.step === null) return // what was typed stays, to be mended
    setText("")
    leapToStep(read.step)
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
        onInput=${(/** @type {any} */ event) => {
          setText(event.target.value)
          setRefusal("")
        }}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Escape") return
          setText("")
          setRefusal("")
        }}
      />
      ${refusal && html`<p class="jump__refusal" id="jump-refusal" role="alert">${refusal}</p>`}
    </form>
  `
}

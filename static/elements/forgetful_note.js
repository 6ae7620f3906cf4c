/** What is lost with the page, where the browser keeps nothing for it. */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { isForgetful } from "../kept.js"
import { CloseButton } from "./close_button.js"

/** @param {{look: string, what: string}} properties `what` goes when the page is left */
export function ForgetfulNote({ look, what }) {
  const [isRead, setRead] = useState(false)
  if (!isForgetful.value || isRead) return null
  return html`
    <div class=${`${look} forgetful`}>
      <p role="status"><strong>This browser keeps nothing for this site.</strong> ${what}</p>
      <${CloseButton} onClose=${() => setRead(true)} />
    </div>
  `
}

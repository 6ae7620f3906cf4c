import { html } from "htm/preact"
export function SessionForm() { return html`<p>x</p>` }

import { html } from "htm/preact"
export function Curves() { return html`<p>x</p>` }
export function Scrubber() { return null }

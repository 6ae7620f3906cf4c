import { html } from "htm/preact"
export function TableView() { return html`<p>x</p>` }

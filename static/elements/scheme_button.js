/** Light or dark, as the person chooses. */
import { html } from "htm/preact"
import { chooseScheme } from "../scheme_actions.js"
import { scheme } from "../state.js"

export function SchemeButton() {
  const isDark = scheme.value === "dark"
  const title = isDark ? "Light scheme" : "Dark scheme"
  return html`
    <button class="button" data-look="plain" aria-label=${title} title=${title} onClick=${() => chooseScheme(isDark ? "light" : "dark")}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor" />
      </svg>
    </button>
  `
}

/** How bad a finding is: a sign of its own shape and a word, so that it does not hang on a colour. */
import { html } from "htm/preact"

/** @typedef {"broken" | "warning" | "note" | "none"} Severity */

const signs = /** @type {const} */ ({
  broken: ["M5 1h6l4 4v6l-4 4H5l-4-4V5Z", "M5.5 5.5l5 5M10.5 5.5l-5 5", "Broken"],
  warning: ["M8 1.2 15.2 14.5H.8Z", "M8 6v4M8 12v.6", "Warning"],
  note: ["M8 1a7 7 0 1 0 0 14a7 7 0 1 0 0-14Z", "M8 4.6v.6M8 7v4.6", "Note"],
  none: ["M8 1a7 7 0 1 0 0 14a7 7 0 1 0 0-14Z", "M4.8 8.2 7.2 10.6 11.4 5.8", "Healthy"],
})

/** @param {{severity: Severity, isWordShown?: boolean}} properties */
export function SeveritySign({ severity, isWordShown = true }) {
  const [outline, mark, word] = signs[severity]
  return html`
    <span class="severity" data-severity=${severity}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path class="severity__outline" d=${outline} />
        <path class="severity__mark" d=${mark} />
      </svg>
      <span class=${isWordShown ? "" : "visually-hidden"}>${word}</span>
    </span>
  `
}

/** A run's letter in its colour, with its dashes under it: told apart without colours too. */
import { html } from "htm/preact"
import { letterAt } from "../../lib/compare_words.js"

/** How the curves of a run are drawn, by its place. @param {number} place @returns {import("../plot.js").Stroke} */
export const strokeOf = (place) => ({ token: `--run-${place + 1}`, width: 2, dash: [undefined, [8, 4], [2, 3], [10, 3, 2, 3]][place], isNamed: true })

/** @param {{place: number}} properties */
export function Badge({ place }) {
  return html`<span class="run-badge" style=${{ "--run": `var(--run-${place + 1})` }}>
    ${letterAt(place)}<svg width="20" height="4" viewBox="0 0 20 4" aria-hidden="true"><path d="M0 2h20" stroke="currentColor" stroke-width="2.5" stroke-dasharray=${strokeOf(place).dash?.join(" ")} /></svg>
  </span>`
}

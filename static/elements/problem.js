/**
 * What went wrong, beside what caused it; with a way to try again where that may help.
 *
 *   <ProblemNote problem={{title, message, field}} onRetry={() => …} />
 */
import { html } from "htm/preact"
import { mayGoWellLater } from "../lib/refusals.js"

/** @param {{problem: import("../state.js").Problem, onRetry?: () => unknown}} properties */
export function ProblemNote({ problem, onRetry }) {
  return html`
    <div class="problem" role="alert">
      <svg class="problem__sign" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1.5 15.2 14H.8z" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
        <path d="M8 6v4M8 11.4v1" stroke="currentColor" stroke-width="1.5" />
      </svg>
      <p class="problem__text"><strong>${problem.title}</strong> <span>${problem.message}</span></p>
      ${onRetry && mayGoWellLater(problem) && html`<button class="button" type="button" onClick=${() => onRetry()}>Try again</button>`}
    </div>
  `
}

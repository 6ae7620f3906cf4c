/**
 * What went wrong, beside what caused it; with a way to try again where that may help. What was read without an answer is read again by itself
 * once the line is there again; until then one notice says that it isn't, and all others are quiet.
 *
 *   <ProblemNote problem={{title, message, field}} onRetry={() => …} />
 */
import { html } from "htm/preact"
import { useEffect, useRef } from "preact/hooks"
import { mayGoWellLater } from "../lib/refusals.js"
import { waitForAnswer } from "../silence_actions.js"
import { line, returns } from "../state.js"

/** @param {{problem: import("../state.js").Problem, onRetry?: () => unknown, isOfAction?: boolean}} properties `isOfAction`: it is not done again by itself */
export function ProblemNote({ problem, onRetry, isOfAction = false }) {
  const seen = useRef(returns.value)
  useEffect(() => {
    if (seen.current === returns.value) return
    seen.current = returns.value
    if (problem.isSilent && !isOfAction) onRetry?.()
  }, [returns.value])
  const isWaiting = problem.isSilent && !problem.isBack
  useEffect(() => (isWaiting ? waitForAnswer() : undefined), [isWaiting])
  const again = onRetry && mayGoWellLater(problem) && html`<button class="button" type="button" onClick=${() => onRetry()}>Try again</button>`
  if (problem.isBack) return html`<div class="problem problem--quiet"><p class="problem__text" role="status"><strong>${problem.title}</strong> <span>${problem.message}</span></p>${again}</div>`
  if (problem.isSilent && !isOfAction && line.value === "away") return html`<p class="soft" role="status">This comes when the connection is back.</p>`
  return html`
    <div class="problem" role="alert">
      <svg class="problem__sign" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1.5 15.2 14H.8z" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
        <path d="M8 6v4M8 11.4v1" stroke="currentColor" stroke-width="1.5" />
      </svg>
      <p class="problem__text"><strong>${problem.title}</strong> <span>${problem.message}</span></p>
      ${again}
    </div>
  `
}

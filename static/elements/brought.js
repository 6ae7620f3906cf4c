/**
 * A view whose code comes when it is first shown: the page has more views than one look needs, and the first picture waits for none of them.
 *
 *   const Help = brought(async () => (await import("./help.js")).Help)
 */
import { html } from "htm/preact"
import { useEffect } from "preact/hooks"
import { signal } from "@preact/signals"
import { ProblemNote } from "./problem.js"

/**
 * @template {object} Properties
 * @param {() => Promise<(properties: Properties) => unknown>} bring
 * @returns {(properties: Properties) => unknown} the view; until it has come, room for it, and where it can't come, why
 */
export function brought(bring) {
  const view = signal(/** @type {((properties: Properties) => unknown) | null} */ (null))
  const isLost = signal(false)
  /** @type {Promise<void> | null} */
  let coming = null
  const come = () => {
    coming ??= bring().then(
      (found) => { view.value = found },
      () => { isLost.value = true },
    )
  }
  return function Brought(properties) {
    useEffect(come, [])
    if (view.value) return html`<${view.value} ...${properties} />`
    if (isLost.value) return html`<${ProblemNote} problem=${LOST} onRetry=${() => location.reload()} />`
    return html`<p class="brought soft" role="status" aria-busy="true">One moment…</p>`
  }
}

// a browser may keep in mind that a module did not come; the address has all that is looked at
const LOST = { title: "This view could not be fetched", message: "The server does not answer. Try again opens the page anew, where you are.", field: null }

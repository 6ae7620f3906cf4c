/**
 * Says that what is shown is the past, in words that stay calm.
 *
 *   <PastNote about="The boundary is of the network before this step's update." />
 */
import { html } from "htm/preact"
import { formatCount } from "../lib/format.js"
import { leapToStep } from "../look_actions.js"
import { editKey, session, trace } from "../state.js"

/** @param {{about?: string}} properties */
export function PastNote({ about }) {
  const newest = session.value?.step ?? 0
  return html`
    <p class="tabs__about past-note" role="note">
      <span>
        <strong>The past:</strong> step ${formatCount(trace.value?.step ?? 0)} of ${formatCount(newest)}, exactly as it was.
        <span class="past-note__more">${about && ` ${about}`}${editKey.value && ` A new batch is taken after step ${formatCount(newest)}, and changes nothing here.`}</span>
      </span>
      <button class="button" onClick=${() => leapToStep(newest)}>Back to the newest step</button>
    </p>
  `
}

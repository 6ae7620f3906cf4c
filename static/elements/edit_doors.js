/** What can be done with an edit that is tried: keep it, fork with it, discard it; and what was refused. */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import * as edits from "../edit_actions.js"
import { forkWithEdit } from "../edit_fork_actions.js"
import { draft, isAsking, whatIf } from "../edit_state.js"
import { isTellable } from "../lib/edit_draft.js"
import { mayGoWellLater } from "../lib/refusals.js"
import { editKey, session, trace } from "../state.js"
import { elsewhere } from "./edit_fields.js"
import { ProblemNote } from "./problem.js"

/** @param {{fields: readonly string[]}} properties those that say themselves what is wrong with them */
export function EditDoors({ fields }) {
  const [isBusy, setBusy] = useState(false)
  const now = draft.value
  if (!now) return null
  const next = (session.value?.step ?? 0) + 1
  const step = trace.value?.step
  const canKeep = Boolean(editKey.value)
  const problem = elsewhere(now.problem, fields)
  const action = edits.drafted()
  const isTried = action !== null
  // what was not answered may be kept all the same
  const isRefused = edits.refusedBeforehand(now) !== null || (now.problem !== null && !mayGoWellLater(now.problem))
  /** @param {() => unknown} act */
  const once = (act) => async () => {
    setBusy(true)
    await act()
    setBusy(false)
  }
  return html`
    <div class="edit-doors">
      ${problem && html`<${ProblemNote} problem=${problem} onRetry=${problem.retry && once(problem.retry)} isOfAction />`}
      <button class="button" data-look="primary" disabled=${!canKeep || isBusy || !isTried || isRefused} onClick=${once(edits.keep)} title=${canKeep ? `It acts on step ${next}, and what stands on all after it` : "Read only: this browser does not hold the session's edit key"}>Keep from the next batch on</button>
      <button class="button" data-look="plain" onClick=${edits.discard} title="Back to the step as it was taken (Esc)">Discard</button>
      ${step !== undefined && html`<button class="button" disabled=${isBusy || isAsking.value || !whatIf.value} onClick=${once(forkWithEdit)} title="A session of your own, in which this step was taken with the edit">Fork here, and take step ${step} with it</button>`}
      <p class="edit-doors__note soft">${canKeep ? `Kept, it acts from step ${next} on; no step that was taken changes.` : "You may look and fork; to keep an edit takes this session's edit key."}${canKeep && action && !isTellable(action) && " It is too long to be shown to those who watch: they see the step as it was taken."}</p>
    </div>
  `
}

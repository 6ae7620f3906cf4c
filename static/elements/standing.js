/**
 * What edits do to the run from here on, always in sight: each with a way to end it; and what was done or refused last.
 *
 * @import { Action } from "../types.js"
 */
import { html } from "htm/preact"
import * as edits from "../edit_actions.js"
import { canRedo, canUndo, entries, log, refusal, said } from "../edit_state.js"
import { endOf, inForce, standingAt } from "../lib/edit_log.js"
import { editSign, editWords } from "../lib/edit_words.js"
import { editKey, isPast, session, trace } from "../state.js"
import { ProblemNote } from "./problem.js"

export function Standing() {
  const began = session.value?.config.optimizer ?? {}
  // of the past, what acted then; it can't be ended there
  const acting = isPast.value ? standingAt(log.value?.edits ?? [], trace.value?.step ?? 0, entries.value) : (log.value?.standing ?? [])
  const now = inForce(acting, began)
  return html`
    ${now.length > 0 && html`
      <ul class="standing" aria-label=${isPast.value ? "What edits did to this step" : "What edits do from here on"}>
        ${now.map((action) => {
          const words = editWords(action, entries.value)
          const end = ending(action, began)
          return html`
            <li key=${words} class="standing__edit">
              <span aria-hidden="true">${editSign(action)}</span> ${words}
              ${editKey.value && !isPast.value && end && html`<button class="standing__end" aria-label=${`End: ${words}`} title="End it, from the next batch on" onClick=${() => edits.perform(end)}>×</button>`}
            </li>
          `
        })}
      </ul>
    `}
    <p class=${said.value ? "standing__said" : "visually-hidden"} role="status">${said.value}${said.value && html` <button class="button" data-look="plain" onClick=${edits.forgetSaid}>Close</button>`}</p>
    ${refusal.value && html`
      <div class="standing__refusal">
        <${ProblemNote} problem=${refusal.value.problem} />
        ${refusal.value.without && html`<button class="button" onClick=${() => refusal.value?.without && edits.forkWithout(refusal.value.without)}>Fork at step ${refusal.value.without.step}, without ${editWords(refusal.value.without.action, entries.value)}</button>`}
        <button class="button" data-look="plain" onClick=${edits.forget}>Close</button>
      </div>
    `}
  `
}

/** What ends an edit; settings of the optimizer go back to those that the run began with. @param {Action} action @param {Record<string, unknown>} began @returns {Action | null} */
function ending(action, began) {
  if (!action.changes) return endOf(action, entries.value)
  return { ...action, changes: Object.fromEntries(Object.keys(action.changes).map((name) => [name, began[name]])) }
}

/** Undo, redo, and the door to the run's edits. @param {{isRunOpen: boolean}} properties */
export function EditButtons({ isRunOpen }) {
  const { last, isOpen } = canUndo.value
  const again = canRedo.value
  const canAct = Boolean(editKey.value)
  const count = log.value?.edits.length ?? 0
  const what = last && editWords(last.action, entries.value)
  return html`
    <div class="edit-buttons" role="group" aria-label="Edits">
      <button class="button" data-look="plain" disabled=${!canAct || !last} onClick=${edits.undo} title=${what ? `Undo: ${what}${isOpen ? "" : `, with which step ${last.step + 1} was taken`} (Ctrl Z)` : "Nothing to undo"}>
        <${Turn} /><span class="visually-hidden">Undo${what && `: ${what}`}</span>
      </button>
      <button class="button" data-look="plain" disabled=${!canAct || !again} onClick=${edits.redo} title=${again ? `Redo: ${editWords(again.action, entries.value)} (Ctrl Shift Z)` : "Nothing to redo"}>
        <${Turn} isBack /><span class="visually-hidden">Redo${again && `: ${editWords(again.action, entries.value)}`}</span>
      </button>
      <button class="button" aria-expanded=${isRunOpen} aria-controls="inspector" onClick=${() => edits.openRun(!isRunOpen)} title="The optimizer, all edits, and what was done so far">Edits${count > 0 && html` <span class="soft">${count}</span>`}</button>
    </div>
  `
}

/** @param {{isBack?: boolean}} properties */
function Turn({ isBack = false }) {
  return html`<svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true" style=${isBack ? { transform: "scaleX(-1)" } : undefined}><path d="M5 1.5 2 4.5l3 3M2 4.5h7.5a4 4 0 0 1 0 8H6" fill="none" stroke="currentColor" stroke-width="1.5" /></svg>`
}

/** What edits do to the run from here on, always in sight beside the phases: each with a way to end it. Where there is none, the phases have its place. */
import { html } from "htm/preact"
import { useEffect, useRef } from "preact/hooks"
import * as edits from "../edit_actions.js"
import { canRedo, canUndo, done, entries, isWhyOpen, log, once } from "../edit_state.js"
import { endingOf, inForce, standingAt } from "../lib/edit_log.js"
import { editSign, editWords } from "../lib/edit_words.js"
import { moreOf, useScroll } from "../lib/use_scroll.js"
import { editKey, isPast, session, trace } from "../state.js"
import { NamedWords } from "./named_words.js"
import { WhyNot } from "./standing_why.js"

/** What stands where one looks. */
function standingNow() {
  // of the past, what acted then; it can't be ended there
  const acting = isPast.value ? standingAt(log.value?.edits ?? [], trace.value?.step ?? 0, entries.value) : (log.value?.standing ?? [])
  return inForce(acting, session.value?.config.optimizer ?? {})
}

/** Whether there is any. */
export const areStanding = () => standingNow().length + once.value.length > 0

export function Standing() {
  const began = session.value?.config.optimizer ?? {}
  const now = standingNow()
  const canAct = Boolean(editKey.value) && !isPast.value
  const list = useRef(/** @type {HTMLElement | null} */ (null))
  const more = moreOf(useScroll(list, [log.value, trace.value]))
  const count = now.length + once.value.length
  useEffect(() => {
    // the newest beside the buttons that undo it, where they are too many for their place
    if (list.current) list.current.scrollLeft = list.current.scrollWidth
  }, [count])
  if (count === 0) return html`<span class="standing-place"></span>`
  // what scrolls must be reachable by keyboard
  return html`
    <div class="standing-place more" data-more=${more} ref=${list} tabindex=${more ? 0 : undefined} role="group" aria-label=${isPast.value ? "What edits did to this step" : "What edits do from here on"}>
      <ul class="standing">
        ${now.map((action) => {
          const words = editWords(action, entries.value)
          const end = endingOf(action, entries.value, began)
          return html`
            <li key=${words} class="standing__edit" title=${words}>
              <span aria-hidden="true">${editSign(action)}</span> <span><${NamedWords} text=${words} /></span>
              ${canAct && end && html`<button class="standing__end" aria-label=${`End: ${words}`} title="End it, from the next batch on" onClick=${() => edits.perform(end)}>×</button>`}
            </li>
          `
        })}
        ${once.value.map((entry) => html`<${Once} key=${entry.number} entry=${entry} canAct=${canAct} />`)}
      </ul>
    </div>
  `
}

/** A number that waits for the next batch, or of the past, that the step began with. @param {{entry: import("../types.js").LogEntry, canAct: boolean}} properties */
function Once({ entry, canAct }) {
  const words = editWords(entry.action, entries.value)
  // the log is undone from its end alone
  const canEnd = canAct && entry.number === canUndo.value.last?.number
  return html`
    <li class="standing__edit" title=${words} data-next=${isPast.value ? undefined : ""}>
      <span aria-hidden="true">${editSign(entry.action)}</span> <span><${NamedWords} text=${words} /></span>
      <span class="soft">${isPast.value ? "for this step" : html`for step ${entry.step + 1}<span class="visually-hidden">, the next</span>`}</span>
      ${canEnd && html`<button class="standing__end" aria-label=${`Take back: ${words}`} title="Take it back" onClick=${edits.undo}>×</button>`}
    </li>
  `
}

/** Undo, redo, and the door to the run's edits. @param {{isRunOpen: boolean}} properties */
export function EditButtons({ isRunOpen }) {
  const { last, isOpen } = canUndo.value
  const again = canRedo.value
  const canAct = Boolean(editKey.value)
  const count = done.value.length
  const what = last && editWords(last.action, entries.value)
  const isLate = last !== null && !isOpen
  return html`
    <div class="edit-buttons" role="group" aria-label="Edits">
      <button
        class="button"
        data-look="plain"
        data-late=${isLate ? "" : undefined}
        disabled=${!canAct || !last}
        aria-haspopup=${isLate ? "dialog" : undefined}
        aria-expanded=${isLate ? isWhyOpen.value : undefined}
        onClick=${isWhyOpen.value ? () => edits.openWhy(false) : edits.undo}
        title=${!what ? "Nothing to undo" : isLate ? `${what}: step ${last.step + 1} was taken with it, so it can't be undone. A fork can go on without it` : `Undo: ${what} (Ctrl Z)`}
      >
        <${Turn} /><span class="visually-hidden">Undo${what && `: ${what}`}</span>
      </button>
      <button class="button" data-look="plain" disabled=${!canAct || !again} onClick=${edits.redo} title=${again ? `Redo: ${editWords(again.action, entries.value)} (Ctrl Shift Z)` : "Nothing to redo"}>
        <${Turn} isBack /><span class="visually-hidden">Redo${again && `: ${editWords(again.action, entries.value)}`}</span>
      </button>
      <button class="button" aria-expanded=${isRunOpen} aria-controls="inspector" onClick=${() => edits.openRun(!isRunOpen)} title="The optimizer, all edits, and what was done so far">Edits${count > 0 && html` <span class="soft">${count}</span>`}</button>
      ${isWhyOpen.value && last && html`<${WhyNot} entry=${last} />`}
    </div>
  `
}

/** @param {{isBack?: boolean}} properties */
function Turn({ isBack = false }) {
  return html`<svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true" style=${isBack ? { transform: "scaleX(-1)" } : undefined}><path d="M5 1.5 2 4.5l3 3M2 4.5h7.5a4 4 0 0 1 0 8H6" fill="none" stroke="currentColor" stroke-width="1.5" /></svg>`
}

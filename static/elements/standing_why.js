/**
 * Under Undo, once a step was taken with the last edit: why it can't be taken back, and what can be done in its place.
 *
 * @import { LogEntry } from "../types.js"
 */
import { html } from "htm/preact"
import { useLayoutEffect, useRef, useState } from "preact/hooks"
import * as edits from "../edit_actions.js"
import { forkWithout } from "../edit_fork_actions.js"
import { entries, log } from "../edit_state.js"
import { endingOf } from "../lib/edit_log.js"
import { editWords } from "../lib/edit_words.js"
import { formatCount } from "../lib/format.js"
import { session } from "../state.js"
import { NamedWords } from "./named_words.js"

/** @param {{entry: LogEntry}} properties the last edit that was made and not undone */
export function WhyNot({ entry }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const [isBusy, setBusy] = useState(false)
  useLayoutEffect(() => {
    const before = document.activeElement
    const own = box.current
    own?.querySelector("button")?.focus()
    // whoever has gone on elsewhere stays there
    return () => own?.contains(document.activeElement) && before instanceof HTMLElement && before.isConnected && before.focus()
  }, [])
  const standing = log.value?.standing.some((action) => JSON.stringify(action) === JSON.stringify(entry.action))
  const end = standing ? endingOf(entry.action, entries.value, session.value?.config.optimizer ?? {}) : null
  const fork = async () => {
    setBusy(true)
    await forkWithout(entry)
    setBusy(false)
  }
  return html`
    <div
      class="why-not"
      role="dialog"
      aria-labelledby="why-not-title"
      ref=${box}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Escape") return
        event.stopPropagation()
        edits.openWhy(false)
      }}
    >
      <p><strong id="why-not-title">Too late to undo.</strong> Step ${formatCount(entry.step + 1)} was taken with it (<${NamedWords} text=${editWords(entry.action, entries.value)} />), and a step that was taken stays as it is.</p>
      <p class="soft">A fork is a run of your own that goes on from right before the edit; this one is kept.</p>
      <div class="why-not__doors">
        <button class="button" data-look="primary" disabled=${isBusy} onClick=${fork}>Fork ${entry.step === 0 ? "at the start" : `after step ${formatCount(entry.step)}`}, without it</button>
        ${end && html`<button class="button" onClick=${() => { edits.openWhy(false); edits.perform(end) }} title="The steps so far keep it; the next one is taken without">End it from the next batch on</button>`}
        <button class="button" data-look="plain" onClick=${() => edits.openWhy(false)}>Close</button>
      </div>
    </div>
  `
}

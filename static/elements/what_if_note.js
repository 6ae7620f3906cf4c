/** While an edit is tried: what is asked, what it does to the loss and to how many tensors, and which side of it the lens shows. */
import { html } from "htm/preact"
import { useEffect, useRef } from "preact/hooks"
import * as edits from "../edit_actions.js"
import { entries, isAsking, litCount, view, whatIf } from "../edit_state.js"
import { editWords, lossWords } from "../lib/edit_words.js"
import { formatNumber, tensorLabel } from "../lib/format.js"
import { lossUnit } from "../lib/run_words.js"
import { countWords, mostChanged, newWords, nothingWords, shareWords } from "../lib/what_if.js"
import { catalog, session } from "../state.js"
import { extentOf, tensorOf } from "../tensors.js"
import { NamedWords } from "./named_words.js"
import { Segments } from "./segments.js"
import { Symbol } from "./symbol.js"

export function WhatIfNote() {
  const now = whatIf.value
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => showLit(box.current), [now?.action.name])
  if (!now) return null
  const { action, before, after, changed } = now
  const unit = lossUnit(session.value, catalog.value)
  const reached = changed[litCount.value]
  return html`
    <aside class="what-if" ref=${box} aria-label="What if" aria-busy=${isAsking.value}>
      <p class="what-if__words" aria-live="polite">
        <span class="eyebrow">What if</span> <strong>step ${before.step} with <${NamedWords} text=${editWords(action, entries.value)} /></strong>:
        loss ${lossWords(Number(before.loss), Number(after.loss), unit)}.${" "}
        <span class=${changed.length > 0 ? "soft" : undefined}><${Changed} now=${now} /> <${NamedWords} text=${newWords(changed, tensorLabel)} /></span>
      </p>
      <span class="what-if__doors">
        <${Segments} title="What the lens shows" name="what-if-view" value=${view.value} onChoose=${edits.choose} options=${[["before", "Before"], ["after", "After"], ["difference", "Difference"]]} />
        <button class="button what-if__play" data-look="plain" onClick=${edits.playChange} disabled=${changed.length < 2} title="Light what changes in the order of computation: forward, then back">${reached ? html`<${Symbol} tensor=${reached.tensor} layer=${reached.layer} />` : "Play the change"}</button>
        <button class="button" onClick=${edits.discard} title="Back to the step as it was taken (Esc)">Discard</button>
      </span>
    </aside>
  `
}

/** Scrolls to what is lit where all of it lies under this note or below: an edit of the update alone. @param {HTMLElement | null} note */
function showLit(note) {
  if (!note) return
  const lit = [...document.querySelectorAll('.lens__grid .heatmap[data-role="changed"]')]
  const { top } = note.getBoundingClientRect()
  if (lit.every((one) => one.getBoundingClientRect().bottom > top)) lit.at(-1)?.scrollIntoView({ block: "nearest" })
}

/** How many tensors change, and which the most for its size. @param {{now: import("../edit_state.js").Imagined}} properties */
function Changed({ now: { action, changed, before, after } }) {
  /** @param {import("../types.js").Trace} trace */
  const extentIn = (trace) => (/** @type {string} */ tensor, /** @type {number} */ layer) => {
    const found = tensorOf(trace, tensor, layer)
    return found && extentOf(found)
  }
  if (changed.length === 0) return nothingWords(action, extentIn(after))
  const most = mostChanged(changed, (tensor, layer) => extentIn(before)(tensor, layer) ?? 0)
  return html`${countWords(changed)}${most && html`, <${Symbol} tensor=${most.one.tensor} layer=${most.one.layer} /> the most for its size: by ${formatNumber(Number(most.one.max_abs), 3)} (${shareWords(most.share)} its largest number)`}.`
}

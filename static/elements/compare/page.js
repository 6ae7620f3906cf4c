/** The comparison: its bar, and whichever of loading, failed, too few and shown is true. */
import { html } from "htm/preact"
import { useEffect } from "preact/hooks"
import { drawUnlike, open } from "../../compare_actions.js"
import { addressNotice, isUnlikeDrawn, lastLayer, living, opened, placeOf, sides, step } from "../../compare_state.js"
import { listed, unlikenessOf } from "../../lib/compare_likeness.js"
import { letterAt } from "../../lib/compare_words.js"
import { formatCount } from "../../lib/format.js"
import { isOnPaper, load } from "../../state.js"
import { CopyButton } from "../copy_button.js"
import { ForgetfulNote } from "../forgetful_note.js"
import { ProblemNote } from "../problem.js"
import { SchemeButton } from "../scheme_button.js"
import { Choices } from "./choices.js"
import { CompareCurves } from "./curves.js"
import { ComparePhase } from "./phase.js"
import { Norms } from "./norms.js"
import { Rows } from "./rows.js"
import { Runs } from "./runs.js"
import { Spreads } from "./spreads.js"
import { CompareTable } from "./table.js"
import { Together } from "./together.js"
import { CompareTransport, onCompareKey } from "./transport.js"

export function ComparePage() {
  const { status } = load.value
  useEffect(() => {
    addEventListener("keydown", onCompareKey)
    return () => removeEventListener("keydown", onCompareKey)
  }, [])
  return html`
    <${Bar} />
    ${status === "loading" && html`<main class="state" id="compare" aria-busy="true"><h1 class="state__title">Runs side by side</h1><p class="soft" role="status">Getting the runs…</p></main>`}
    ${status === "failed" && html`<main class="state" id="compare"><h1 class="state__title">Nothing could be compared</h1>${load.value.problem && html`<${ProblemNote} problem=${load.value.problem} onRetry=${open} />`}</main>`}
    ${status === "ready" && html`<${Shown} />`}
  `
}

function Bar() {
  return html`
    <header class="page__bar">
      <p class="page__name"><a href=${lensAddress()}>Backscope</a></p>
      <p class="page__run">Comparison${opened.value.length > 1 ? ` of ${opened.value.length} runs` : ""}</p>
      <nav class="page__actions" aria-label="Page">
        <${CopyButton} what=${() => navigator.clipboard.writeText(location.href)}>Copy link<//>
        <a class="button" data-look="plain" href=${lensAddress()}>Lens</a>
        <a class="button" data-look="plain" href="/docs">API</a>
        <${SchemeButton} />
      </nav>
    </header>
  `
}

/** The lens on the first run that is there. */
function lensAddress() {
  const [run] = living.value
  return run ? `/?session=${encodeURIComponent(run.id)}${step.value ? `&step=${Math.min(step.value, run.session?.step ?? 0)}` : ""}` : "/"
}

function Shown() {
  const count = opened.value.length
  return html`
    ${count > 0 && html`<div class="compare__bar"><${CompareTransport} /><${Together} /></div>`}
    <main class="compare" id="compare" tabindex="-1">
      <h1 class="visually-hidden">Runs side by side</h1>
      ${isOnPaper.value && html`<p class="printed-head">${location.href}</p>`}
      ${addressNotice.value && html`<p class="compare__notice" role="status">${addressNotice.value}</p>`}
      <${ForgetfulNote} look="compare__notice" what="The right to step runs that are forked here goes when this page is left or loaded again, and no list of sessions is kept." />
      <div class="compare__top" style=${{ "--layers": lastLayer.value }}>
        <div class="compare__runs"><${Runs} /></div>
        ${count > 0 && html`<${Norms} />`}
      </div>
      ${count < 2 && html`
        <div class="compare__few">
          <h2 class="state__title">${count === 0 ? "No run is open" : "A comparison takes at least two runs"}</h2>
          <p class="soft">${count === 0 ? "Add runs by their links, or open a run in the lens and choose Compare there." : "Add another by its link, or make a fork of this one with one thing changed."}</p>
          ${count === 0 && html`<p><a class="button" data-look="primary" href="/">Open the lens</a></p>`}
        </div>`}
      ${count > 0 && html`
        <${Choices} />
        <${ComparePhase} />
        <${Unlike} />
        ${step.value === 0 ? html`<p class="compare__few soft">None of these runs has taken a batch: there is nothing to compare before the first.</p>` : html`<${Rows} />`}
        <div class="compare__parts"><${CompareCurves} /><${Spreads} /></div>
        <${CompareTable} />`}
    </main>
  `
}

/** Says of which runs the differences are none to be read, and draws them all the same for who asks for it. */
function Unlike() {
  const [first] = sides.value
  if (!first || sides.value.length !== opened.value.length) return null
  const found = sides.value.map((side, position) => (position === 0 ? null : unlikenessOf(first, side, side.isSameBatch)))
  const letters = (/** @type {string} */ which) => listed(found.flatMap((one, position) => (one === which ? [letterAt(placeOf(position))] : [])))
  const [batch, at] = [letters("batch"), letters("step")]
  const shapes = sides.value.flatMap(({ sizes }, position) => (found[position] === "layers" ? [`${letterAt(placeOf(position))} (${sizes.join("–")})`] : []))
  if (!batch && !at && shapes.length === 0) return null
  return html`
    <div class="compare__notice compare__unlike" role="note" data-drawn=${isUnlikeDrawn.value ? "" : undefined}>
      <p>
        ${shapes.length > 0 && html`<strong>Not the same network:</strong> ${`${listed(shapes)} ${shapes.length === 1 ? "has" : "have"} other layers than ${letterAt(placeOf(0))} (${first.sizes.join("–")}), so there is no difference cell by cell; curves and distributions hold them against each other. `}`}
        ${batch && html`<strong>Not the same batch:</strong> ${`${batch} learned from other examples than ${letterAt(placeOf(0))} in this step. Their parameters can be subtracted; activations and gradients are of other examples. `}`}
        ${at && html`<strong>Not the same step:</strong> ${`${at} ${at.length === 1 ? "is" : "are"} not at step ${formatCount(first.step)}, as ${letterAt(placeOf(0))} is. `}`}
        ${(batch || at) && (isUnlikeDrawn.value ? "Differences of what is unlike are drawn all the same, in hatched frames." : "Such differences are not drawn.")}
      </p>
      ${(batch || at) && html`<button class="button" onClick=${() => drawUnlike(!isUnlikeDrawn.value)}>${isUnlikeDrawn.value ? "Leave them out" : "Draw them all the same"}</button>`}
    </div>
  `
}

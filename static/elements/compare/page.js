/** The comparison: its bar, and whichever of loading, failed, too few and shown is true. */
import { html } from "htm/preact"
import { useEffect } from "preact/hooks"
import { open } from "../../compare_actions.js"
import { common, opened, reference, runs, shown, step } from "../../compare_state.js"
import { letterAt } from "../../lib/compare_words.js"
import { load } from "../../state.js"
import { CopyButton } from "../copy_button.js"
import { ProblemNote } from "../problem.js"
import { SchemeButton } from "../scheme_button.js"
import { Choices } from "./choices.js"
import { CompareCurves } from "./curves.js"
import { Rows } from "./rows.js"
import { Runs } from "./runs.js"
import { Spreads } from "./spreads.js"
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

/** The lens on the first run. */
function lensAddress() {
  const run = reference.value
  return run ? `/?session=${encodeURIComponent(run.id)}${step.value ? `&step=${Math.min(step.value, run.session?.step ?? 0)}` : ""}` : "/"
}

function Shown() {
  const count = opened.value.length
  return html`
    ${count > 0 && html`<div class="compare__bar"><${CompareTransport} /></div>`}
    <main class="compare" id="compare" tabindex="-1">
      <h1 class="visually-hidden">Runs side by side</h1>
      <${Runs} />
      ${count < 2 && html`
        <div class="compare__few">
          <h2 class="state__title">${count === 0 ? "No run is open" : "A comparison takes at least two runs"}</h2>
          <p class="soft">${count === 0 ? "Add runs by their links, or open a run in the lens and choose Compare there." : "Add another by its link, or make a fork of this one with one thing changed."}</p>
          ${count === 0 && html`<p><a class="button" data-look="primary" href="/">Open the lens</a></p>`}
        </div>`}
      ${count > 0 && html`
        <${Choices} />
        <${Batches} />
        ${step.value === 0 ? html`<p class="compare__few soft">None of these runs has taken a batch: there is nothing to compare before the first.</p>` : html`<${Rows} />`}
        <div class="compare__parts"><${CompareCurves} /><${Spreads} /></div>`}
    </main>
  `
}

/** Says when what is compared did not learn from the same examples, or not at the same step. */
function Batches() {
  const now = shown.value
  if (!now || now.runs.length !== opened.value.length) return null
  const letters = (/** @type {(run: NonNullable<typeof now>["runs"][number]) => boolean} */ is) => now.runs.flatMap((run, position) => (is(run) ? [letterAt(runs.value.findIndex(({ id }) => id === opened.value[position]?.id))] : []))
  const unlike = letters(({ difference }) => difference !== null && !difference.same_batch)
  const behind = letters((run) => run.step > 0 && run.step < now.step)
  if (unlike.length + behind.length === 0) return null
  return html`
    <p class="compare__notice" role="note">
      ${unlike.length > 0 && html`<strong>Not the same batch:</strong> ${`${unlike.join(" and ")} learned from other examples in this step, so columns of A, Z and their gradients are not of the same examples. `}`}
      ${behind.length > 0 && `${behind.join(" and ")} ${behind.length === 1 ? "has" : "have"} not come to step ${now.step}; all have taken ${common.value}.`}
    </p>
  `
}

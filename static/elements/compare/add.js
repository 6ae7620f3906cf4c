/** One more run: a fork of the first with one thing changed, one that this browser knows, or any by its link. */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { addRun } from "../../compare_actions.js"
import { living, newest, runs, step } from "../../compare_state.js"
import { letterAt } from "../../lib/compare_words.js"
import { formatCount } from "../../lib/format.js"
import { ownSessions } from "../../state.js"
import { ForkDialog } from "../fork_dialog.js"
import { ProblemNote } from "../problem.js"

const MOST = 30 // of the runs that are remembered

export function Add() {
  const [text, setText] = useState("")
  const [asked, setAsked] = useState("")
  const [problem, setProblem] = useState(/** @type {import("../../state.js").Problem | null} */ (null))
  const [isForking, setForking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  /** @param {string} what */
  const take = async (what) => {
    setBusy(true)
    setAsked(what)
    const refusal = await addRun(what)
    setBusy(false)
    setProblem(refusal)
    return refusal
  }
  const [base] = living.value
  const known = ownSessions.value.filter(({ id, isGone }) => !isGone && !runs.value.some((run) => run.id === id)).slice(0, MOST)
  return html`
    <form class="runs__add" noValidate onSubmit=${async (/** @type {Event} */ event) => { event.preventDefault(); if (!(await take(text))) setText("") }}>
      ${base?.session && html`<button class="button" type="button" onClick=${() => setForking(true)}>Add a fork of ${letterAt(runs.value.indexOf(base))}…</button>`}
      ${known.length > 0 && html`
        <select class="runs__known" aria-label="Add one of your runs" disabled=${isBusy} onChange=${async (/** @type {any} */ event) => { const box = event.currentTarget; await take(box.value); box.value = "" }}>
          <option value="" selected>Add one of your runs…</option>
          ${known.map(({ id, name, about, step: reached }) => html`<option key=${id} value=${id}>${[name, about, `step ${formatCount(reached)}`].filter(Boolean).join(" · ")}</option>`)}
        </select>`}
      <label><span class="soft">or any run by its link or id</span>
        <input class="runs__id" autocomplete="off" spellcheck=${false} value=${text} aria-invalid=${problem !== null} onInput=${(/** @type {any} */ event) => { setText(event.currentTarget.value); setProblem(null) }} />
      </label>
      <button class="button" type="submit" disabled=${isBusy}>Add</button>
      ${problem && html`<${ProblemNote} problem=${problem} onRetry=${problem.isSilent ? async () => { if (!(await take(asked)) && asked === text) setText("") } : undefined} />`}
    </form>
    ${isForking && base?.session && html`
      <${ForkDialog}
        session=${base.session}
        log=${base.log}
        step=${Math.min(step.value, base.session.step)}
        to=${newest.value}
        onClose=${() => setForking(false)}
        onMade=${async (/** @type {string} */ id) => { setForking(false); await take(id) }}
      />`}
  `
}

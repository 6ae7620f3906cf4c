/** The runs that are compared: each with what makes it different, where it stands, and ways to it and out of it. */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import * as actions from "../../compare_actions.js"
import { MOST_RUNS, newest, opened, reference, runs, shown, step } from "../../compare_state.js"
import { configNow, differencesOf, differenceWords, editedWords, letterAt, originOf } from "../../lib/compare_words.js"
import { formatCount, formatNumber } from "../../lib/format.js"
import { describeRun, lossUnit } from "../../lib/run_words.js"
import { catalog } from "../../state.js"
import { ForkDialog } from "../fork_dialog.js"
import { ProblemNote } from "../problem.js"
import { Badge } from "./badge.js"

export function Runs() {
  return html`
    <ul class="runs" aria-label="Runs">
      ${runs.value.map((run, place) => html`<${RunCard} key=${run.id} run=${run} place=${place} />`)}
    </ul>
    ${runs.value.length < MOST_RUNS && html`<${Add} />`}
  `
}

/** @param {{run: import("../../compare_state.js").Run, place: number}} properties */
function RunCard({ run, place }) {
  const { session, problem, id, key } = run
  const position = opened.value.findIndex((one) => one.id === id)
  const now = shown.value?.runs[position]
  const remove = html`<button class="button runs__remove" data-look="plain" onClick=${() => actions.removeRun(id)} title=${`Take run ${letterAt(place)} out of the comparison; the run itself stays`}>Remove<span class="visually-hidden"> run ${letterAt(place)}</span></button>`
  if (!session) {
    return html`<li class="runs__run" data-run=${letterAt(place)}><p class="runs__name"><${Badge} place=${place} /> <span class="soft">${id}</span>${remove}</p>${problem && html`<${ProblemNote} problem=${problem} />`}</li>`
  }
  const base = reference.value?.session
  const isReference = base?.id === id
  const differences = base && !isReference ? differencesOf(configNow(session), configNow(base)) : []
  const origin = originOf(session, runs.value)
  const words = isReference ? describeRun(configNow(session), false) : differences.length ? differences.map(differenceWords).join("; ") : "the same configuration"
  const stays = session.step < step.value
  const at = Math.min(step.value, session.step)
  return html`
    <li class="runs__run" data-run=${letterAt(place)}>
      <p class="runs__name">
        <${Badge} place=${place} />
        <span class="runs__loss">${now?.trace ? html`loss <strong>${formatNumber(now.trace.loss)}</strong> <span class="soft">${lossUnit(session, catalog.value)}</span>` : ""}</span>
        <a class="button" data-look="plain" href=${`/?session=${encodeURIComponent(id)}${at ? `&step=${at}` : ""}`}>Lens<span class="visually-hidden"> of run ${letterAt(place)}</span></a>
        ${remove}
      </p>
      <p class="runs__words" data-differs=${isReference ? undefined : ""}>${words}</p>
      <p class="runs__state soft">
        ${[isReference ? "the others are held against it" : origin, editedWords(session), `${formatCount(session.step)} ${session.step === 1 ? "step" : "steps"} taken`].filter(Boolean).join(" · ")}
        ${key === null && html` · <strong>read only: this browser has no key to step it${stays ? `, so it stays at step ${formatCount(session.step)}` : ""}</strong>`}
        ${key !== null && stays && html` · <strong>stays at step ${formatCount(session.step)} until the next batch</strong>`}
      </p>
    </li>
  `
}

/** One more run: by its link, or made from the first with one thing changed. */
function Add() {
  const [text, setText] = useState("")
  const [problem, setProblem] = useState(/** @type {import("../../state.js").Problem | null} */ (null))
  const [isForking, setForking] = useState(false)
  /** @param {Event} event */
  const add = async (event) => {
    event.preventDefault()
    const refusal = await actions.addRun(text)
    setProblem(refusal)
    if (!refusal) setText("")
  }
  const base = reference.value
  return html`
    <form class="runs__add" onSubmit=${add} noValidate>
      ${base?.session && html`<button class="button" type="button" onClick=${() => setForking(true)}>Add a fork of ${letterAt(runs.value.indexOf(base))}…</button>`}
      <label><span class="soft">or a run by its link or id</span>
        <input class="runs__id" autocomplete="off" spellcheck=${false} value=${text} aria-invalid=${problem !== null} onInput=${(/** @type {any} */ event) => { setText(event.currentTarget.value); setProblem(null) }} />
      </label>
      <button class="button" type="submit">Add</button>
      ${problem && html`<${ProblemNote} problem=${problem} />`}
    </form>
    ${isForking && base?.session && html`
      <${ForkDialog}
        session=${base.session}
        step=${Math.min(step.value, base.session.step)}
        to=${newest.value}
        onClose=${() => setForking(false)}
        onMade=${async (/** @type {string} */ id) => { setForking(false); setProblem(await actions.addRun(id)) }}
      />`}
  `
}

/** The runs that are compared: each with what makes it different, where it stands, and ways to it and out of it. */
import { html } from "htm/preact"
import * as actions from "../../compare_actions.js"
import { MOST_RUNS, opened, reference, runs, shown, step } from "../../compare_state.js"
import { editedWords, withoutWords } from "../../lib/compare_edits.js"
import { configAt, differencesAt, differenceWords, laterWords, letterAt, originOf } from "../../lib/compare_words.js"
import { formatCount, formatNumber } from "../../lib/format.js"
import { describeRun, lossUnit } from "../../lib/run_words.js"
import { catalog } from "../../state.js"
import { ProblemNote } from "../problem.js"
import { Add } from "./add.js"
import { Badge } from "./badge.js"

export function Runs() {
  return html`
    <ul class="runs" aria-label="Runs">
      ${runs.value.map((run, place) => html`<${RunCard} key=${run.id} run=${run} place=${place} />`)}
    </ul>
    ${runs.value.length < MOST_RUNS && html`<${Add} />`}
  `
}

/** What is there no more does not come back when one tries again. @param {import("../../state.js").Problem} problem */
const isGone = ({ title }) => ["No such run.", "Deleted."].includes(title)

/** @param {{run: import("../../compare_state.js").Run, place: number}} properties */
function RunCard({ run, place }) {
  const { session, problem, id, key } = run
  const position = opened.value.findIndex((one) => one.id === id)
  const now = shown.value?.runs[position]
  const remove = html`<button class="button runs__remove" data-look="plain" onClick=${() => actions.removeRun(id)} title=${`Take run ${letterAt(place)} out of the comparison; the run itself stays, and Back brings it back here`}>Remove<span class="visually-hidden"> run ${letterAt(place)}</span></button>`
  if (!session) {
    return html`<li class="runs__run" data-run=${letterAt(place)}><p class="runs__name"><${Badge} place=${place} /> <span class="runs__loss soft">${id}</span><span class="runs__ways">${remove}</span></p>${problem && html`<${ProblemNote} problem=${problem} onRetry=${isGone(problem) ? undefined : () => actions.reopen(id)} />`}</li>`
  }
  const base = reference.value?.session
  const isReference = base?.id === id
  const at = Math.min(step.value, session.step)
  const told = { session, log: run.log, at }
  // as of the step that is looked at: what was changed after it makes no difference there
  const differences = differencesAt(told, !base || isReference || !reference.value ? told : { session: base, log: reference.value.log, at: Math.min(step.value, base.step) })
  const later = laterWords(differences)
  const origin = originOf(session, runs.value)
  const entries = catalog.value?.edits ?? []
  const edited = editedWords(run.log, entries)
  const acting = run.log.filter(({ step: after }) => after < Math.max(1, at))
  // of a run that was edited alone, the edit is what makes it different
  const isEdit = !isReference && differences.now.length === 0 && editedWords(acting, entries) !== ""
  const same = later || acting.length < run.log.length ? "the same up to here" : "the same configuration"
  const words = isReference ? describeRun(configAt(told, at), false) : isEdit ? editedWords(acting, entries) : differences.now.map(differenceWords).join("; ") || same
  const parent = runs.value.findIndex((one) => one.id === session.parent?.id && one.id !== id)
  const without = parent < 0 || !runs.value[parent]?.session ? "" : withoutWords(run.log, runs.value[parent]?.log ?? [], letterAt(parent))
  const stays = session.step < step.value
  return html`
    <li class="runs__run" data-run=${letterAt(place)} data-gone=${run.isGone ? "" : undefined}>
      <p class="runs__name">
        <${Badge} place=${place} />
        <span class="runs__loss">${now?.trace ? html`loss <strong>${formatNumber(now.trace.loss)}</strong> <span class="soft">${lossUnit(session, catalog.value)}</span>` : ""}</span>
        <span class="runs__ways">
          ${!run.isGone && html`<a class="button" data-look="plain" href=${`/?session=${encodeURIComponent(id)}${at ? `&step=${at}` : ""}`}>Lens<span class="visually-hidden"> of run ${letterAt(place)}</span></a>`}
          ${remove}
        </span>
      </p>
      <p class="runs__words" data-differs=${!isReference && (isEdit || differences.now.length > 0) ? "" : undefined}>${words}${later && html`<span class="runs__later soft">; ${later}</span>`}</p>
      <p class="runs__state soft">
        ${[isReference && opened.value.length > 1 && "the others are held against it", origin, without, !(isEdit && acting.length === run.log.length) && edited, `${formatCount(session.step)} ${session.step === 1 ? "step" : "steps"} taken`].filter(Boolean).join(" · ")}
        ${key === null && !run.isGone && html` · <strong>read only: this browser has no key to step it${stays ? `, so it stays at step ${formatCount(session.step)}` : ""}</strong>`}
      </p>
      ${run.isGone && problem && html`<${ProblemNote} problem=${problem} />`}
    </li>
  `
}

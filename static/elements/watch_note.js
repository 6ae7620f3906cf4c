/** Watching together: for whoever may only read, in the place of the buttons that step; for whoever may step, a notice while the line to the server is not there. */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { continueAsCopy } from "../copy_actions.js"
import { whatIf } from "../edit_state.js"
import { forkProblem } from "../fork_actions.js"
import { formatCount } from "../lib/format.js"
import { useProblem } from "../lib/use_problem.js"
import { editKey, following, line, lineRefusal, session, teacherLook, unfollowed } from "../state.js"
import { openDialog } from "../view_actions.js"
import * as watch from "../watch_actions.js"
import { CloseButton } from "./close_button.js"
import { ProblemNote } from "./problem.js"

/** @typedef {"following" | "alone" | "behind" | "away" | "refused" | "gone"} Status */

/** In two short lines; and in full, a sentence and what follows it. @type {Record<Status, [string, string, string, string]>} */
const WORDS = {
  following: ["You follow", "whoever teaches", "You follow whoever teaches.", "Steps, phase, cell and scale move along; go anywhere else to look around on your own."],
  alone: ["On your own", "", "You look around on your own.", "Follow to go along again; to step, play and edit yourself, continue as your own copy."],
  behind: ["You are behind", "it is tried again", "You are behind whoever teaches.", "It is tried again by itself. What is on the page stays."],
  refused: ["No live steps", "it looks now and then", "The server has no room for another viewer.", "This page checks for new steps every few seconds."],
  away: ["No connection", "it is tried again", "The connection is away.", "It comes back by itself; what was missed is then made up for. What is on the page stays."],
  gone: ["Deleted", "what is here stays", "This session was deleted.", "What is on the page stays until you leave it; steps that are not on it cannot be opened any more."],
}

/** @returns {Status} */
function statusNow() {
  if (line.value === "gone") return "gone"
  if (line.value === "away") return lineRefusal.value ? "refused" : "away"
  if (!following.value) return "alone"
  return unfollowed.value ? "behind" : "following"
}

/** In full, after its first sentence: with what the server has said. @param {Status} status */
const restOf = (status) => [{ behind: unfollowed.value, refused: lineRefusal.value }[/** @type {string} */ (status)], WORDS[status][3]].filter(Boolean).join(" ")

/** What is followed, and the ways on. As wide whatever it says, so that nothing beside it moves. */
export function WatchNote() {
  if (!session.value || editKey.value) return null
  const status = statusNow()
  const [name, more, first] = WORDS[status]
  const whole = `${first} ${restOf(status)}`
  return html`
    <aside class="watch" data-status=${status} aria-label="Watching together">
      <span class="watch__sign" aria-hidden="true"></span>
      <p class="watch__words" title=${whole}>
        <strong role="status"><span aria-hidden="true">${name}</span><span class="visually-hidden">${whole}</span></strong>
        <span class="watch__more soft">${status === "alone" ? whereTheOthersAre() : status === "following" && whatIf.value ? "an edit is tried" : more}</span>
      </p>
      ${status === "gone"
        ? html`<button class="button" onClick=${() => openDialog("form")}>New run</button>`
        : html`
          <button class="button" data-look=${following.value ? undefined : "primary"} aria-pressed=${following.value} onClick=${following.value ? watch.stopFollowing : watch.startFollowing} title=${following.value ? "Stay here while the others go on" : "Go to where the others are, and along with them"}>Follow</button>
          <${ContinueAsCopy} isShort />
        `}
    </aside>
  `
}

function whereTheOthersAre() {
  const step = watch.teacherStep(teacherLook.value, session.value?.step ?? 0)
  return step ? `others: step ${formatCount(step)}` : "others: no step yet"
}

/** What the short words beside the transport have no room for: to whoever may step, that the line is away or the session gone; to whoever follows, why they stand still. Until it is put away or something else is true. */
export function LineNote() {
  const [put, setPut] = useState("")
  const status = statusNow()
  if (put !== "" && put !== status) setPut("")
  const told = editKey.value ? ["gone", "away", "refused"] : ["behind", "refused"]
  if (!session.value || !told.includes(status) || put === status) return null
  return html`
    <aside class="notice watch" data-status=${status} aria-label=${editKey.value ? "Watching together" : "Why nothing moves along"}>
      <span class="watch__sign" aria-hidden="true"></span>
      <p><strong role=${editKey.value ? "status" : undefined}>${WORDS[status][2]}</strong> <span class="soft">${restOf(status)}</span></p>
      ${status === "gone" && html`<button class="button" onClick=${() => openDialog("form")}>New run</button>`}
      <${CloseButton} onClose=${() => setPut(status)} />
    </aside>
  `
}

/** The way of someone who may only read to a run that can be changed. @param {{isShort?: boolean}} properties */
export function ContinueAsCopy({ isShort = false }) {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useProblem()
  const copy = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await continueAsCopy()
    } catch (error) {
      setProblem(forkProblem(error, copy))
    } finally {
      setBusy(false)
    }
  }
  return html`
    <button class="button" aria-label=${isShort ? "Continue as my own copy" : undefined} onClick=${copy} disabled=${isBusy} title="A session of your own that goes on from the step you look at; this one stays as it is">${isShort ? "My own copy" : "Continue as my own copy"}</button>
    ${problem && html`<${ProblemNote} problem=${problem} onRetry=${problem.retry} isOfAction />`}
  `
}

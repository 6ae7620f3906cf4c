/** Over the transport, while somebody else's run is looked at or the line to the server is not there: what is followed, and the ways on. */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { toProblem } from "../problems.js"
import { editKey, following, line, session, teacherLook } from "../state.js"
import { openDialog } from "../view_actions.js"
import * as watch from "../watch_actions.js"
import { ProblemNote } from "./problem.js"

export function WatchNote() {
  if (!session.value) return null
  const isWatcher = !editKey.value
  const status = line.value === "gone" ? "gone" : line.value === "away" ? "away" : isWatcher ? (following.value ? "following" : "alone") : "own"
  if (status === "own") return null
  return html`
    <aside class="watch" data-status=${status} aria-label="Watching together">
      <span class="watch__sign" aria-hidden="true"></span>
      <p class="watch__words"><strong role="status">${words[status]}</strong> <span class="soft">${status === "alone" ? whereTheOthersAre() : more[status]}</span></p>
      <span class="watch__doors">
        ${isWatcher && (status === "alone" || (status === "away" && !following.value)) && html`<button class="button" data-look="primary" onClick=${watch.startFollowing}>Follow</button>`}
        ${status === "gone" ? html`<button class="button" onClick=${() => openDialog("form")}>New run</button>` : isWatcher && html`<${ContinueAsCopy} />`}
      </span>
    </aside>
  `
}

const words = {
  following: "You follow whoever teaches.",
  alone: "You look around on your own.",
  away: "The connection is away.",
  gone: "This session was deleted.",
}
const more = {
  following: "Steps, phase and cell move along; go anywhere else to look around on your own.",
  away: "It comes back by itself; what was missed is then made up for. What is on the page stays.",
  gone: "What is on the page stays until you leave it; steps that are not on it cannot be opened any more.",
}

function whereTheOthersAre() {
  const step = watch.teacherStep(teacherLook.value, session.value?.step ?? 0)
  const where = step ? `Whoever teaches is at step ${step}.` : "Nobody has taken a step yet."
  return `${where} Follow to go along again; to step, play and edit yourself, continue as your own copy.`
}

/** The way of someone who may only read to a run that can be changed. */
export function ContinueAsCopy() {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState(/** @type {import("../state.js").Problem | null} */ (null))
  const copy = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await watch.continueAsCopy()
    } catch (error) {
      setProblem(toProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return html`
    <button class="button" onClick=${copy} disabled=${isBusy} title="A session of your own that goes on from the step you look at; this one stays as it is">Continue as my own copy</button>
    ${problem && html`<${ProblemNote} problem=${problem} />`}
  `
}

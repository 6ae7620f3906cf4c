/**
 * What was done last, what was refused, and whether the line is there: laid over the lens under the transport, for nothing that one looks at may move when a notice comes or goes.
 *
 *   <Notices />
 */
import { html } from "htm/preact"
import { useEffect, useState } from "preact/hooks"
import * as edits from "../edit_actions.js"
import { refusal, said } from "../edit_state.js"
import { line, transport } from "../state.js"
import { forgetProblem } from "../transport_actions.js"
import { CloseButton } from "./close_button.js"
import { ForgetfulNote } from "./forgetful_note.js"
import { NamedWords } from "./named_words.js"
import { ProblemNote } from "./problem.js"
import { LineNote } from "./watch_note.js"

/** @import { Problem } from "../state.js" */

const READ = 10_000 // milliseconds that it says what was done, which the list of edits says too

export function Notices() {
  const { problem } = transport.value
  const isAway = line.value === "away"
  /** One says what is true of all: that no answer comes, and that it is waited for. @param {Problem} told */
  const inFull = (told) => (told.isSilent && !told.isBack && isAway ? { ...told, message: "The server does not answer. The connection comes back by itself; what is on the page stays." } : told)
  return html`
    <div class="notices">
      <${Said} />
      ${refusal.value && html`<div class=${lookOf(refusal.value)}><${ProblemNote} problem=${inFull(refusal.value)} onRetry=${refusal.value.retry} isOfAction /><${CloseButton} onClose=${edits.forget} /></div>`}
      ${problem && html`<div class=${`${lookOf(problem)} transport__problem`}><${ProblemNote} problem=${inFull(problem)} onRetry=${problem.retry} isOfAction /><${CloseButton} onClose=${forgetProblem} /></div>`}
      ${!(isAway && (problem?.isSilent || refusal.value?.isSilent)) && html`<${LineNote} />`}
      <${ForgetfulNote} look="notice" what="The right to step and edit your runs, and the list of your sessions, go when this page is left or loaded again. Copy the edit link under Share to keep a run." />
    </div>
  `
}

/** @param {Problem} problem */
const lookOf = ({ isBack }) => `notice notice--of-problem ${isBack ? "" : "notice--problem"}`

/** What was done last. It goes by itself, but not from under a hand. */
function Said() {
  const [isHeld, setHeld] = useState(false)
  const words = said.value
  useEffect(() => {
    if (!words || isHeld) return
    const going = setTimeout(edits.forgetSaid, READ)
    return () => clearTimeout(going)
  }, [words, isHeld])
  const [hold, release] = [() => setHeld(true), () => setHeld(false)]
  return html`
    <div class=${words ? "notice" : undefined} onPointerEnter=${hold} onPointerLeave=${release} onFocusIn=${hold} onFocusOut=${release}>
      <p role="status">${words && html`<${NamedWords} text=${words} />`}</p>
      ${words && html`<${CloseButton} onClose=${edits.forgetSaid} />`}
    </div>
  `
}

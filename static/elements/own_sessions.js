/** "Your sessions": what this browser remembers, with the ways to open, share, delete and forget each. */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { formatCount } from "../lib/format.js"
import { keptWords, momentWords, partingWords } from "../lib/own_sessions.js"
import { useProblem } from "../lib/use_problem.js"
import * as own from "../own_actions.js"
import { toProblem } from "../problems.js"
import { ownSessions, session } from "../state.js"
import { openDialog } from "../view_actions.js"
import { copyEditLink, copyReadLink } from "../share_links.js"
import { CopyButton } from "./copy_button.js"
import { ProblemNote } from "./problem.js"

export function OwnSessions() {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  useEffect(() => box.current?.showModal(), [])
  const list = ownSessions.value
  return html`
    <dialog class="sessions" ref=${box} aria-labelledby="sessions-title" onClose=${() => openDialog("none")}>
      <h2 id="sessions-title" class="sessions__title">Your sessions</h2>
      <p class="soft">Only this browser knows this list: the server can't tell whose a session is. To have a run elsewhere too, copy its edit link under Share.</p>
      ${list.length === 0
        ? html`<p>None yet: each run that you make, open, or take beyond its first batch is noted here.</p>`
        : html`<ul class="sessions__list">${list.map((one) => html`<${Row} key=${one.id} one=${one} />`)}</ul>`}
      <form method="dialog"><button class="button" data-look="primary">Close</button></form>
    </dialog>
  `
}

/** @param {{one: import("../types.js").OwnSession}} properties */
function Row({ one }) {
  const [asks, setAsks] = useState(/** @type {"delete" | "forget" | null} */ (null))
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useProblem()
  const isHere = one.id === session.value?.id
  const about = `${one.title ?? one.name}, made ${momentWords(one.made)}`
  /** @param {() => Promise<void>} what @param {string} lost what is not done without an answer @param {() => Promise<boolean>} [wasDone] looks whether it was all the same */
  const attempt = async (what, lost, wasDone) => {
    setBusy(true)
    setProblem(null)
    try {
      await what()
    } catch (error) {
      setProblem({ ...toProblem(error), retry: () => attempt(what, lost, wasDone), lost, wasDone })
    } finally {
      setBusy(false)
      setAsks(null)
    }
  }
  // what is gone has nothing that could be lost with it
  const forget = () => (one.isGone ? own.forgetOwn(one.id) : setAsks("forget"))
  return html`
    <li class="sessions__one" data-gone=${one.isGone ? "" : undefined} aria-label=${about}>
      <p class="sessions__words">
        <strong>${one.title ?? one.name}</strong>${one.title && html` <span class="soft">${one.name}</span>`}${isHere && html` <span class="sessions__tag">on the page</span>`}${!one.hasKey && html` <span class="sessions__tag">read only</span>`}
        ${(one.change || one.about) && html`<br /><span title=${one.about}>${one.change ? `a fork ${partingWords(one.parent?.step ?? 0)}: ${one.change}` : one.about}</span>`}
        <br />
        <span class="soft">step ${formatCount(one.step)} · made ${momentWords(one.made)} · ${one.isGone ? "expired or deleted" : keptWords(one.expires, Date.now())}</span>
      </p>
      <span class="sessions__doors">
        ${!one.isGone &&
        html`
          <button class="button" onClick=${() => attempt(() => own.openOwn(one.id), "It was not opened.")} disabled=${isBusy || isHere} aria-label=${`Open ${about}`}>Open</button>
          <${CopyButton} what=${() => copyReadLink(one.id)}>Copy read link<//>
          ${one.hasKey && html`<${Door} name="Delete" about=${about} isAsked=${asks === "delete"} isBusy=${isBusy} onAsk=${() => setAsks("delete")} onKeep=${() => setAsks(null)} />`}
        `}
        <${Door} name="Forget" about=${about} isAsked=${asks === "forget"} isBusy=${isBusy || (isHere && !one.isGone)} title=${isHere && !one.isGone ? "The run on the page can't be forgotten: open another one first" : "Takes it out of this list, and its key out of this browser; the run itself stays"} onAsk=${forget} onKeep=${() => setAsks(null)} />
      </span>
      ${asks &&
      html`
        <div class="sessions__ask">
          <span role="alert">${asks === "delete" ? "Delete it for everyone?" : one.hasKey ? "Forget its key too? Without its edit link nobody can ever change or delete it." : "Forget it? Without its link it is not found again."}</span>
          ${asks === "forget" && one.hasKey && html`<${CopyButton} what=${() => copyEditLink(one.id)}>Copy edit link<//>`}
          ${asks === "delete"
            ? html`<button class="button" key="delete" onClick=${() => attempt(() => own.deleteOwn(one.id), "It was not deleted.", () => own.wasDeleted(one.id))} disabled=${isBusy}>Delete</button>`
            : html`<button class="button" key="forget" onClick=${() => own.forgetOwn(one.id)}>Forget</button>`}
        </div>
      `}
      ${problem && html`<${ProblemNote} problem=${one.isGone ? { ...problem, title: "No longer there", message: "It was deleted, or nobody had read it for too long." } : problem} onRetry=${problem.retry} isOfAction />`}
    </li>
  `
}

/**
 * The way to a question that is not to be answered by the second half of a double click, nor by Enter held too long: the button that asks
 * becomes in its place the one that keeps, with the pointer and the focus on it.
 *
 * @param {{name: string, about: string, isAsked: boolean, isBusy: boolean, title?: string, onAsk: () => unknown, onKeep: () => unknown}} properties
 */
function Door({ name, about, isAsked, isBusy, title, onAsk, onKeep }) {
  return html`<button class="button" data-look="plain" onClick=${isAsked ? onKeep : onAsk} disabled=${isBusy} title=${isAsked ? undefined : title} aria-label=${isAsked ? undefined : `${name} ${about}`}>${isAsked ? "Keep it" : name}</button>`
}

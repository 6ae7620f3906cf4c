/** "Your sessions": what this browser remembers, with the ways to open, share, delete and forget each. */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { formatCount } from "../lib/format.js"
import { keptWords, momentWords, partingWords } from "../lib/own_sessions.js"
import * as own from "../own_actions.js"
import { toProblem } from "../problems.js"
import { ownSessions, session } from "../state.js"
import { openDialog } from "../view_actions.js"
import { copyReadLink } from "../share_links.js"
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
  const [problem, setProblem] = useState(/** @type {import("../state.js").Problem | null} */ (null))
  const isHere = one.id === session.value?.id
  const about = `${one.title ?? one.name}, made ${momentWords(one.made)}`
  /** @param {() => Promise<void>} what */
  const attempt = async (what) => {
    setBusy(true)
    setProblem(null)
    try {
      await what()
    } catch (error) {
      setProblem(toProblem(error))
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
        ${asks
          ? html`
              <span class="sessions__ask">${asks === "delete" ? "Delete it for everyone?" : one.hasKey ? "Forget its key too? Without its edit link nobody can ever change or delete it." : "Forget it? Without its link it is not found again."}</span>
              ${asks === "delete"
                ? html`<button class="button" key="delete" onClick=${() => attempt(() => own.deleteOwn(one.id))} disabled=${isBusy} ref=${focus}>Delete</button>`
                : html`<button class="button" key="forget" onClick=${() => own.forgetOwn(one.id)} ref=${focus}>Forget</button>`}
              <button class="button" data-look="plain" onClick=${() => setAsks(null)}>Keep it</button>
            `
          : html`
              ${!one.isGone &&
              html`
                <button class="button" onClick=${() => attempt(() => own.openOwn(one.id))} disabled=${isBusy || isHere} aria-label=${`Open ${about}`}>Open</button>
                <${CopyButton} what=${() => copyReadLink(one.id)} title="The read link">Copy link<//>
                ${one.hasKey && html`<button class="button" data-look="plain" onClick=${() => setAsks("delete")} aria-label=${`Delete ${about}`}>Delete</button>`}
              `}
              <button class="button" data-look="plain" onClick=${forget} disabled=${isHere && !one.isGone} title=${isHere && !one.isGone ? "The run on the page can't be forgotten: open another one first" : "Takes it out of this list, and its key out of this browser; the run itself stays"} aria-label=${`Forget ${about}`}>Forget</button>
            `}
      </span>
      ${problem && html`<${ProblemNote} problem=${one.isGone ? { ...problem, title: "No longer there", message: "It was deleted, or nobody had read it for too long." } : problem} />`}
    </li>
  `
}

const focus = (/** @type {HTMLElement | null} */ button) => button?.focus()

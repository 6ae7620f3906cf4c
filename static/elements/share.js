/** Links to the run on the page: to watch it, to see what is seen now, and to change it. */
import { html } from "htm/preact"
import { useEffect, useRef } from "preact/hooks"
import { copyLink } from "../export_actions.js"
import { dayWords } from "../lib/own_sessions.js"
import { editKey, session, trace } from "../state.js"
import { openDialog } from "../view_actions.js"
import { copyEditLink, copyReadLink, readLink } from "../share_links.js"
import { CopyButton } from "./copy_button.js"

export function Share() {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  useEffect(() => box.current?.showModal(), [])
  const run = session.value
  if (!run) return null
  return html`
    <dialog class="share" ref=${box} aria-labelledby="share-title" onClose=${() => openDialog("none")}>
      <h2 id="share-title" class="share__title" tabindex="-1" autofocus>Share this run</h2>
      <${Link}
        title="To watch"
        shown=${readLink(run.id)}
        what=${() => copyReadLink(run.id)}
        copy="Copy read link"
        allows="Whoever has it sees every step, phase and cell as you go, may look around alone, and may go on in a copy of their own. They can change nothing here."
      />
      <${Link}
        title=${`To see step ${trace.value?.step ?? 0} as you do now`}
        shown=${location.href}
        what=${copyLink}
        copy="Copy this view"
        allows="The same, but it opens at what is on the page now: this step, this phase, this cell."
      />
      ${editKey.value
        ? html`<${Link}
            title="To teach with"
            shown=${`${readLink(run.id)}#key=••••••••`}
            what=${() => copyEditLink(run.id)}
            copy="Copy edit link"
            allows="Whoever has it may step, edit and delete this run, as you can. The key is not shown here, where a projector would show it to all; it stands behind the #, which browsers send to no server."
          />`
        : html`<p class="soft">You can read this run. The link to change it is with whoever made it.</p>`}
      ${run.expires_at && html`<p class="share__kept soft">The run is kept until ${dayWords(run.expires_at)}, and longer whenever somebody reads it.</p>`}
      <form method="dialog"><button class="button" data-look="primary">Close</button></form>
    </dialog>
  `
}

/** @param {{title: string, shown: string, what: () => Promise<void>, copy: string, allows: string}} properties */
function Link({ title, shown, what, copy, allows }) {
  return html`
    <section class="share__link" aria-label=${title}>
      <h3>${title}</h3>
      <div class="share__row">
        <input class="share__address" readonly value=${shown} aria-label=${`${title}: address`} onFocus=${(/** @type {any} */ event) => event.target.select()} />
        <${CopyButton} what=${what}>${copy}<//>
      </div>
      <p class="soft">${allows}</p>
    </section>
  `
}

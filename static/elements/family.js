/**
 * Where the run on the page comes from, and the forks of it that this browser knows: each a link, and a way to see both side by side.
 *
 * Of forks that others have made nobody is told: whoever knows a session's id may read it.
 *
 * @import { OwnSession } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { writeAddress } from "../address.js"
import { doorBeside } from "../beside_actions.js"
import { formatCount } from "../lib/format.js"
import { forksOf, partingWords } from "../lib/own_sessions.js"
import { isThere } from "../own_actions.js"
import { ownSessions, session, trace } from "../state.js"

export function Family() {
  const run = session.value
  if (!run) return null
  const forks = forksOf(ownSessions.value, run.id)
  if (!run.parent && forks.length === 0) return null
  return html`
    <div class="family">
      ${run.parent && html`<${Parent} key=${run.id} id=${run.id} parent=${run.parent} />`}
      ${forks.length > 0 && html`<${Forks} key=${run.id} id=${run.id} forks=${forks} />`}
    </div>
  `
}

/** @param {{id: string, parent: {id: string, step: number}}} properties */
function Parent({ id, parent }) {
  const known = ownSessions.value.find((one) => one.id === parent.id)
  const own = ownSessions.value.find((one) => one.id === id)
  const [isGone, setGone] = useState(false)
  // asked once when it is drawn, and again where this browser's list lets go of it: it may have been deleted there, or by others
  const isKnown = Boolean(known)
  useEffect(() => {
    let isOver = false
    isThere(parent.id).then((is) => !isOver && setGone(!is), () => undefined) // without an answer it may be
    return () => void (isOver = true)
  }, [isKnown])
  const words = html`<${Branch} />fork ${partingWords(parent.step)}`
  if (known?.isGone || isGone) return html`<span class="family__parent" data-gone title="The run that it was made of was deleted, or has expired; this one is whole without it">${words}</span>`
  const what = [`Up to there it is ${known ? `the run ${known.name}` : "another run"}`, own?.change].filter(Boolean).join("; from there on: ")
  return html`
    <span class="family__parent">
      <a href=${lensOf(parent.id, parent.step)} title=${`${what}. Opens the run that it was made of`}>${words}</a>
      <a href=${sideBySide([parent.id, id])} title="This run beside the one that it was made of">compare</a>
    </span>
  `
}

/** @param {{id: string, forks: OwnSession[]}} properties */
function Forks({ id, forks }) {
  const box = useRef(/** @type {HTMLDetailsElement | null} */ (null))
  const close = () => box.current?.removeAttribute("open")
  return html`
    <details
      class="family__forks"
      ref=${box}
      onFocusOut=${(/** @type {FocusEvent} */ event) => !box.current?.contains(/** @type {Node | null} */ (event.relatedTarget)) && close()}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Escape" || !box.current?.open) return
        event.stopPropagation()
        close()
        box.current.querySelector("summary")?.focus()
      }}
    >
      <summary>${forks.length === 1 ? "1 fork" : `${formatCount(forks.length)} forks`}</summary>
      <ul class="family__list" tabindex="-1" aria-label="Forks of this run that this browser knows">
        ${forks.map((one) => html`
          <li key=${one.id}>
            <span>
              <a href=${lensOf(one.id, null)}>${partingWords(one.parent?.step ?? 0)}</a> <span class="soft">· ${one.step === 1 ? "1 step" : `${formatCount(one.step)} steps`}</span>
              <br /><span class="soft">${one.change || one.about}</span>
            </span>
            <a class="button" href=${sideBySide([id, one.id])}>Compare<span class="visually-hidden"> with the fork ${partingWords(one.parent?.step ?? 0)}</span></a>
          </li>
        `)}
      </ul>
    </details>
  `
}

/** @param {string} id @param {number | null} step */
const lensOf = (id, step) => `/${writeAddress({ session: id, step: step || null, example: null, phase: null, cell: null })}`

/** @param {string[]} sessions */
const sideBySide = (sessions) => doorBeside(sessions, trace.value?.step ?? null)

function Branch() {
  return html`<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path d="M3 1v10M3 7.5c0-3 6-1 6-5.5M7 4l2-2.5L11 4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" /></svg>`
}

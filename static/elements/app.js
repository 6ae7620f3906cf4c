/** The page: its bar, and whichever of loading, failed, empty and shown is true. */
import { html } from "htm/preact"
import { useEffect } from "preact/hooks"
import { writeAddress } from "../address.js"
import { start } from "../address_actions.js"
import { select } from "../cell_actions.js"
import * as edits from "../edit_actions.js"
import { draft, log, whatIf } from "../edit_state.js"
import { writeCompareAddress } from "../lib/compare_address.js"
import { changesAt } from "../lib/edit_log.js"
import { describeRun, planeTitle } from "../lib/run_words.js"
import { movePhase } from "../phase_actions.js"
import { dialog, editKey, isPast, load, session, tab, trace } from "../state.js"
import { moveOn, takeStep, togglePlay } from "../step_actions.js"
import { openDialog, openTab } from "../view_actions.js"
import { Agreement } from "./agreement.js"
import { Batch } from "./batch.js"
import { Boundary } from "./boundary.js"
import { Curves } from "./curves.js"
import { ForkDialog } from "./fork_dialog.js"
import { Gate } from "./gate.js"
import { GradientFlow } from "./gradient_flow.js"
import { Health } from "./health.js"
import { Help } from "./help.js"
import { Inspector } from "./inspector.js"
import { Lens } from "./lens.js"
import { OwnSessions } from "./own_sessions.js"
import { PastNote } from "./past_note.js"
import { Pictures } from "./pictures.js"
import { PresetNote } from "./preset_note.js"
import { ProblemNote } from "./problem.js"
import { Proof } from "./proof.js"
import { SchemeButton } from "./scheme_button.js"
import { SessionForm } from "./session_form.js"
import { Share } from "./share.js"
import { TableView } from "./table_view.js"
import { Tooltip } from "./tooltip.js"
import { Transport } from "./transport.js"
import { ContinueAsCopy, WatchNote } from "./watch_note.js"

export function App() {
  useEffect(() => {
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [])
  return html`
    <div class="page">
      <${Bar} />
      ${load.value.status === "loading" && html`<${Loading} />`}
      ${load.value.status === "failed" && html`<${Failed} />`}
      ${(load.value.status === "ready" || load.value.status === "empty") && html`<${Shown} />`}
    </div>
    ${dialog.value === "form" && html`<${SessionForm} />`}
    ${dialog.value === "table" && html`<${TableView} />`}
    ${dialog.value === "help" && html`<${Help} />`}
    ${dialog.value === "compare" && html`<${Compare} />`}
    ${dialog.value === "share" && html`<${Share} />`}
    ${dialog.value === "sessions" && html`<${OwnSessions} />`}
    <${Tooltip} />
  `
}

function Shown() {
  return html`
    <div class="page__transport"><${WatchNote} /><${Transport} /></div>
    <main class="page__main" id="lens" tabindex="-1">
      <div class="page__lens"><${PresetNote} />${trace.value ? html`<${Lens} />` : html`<${Empty} />`}</div>
      <section class="page__inspector" id="inspector" aria-label="Inspector"><${Inspector} /></section>
      ${trace.value && html`<div class="page__tabs"><${Tabs} /></div>`}
    </main>
  `
}

function Bar() {
  const run = session.value
  // of the past, the settings that it was taken with
  const changes = run && isPast.value ? changesAt(log.value?.edits ?? [], run.config, trace.value?.step ?? 0) : log.value?.changes
  const words = run ? describeRun({ ...run.config, ...changes }, !editKey.value) : ""
  return html`
    <header class="page__bar">
      <h1 class="page__name">Backscope</h1>
      <p class="page__run" title=${words}>${words || "A microscope for the backward pass"}</p>
      <nav class="page__actions" aria-label="Page">
        <button class="button" onClick=${() => openDialog("form")} disabled=${!run && load.value.status !== "failed"}>New run</button>
        <button class="button" onClick=${() => openDialog("compare")} disabled=${!run}>Compare</button>
        <button class="button" onClick=${() => openDialog("share")} disabled=${!run}>Share</button>
        <button class="button" data-look="plain" onClick=${() => openDialog("sessions")}>Your sessions</button>
        <a class="button" data-look="plain" href=${`/derivation${placeOf(run)}`}>Derivation</a>
        <a class="button" data-look="plain" href="/docs">API</a>
        <button class="button" data-look="plain" onClick=${() => openDialog("help")}>Help</button>
        <${SchemeButton} />
      </nav>
    </header>
  `
}

/** A fork of the run on the page, opened beside it. */
function Compare() {
  const run = session.value
  if (!run) return null
  const step = trace.value?.step ?? 0
  return html`
    <${ForkDialog}
      session=${run}
      step=${step}
      onClose=${() => openDialog("none")}
      onMade=${(/** @type {string} */ id, /** @type {number} */ reached) => location.assign(`/compare${writeCompareAddress({ sessions: [run.id, id], step: Math.max(step, reached), tensors: [], layer: null, phase: null, cell: null })}`)}
      onFork=${(/** @type {string} */ id, /** @type {number} */ reached) => location.assign(`/${writeAddress({ session: id, step: reached, example: null, phase: null, cell: null })}`)}
    />
  `
}

/** The session and the step that are looked at. @param {import("../types.js").Session | null} run */
const placeOf = (run) => writeAddress({ session: run?.id ?? null, step: trace.value?.step ?? null, example: null, phase: null, cell: null })

const tabs = /** @type {const} */ ([
  ["flow", "Gradient flow", GradientFlow],
  ["gate", "Element by element", Gate],
  ["agreement", "Examples' agreement", Agreement],
  ["proof", "Proof", Proof],
  ["health", "Health", Health],
  ["curves", "Curves", Curves],
  ["batch", "Batch", Batch],
  ["boundary", "Boundary", Boundary],
  ["pictures", "Pictures", Pictures],
])

/** What a view that speaks of the network, and not of the step alone, says of a step of the past. @type {Partial<Record<string, string>>} */
const aboutThePast = {
  health: "Nothing after it is judged.",
  boundary: "The network answers with the weights that it had then.",
}

/** https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
function Tabs() {
  const [, , Panel] = tabs.find(([name]) => name === tab.value) ?? tabs[0]
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    event.stopPropagation()
    const position = tabs.findIndex(([name]) => name === tab.value)
    const [name] = tabs[(position + by + tabs.length) % tabs.length] ?? tabs[0]
    openTab(name)
    document.getElementById(`tab-${name}`)?.focus()
  }
  return html`
    <section class="tabs" aria-label="Views of this step">
      <div class="tabs__list" role="tablist" onKeyDown=${move}>
        ${tabs.map(
          ([name, title]) => html`
            <button
              key=${name}
              id=${`tab-${name}`}
              class="tabs__tab"
              role="tab"
              aria-selected=${tab.value === name}
              aria-controls="tab-panel"
              tabindex=${tab.value === name ? 0 : -1}
              onClick=${() => openTab(name)}
            >${name === "boundary" ? planeTitle(session.value) : title}</button>
          `,
        )}
      </div>
      ${whatIf.value && html`<p class="tabs__note">These views are of step ${trace.value?.step} as it was taken, without the edit that is tried in the lens.</p>`}
      <div class="tabs__panel" id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${tab.value}`}>
        ${tab.value !== "curves" && html`<${PastNote} about=${aboutThePast[tab.value]} />`}
        <${Panel} />
      </div>
    </section>
  `
}

function Loading() {
  return html`
    <main class="state" id="lens" aria-busy="true">
      <div class="state__lanes" aria-hidden="true">${Array.from({ length: 10 }, (_, i) => html`<span key=${i}></span>`)}</div>
      <p class="soft" role="status">Taking the first batch…</p>
    </main>
  `
}

function Failed() {
  const { problem } = load.value
  return html`
    <main class="state" id="lens">
      <h2 class="state__title">Nothing could be opened</h2>
      ${problem && html`<${ProblemNote} problem=${problem} onRetry=${start} />`}
      <p><a class="button" href="/">Start a new run</a></p>
    </main>
  `
}

function Empty() {
  return html`
    <div class="state">
      <h2 class="state__title">No batch has been taken yet</h2>
      <p class="soft">
        ${editKey.value
          ? "The network stands as it was initialised. Its first gradient comes with its first batch."
          : "Whoever teaches has not taken a step yet. The first one shows here as soon as it is taken."}
      </p>
      ${editKey.value && html`<p><button class="button" data-look="primary" onClick=${takeStep}>Take the first batch</button></p>`}
      ${!editKey.value && html`<${ContinueAsCopy} />`}
    </div>
  `
}

/** Keys that work anywhere but where a person types or another control has them. @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {HTMLElement} */ (event.target)
  if (isUndo(event)) {
    event.preventDefault()
    return event.shiftKey || event.key.toLowerCase() === "y" ? edits.redo() : edits.undo()
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || dialog.value !== "none") return
  if (event.key === "Escape" && draft.value) return edits.discard() // also from a field
  if (target.closest("input, select, textarea, [contenteditable]")) return
  const isControl = target.closest("button, a, [role=tab]")
  if (event.key === " " && !isControl) togglePlay()
  else if (event.key === "n") takeStep()
  else if (event.key === "." || event.key === "]") movePhase(1)
  else if (event.key === "," || event.key === "[") movePhase(-1)
  else if (event.key === "ArrowLeft" && !target.closest(".heatmap")) moveOn(-1, event.shiftKey)
  else if (event.key === "ArrowRight" && !target.closest(".heatmap")) moveOn(1, event.shiftKey)
  else if (event.key === "Escape") select(null)
  else if (event.key === "g") document.getElementById("jump")?.focus()
  else if (event.key === "?") openDialog("help")
  else return
  event.preventDefault()
}

/** Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y, where they don't belong to a field. @param {KeyboardEvent} event */
function isUndo(event) {
  const target = /** @type {HTMLElement} */ (event.target)
  const isAsked = (event.ctrlKey || event.metaKey) && !event.altKey && ["z", "y"].includes(event.key.toLowerCase())
  return isAsked && !event.defaultPrevented && dialog.value === "none" && session.value !== null && !target.closest("input, select, textarea, [contenteditable]")
}

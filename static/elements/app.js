/** The page: its bar, and whichever of loading, failed, empty and shown is true. */
import { html } from "htm/preact"
import { useEffect } from "preact/hooks"
import { writeAddress } from "../address.js"
import { start } from "../address_actions.js"
import { goBeside } from "../beside_actions.js"
import { select } from "../cell_actions.js"
import * as edits from "../edit_actions.js"
import { done, draft, isWhyOpen, log, whatIf } from "../edit_state.js"
import { keyAlong } from "../kept_keys.js"
import { changesAt } from "../lib/edit_log.js"
import { describeRun } from "../lib/run_words.js"
import { movePhase } from "../phase_actions.js"
import { awaited, dialog, editKey, isPast, line, load, session, trace } from "../state.js"
import { moveOn, takeStep, togglePlay } from "../step_actions.js"
import { openDialog } from "../view_actions.js"
import { brought } from "./brought.js"
import { CellBar } from "./cell_bar.js"
import { Family } from "./family.js"
import { Inspector } from "./inspector.js"
import { Lens } from "./lens.js"
import { PresetNote } from "./preset_note.js"
import { PrintedHead } from "./printed_head.js"
import { ProblemNote } from "./problem.js"
import { SchemeButton } from "./scheme_button.js"
import { Tabs } from "./tabs.js"
import { Tooltip } from "./tooltip.js"
import { Transport } from "./transport.js"
import { ContinueAsCopy } from "./watch_note.js"

const ForkDialog = brought(async () => (await import("./fork_dialog.js")).ForkDialog)
const Help = brought(async () => (await import("./help.js")).Help)
const OwnSessions = brought(async () => (await import("./own_sessions.js")).OwnSessions)
const SessionForm = brought(async () => (await import("./session_form.js")).SessionForm)
const Share = brought(async () => (await import("./share.js")).Share)
const TableView = brought(async () => (await import("./table_view.js")).TableView)

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
    <div class="page__transport"><${Transport} /></div>
    <${PrintedHead} />
    <main class="page__main" id="lens" tabindex="-1" aria-busy=${awaited.value !== ""}>
      <div class="page__lens"><${PresetNote} />${trace.value ? html`<${Lens} />` : html`<${Empty} />`}</div>
      <section class="page__inspector" id="inspector" aria-label="Inspector" tabindex="-1"><${Inspector} /></section>
      ${trace.value && html`<div class="page__tabs"><${Tabs} /></div><${CellBar} />`}
    </main>
  `
}

function Bar() {
  const run = session.value
  // of the past, the settings that it was taken with
  const changes = run && isPast.value ? changesAt(log.value?.edits ?? [], run.config, trace.value?.step ?? 0) : log.value?.changes
  const isGone = line.value === "gone" // there is nothing to fork any more, and nothing to show to others
  const words = run ? describeRun({ ...run.config, ...changes }, !editKey.value) : ""
  return html`
    <header class="page__bar">
      <h1 class="page__name">Backscope</h1>
      <p class="page__run" title=${words}>${words || "A microscope for the backward pass"}</p>
      <${Family} />
      <nav class="page__actions" aria-label="Page">
        <button class="button" onClick=${() => openDialog("form")} disabled=${!run && load.value.status !== "failed"}>New run</button>
        <button class="button" onClick=${() => openDialog("compare")} disabled=${!run || isGone}>Compare</button>
        <button class="button" onClick=${() => openDialog("share")} disabled=${!run || isGone}>Share</button>
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
      log=${done.value}
      step=${step}
      onClose=${() => openDialog("none")}
      onMade=${goBeside}
      onFork=${(/** @type {string} */ id, /** @type {number} */ reached) => location.assign(`/${writeAddress({ session: id, step: reached, example: null, phase: null, cell: null })}${keyAlong(id)}`)}
    />
  `
}

/** The session and the step that are looked at. @param {import("../types.js").Session | null} run */
const placeOf = (run) => writeAddress({ session: run?.id ?? null, step: trace.value?.step ?? null, example: null, phase: null, cell: null })

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
  const isGone = problem?.status === 404
  return html`
    <main class="state" id="lens">
      <h2 class="state__title">${isGone ? "This run is not there" : "Nothing could be opened"}</h2>
      ${problem && html`<${ProblemNote} problem=${problem} onRetry=${start} />`}
      <p class="state__ways">
        <a class="button" data-look="primary" href="/">Start a new run</a>
        ${isGone && html`<button class="button" onClick=${() => openDialog("sessions")}>Your sessions</button>`}
      </p>
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
  if (event.key === "Escape" && isWhyOpen.value) return edits.openWhy(false)
  if (event.key === "Escape" && (draft.value || whatIf.value)) return edits.discard() // also from a field
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

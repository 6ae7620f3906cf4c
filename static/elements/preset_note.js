/** What to look for in the preset that was opened, and the ways there, until it is put away or another run is opened. */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { goBeside } from "../beside_actions.js"
import { forkProblem, forkRun } from "../fork_actions.js"
import { formatCount } from "../lib/format.js"
import { isTabName } from "../lib/tab_names.js"
import { useOutOfSight } from "../lib/use_out_of_sight.js"
import { useProblem } from "../lib/use_problem.js"
import { leavePreset } from "../preset_actions.js"
import { showTabs } from "../sight.js"
import { line, preset, session, trace } from "../state.js"
import { openTab } from "../view_actions.js"
import { ProblemNote } from "./problem.js"
import { tabTitle } from "./tabs.js"

export function PresetNote() {
  const now = preset.value
  if (!now || now.session !== session.value?.id) return null
  const { tab } = now.look
  return html`
    <aside class="preset-note" key=${now.session} aria-label="What to look for">
      <p><strong>${now.title}.</strong> ${now.look_for}</p>
      ${(now.beside || isTabName(tab)) && html`
        <div class="preset-note__doors">
          ${now.beside && html`<${Beside} id=${now.session} beside=${now.beside} />`}
          ${isTabName(tab) && trace.value && html`<${Below} tab=${tab} />`}
        </div>
      `}
      <button class="button" data-look="plain" aria-label="Put this note away" onClick=${leavePreset}>×</button>
    </aside>
  `
}

/** The way to the view that the sentence speaks of, where that is out of sight; else its place is kept, so that nothing moves while one scrolls. @param {{tab: import("../lib/tab_names.js").TabName}} properties */
function Below({ tab }) {
  const isOut = useOutOfSight("tab-panel", "0px 0px -25% 0px") // an edge of it at the window's foot shows nothing yet
  return html`
    <button class="button preset-note__below" data-out=${isOut ? "" : undefined} onClick=${() => { openTab(tab); showTabs() }}>
      ${tabTitle(tab, session.value)} below <span aria-hidden="true">↓</span>
    </button>
  `
}

/** The run that this one is seen best beside, made with one click and brought as far. @param {{id: string, beside: {words: string, changes: object}}} properties */
function Beside({ id, beside: { words, changes } }) {
  const [reached, setReached] = useState(/** @type {number | null} */ (null))
  const [problem, setProblem] = useProblem()
  const to = trace.value?.step ?? 0
  const make = async () => {
    setProblem(null)
    setReached(0)
    try {
      const made = await forkRun(id, 0, changes, { to, signal: new AbortController().signal, onProgress: setReached })
      if (session.value?.id === id) goBeside(made.id, made.step)
    } catch (error) {
      setProblem(forkProblem(error, make))
    } finally {
      setReached(null)
    }
  }
  return html`
    ${problem && html`<${ProblemNote} problem=${problem} onRetry=${problem.retry} isOfAction />`}
    <button class="button" disabled=${reached !== null || line.value === "gone"} onClick=${make}>Compare with ${words}</button>
    ${reached !== null && html`<span class="preset-note__progress soft" role="status">step ${formatCount(reached)} of ${formatCount(to)}</span>`}
  `
}

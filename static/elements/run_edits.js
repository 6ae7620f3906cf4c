/**
 * The run's edits, beside the lens: the optimizer from here on, every edit of the catalogue, and what was done so far.
 *
 * @import { EditParameter } from "../types.js"
 * @import { Texts } from "../lib/edit_draft.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import * as edits from "../edit_actions.js"
import { draft, entries, log, optimizerNow, whatIf } from "../edit_state.js"
import { textsOf } from "../lib/edit_draft.js"
import { foldLog } from "../lib/edit_log.js"
import { editWords } from "../lib/edit_words.js"
import { withPresent } from "../lib/whole_values.js"
import { leapToStep } from "../look_actions.js"
import { catalog, lit, session, wholeTrace } from "../state.js"
import { Compared } from "./compared.js"
import { EditDoors } from "./edit_doors.js"
import { EditFields } from "./edit_fields.js"
import { Select } from "./form/fields.js"
import { NamedWords } from "./named_words.js"

export function RunEdits() {
  const title = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => title.current?.focus(), [])
  const now = draft.value?.place === "run" ? draft.value : null
  return html`
    <section class="run-edits" aria-labelledby="run-edits-title" onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || draft.value) return // an edit that is tried is let go of first
      event.stopPropagation()
      edits.openRun(false)
    }}>
      <header class="cell-card__head">
        <h2 class="run-edits__title" id="run-edits-title" tabindex="-1" ref=${title}>Edits of this run</h2>
        <button class="button" data-look="plain" onClick=${() => edits.openRun(false)}>Close</button>
      </header>
      <${Optimizer} now=${now?.entry.name === OPTIMIZER ? now : null} />
      <${AnyEdit} key=${session.value?.id} now=${now && now.entry.name !== OPTIMIZER ? now : null} />
      ${whatIf.value && lit.value && html`<${Compared} cell=${lit.value} isNamed />`}
      <${Done} />
    </section>
  `
}

const OPTIMIZER = "optimizer" // the edit whose fields are the parameters of the run's own optimizer

/** The optimizer's parameters, as they are from here on. @param {{now: import("../edit_state.js").Draft | null}} properties */
function Optimizer({ now }) {
  const entry = entries.value.find(({ name }) => name === OPTIMIZER)
  const own = catalog.value?.optimizers.find(({ name }) => name === optimizerNow.value.name)
  if (!entry || !own) return null
  const parameters = /** @type {EditParameter[]} */ (own.parameters)
  const texts = now?.texts ?? Object.fromEntries(parameters.map(({ name }) => [name, String(optimizerNow.value[name])]))
  // a setting is refused as changes.learning_rate, and its field is the setting's own
  const problem = now?.problem ? { ...now.problem, field: now.problem.field?.replace("changes.", "") ?? null } : null
  return html`
    <section class="run-edits__part" aria-label="Optimizer">
      <h3 class="eyebrow">Optimizer from here on <span class="run-edits__what">${own.title}</span></h3>
      <div class="run-edits__fields">
        <${EditFields} id="run" entry=${{ ...entry, name: OPTIMIZER }} texts=${texts} parameters=${parameters} problem=${problem} onChange=${(/** @type {Texts} */ to, /** @type {boolean} */ isHeld) => edits.tryEdit({ entry, texts: to, place: "run", cell: null }, isHeld)} />
      </div>
      ${now && html`<${EditDoors} fields=${["changes", ...parameters.map(({ name }) => name)]} />`}
    </section>
  `
}

/** Any edit of the catalogue, by its fields. @param {{now: import("../edit_state.js").Draft | null}} properties */
function AnyEdit({ now }) {
  const others = entries.value.filter(({ name }) => name !== OPTIMIZER)
  const [chosen, setChosen] = useState(others[0]?.name ?? "")
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState(/** @type {Texts} */ ({})) // before it is tried: what is typed, and nothing of the step, which may go on
  const entry = others.find(({ name }) => name === (now?.entry.name ?? chosen))
  if (!entry) return null
  const whole = wholeTrace.value
  const texts = now?.texts ?? { ...withPresent(entry, { ...textsOf(entry, {}, []), ...typed }, whole), ...typed }
  const problem = now ? now.problem : edits.refusedBeforehand({ entry, texts, place: "run" })
  /** @param {Texts} to @param {boolean} [isHeld] */
  const attempt = (to, isHeld) => edits.tryEdit({ entry, texts: to, place: "run", cell: null }, isHeld)
  /** @param {Texts} to @param {boolean} isHeld */
  const change = (to, isHeld) => {
    if (now) return attempt(withPresent(entry, to, whole, texts), isHeld)
    setTyped({ ...typed, ...Object.fromEntries(Object.entries(to).filter(([name, text]) => text !== texts[name])) })
  }
  const begin = () => {
    setTyped({})
    attempt(texts)
  }
  /** @param {string} name */
  const choose = (name) => {
    if (now) edits.discard()
    setTyped({})
    setChosen(name)
  }
  return html`
    <details class="run-edits__part" open=${isOpen || now !== null} onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
      <summary class="eyebrow">Any edit</summary>
      <div class="run-edits__fields">
        <${Select} name="edit.any" value=${entry.name} label="What" hint=${entry.help} entries=${others} onChange=${(/** @type {Texts} */ to) => choose(to["edit.any"] ?? "")} />
        <${EditFields} id="any" entry=${entry} texts=${texts} parameters=${entry.parameters} problem=${now || Object.keys(typed).length > 0 ? problem : null} onChange=${change} />
        ${!now && html`<button class="button" disabled=${problem !== null} onClick=${begin}>Try it on this step</button>`}
      </div>
      ${now && html`<${EditDoors} fields=${entry.parameters.map(({ name }) => name)} />`}
    </details>
  `
}

/** What was done, the newest first; each leads to the first step that it acted on. */
function Done() {
  const all = log.value?.edits ?? []
  const { done, of } = foldLog(all)
  const step = session.value?.step ?? 0
  return html`
    <section class="run-edits__part" aria-label="What was done">
      <h3 class="eyebrow">What was done</h3>
      ${all.length === 0
        ? html`<p class="soft">Nothing yet: every step follows from the configuration and the seed.</p>`
        : html`
          <ol class="done">
            ${[...all].reverse().map((entry) => {
              const about = of.get(entry.number)
              const words = editWords((about ?? entry).action, entries.value)
              const isUndone = !about && !done.includes(entry)
              return html`
                <li key=${entry.number} class="done__entry" data-undone=${isUndone ? "" : undefined}>
                  ${entry.step < step
                    ? html`<button class="link" title="Look at the first step that it acted on" onClick=${() => leapToStep(entry.step + 1)}>step ${entry.step + 1}</button>`
                    : html`<span class="soft">step ${entry.step + 1}, next</span>`}
                  <span>${about ? html`<span class="soft">${entry.action.name === "undo" ? "undone:" : "done again:"}</span> ` : ""}<span class="done__words"><${NamedWords} text=${words} /></span>${isUndone && html` <span class="soft">(undone)</span>`}</span>
                </li>
              `
            })}
          </ol>
        `}
    </section>
  `
}

/**
 * Any one thing to change in a fork: first which, then its own fields, as the form of a run has them.
 *
 *   <ForkForm known={catalog} config={config} from={0} problem={problem} onChange={() => …} onMake={(changes) => …} />
 *
 * @import { Values } from "../lib/form_values.js"
 * @import { OpenField } from "../lib/fork_choices.js"
 * @import { Catalog, SessionConfig } from "../types.js"
 */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { boundWords } from "../lib/bounds.js"
import { changesOf, openFields, openProblems, openValues } from "../lib/fork_choices.js"
import { pageMessage } from "../lib/field_words.js"
import { fieldOf } from "../lib/form_values.js"
import { Select, Text } from "./form/fields.js"
import { Ingredient } from "./form/ingredient.js"
import { ProblemNote } from "./problem.js"

/**
 * @param {{known: Catalog, config: SessionConfig, from: number, problem: import("../state.js").Problem | null, onChange: () => void, onMake: (changes: object) => void}} properties
 * `config` as the run goes on from step `from`; `problem`: what a fork by this form was refused with
 */
export function ForkForm({ known, config, from, problem, onChange, onMake }) {
  const fields = openFields(known, config, from)
  const [name, setName] = useState(fields[0]?.field ?? "")
  const [typed, setTyped] = useState(/** @type {Values | null} */ (null))
  const [isOpen, setOpen] = useState(false)
  const open = fields.find(({ field }) => field === name)
  if (!open) return null
  const values = typed ?? openValues(known, config, open)
  const wrong = openProblems(known, open, values)
  const refused = problem ? fieldOf(problem.field?.replace(/^changes\./, "") ?? null, values) : null
  /** @param {string} field */
  const bind = (field) => ({
    name: field,
    value: values[field] ?? "",
    problem: wrong[field] ?? (refused === field ? pageMessage(problem?.field ?? null, problem?.message ?? "") : undefined),
    onChange: (/** @type {Values} */ changes) => {
      onChange()
      setTyped({ ...values, ...changes })
    },
  })
  const choose = (/** @type {Values} */ change) => {
    onChange()
    setName(change["fork.field"] ?? "")
    setTyped(null)
  }
  return html`
    <details class="fork__other" open=${isOpen} onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
      <summary>Something else…</summary>
      <form
        class="fork__form"
        aria-label="Any other value"
        noValidate
        onSubmit=${(/** @type {Event} */ event) => {
          event.preventDefault()
          if (Object.keys(wrong).length === 0) onMake(changesOf(known, config, open, values))
        }}
      >
        <${Select} name="fork.field" value=${name} label="What changes" entries=${fields.map(({ field, title }) => ({ name: field, title }))} onChange=${choose} />
        <div class="fork__fields" key=${name}><${Fields} open=${open} known=${known} bind=${bind} /></div>
        ${problem && !refused && html`<div class="fork__refused"><${ProblemNote} problem=${problem} onRetry=${problem.retry} isOfAction /></div>`}
        <button class="button" data-look="primary" type="submit" disabled=${Object.keys(wrong).length > 0}>Compare with it</button>
      </form>
    </details>
  `
}

/** @param {{open: OpenField, known: Catalog, bind: import("./form/fields.js").Bind}} properties */
function Fields({ open: { field, title, none, number }, known, bind }) {
  if (!number) return html`<${Ingredient} field=${field} label=${title} none=${none} known=${known} bind=${bind} />`
  return html`<${Text} ...${bind(field === "learning_rate" ? "optimizer.learning_rate" : field)} label=${title} hint=${boundWords(number)} />`
}

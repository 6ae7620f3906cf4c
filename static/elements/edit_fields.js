/**
 * The fields of an edit, from its entry in the catalogue, each with its help, its bounds and what the service says is wrong with it.
 *
 *   <EditFields id="cell" entry={entry} texts={texts} names={["factor"]} problem={problem} onChange={(texts, isHeld) => ...} />
 *
 * @import { EditEntry, EditParameter } from "../types.js"
 * @import { Texts } from "../lib/edit_draft.js"
 */
import { html } from "htm/preact"
import { fieldOfEdit, startOf, stepOf } from "../lib/edit_draft.js"
import { choicesIn, parameterAt, placeBounds } from "../lib/edit_places.js"
import { pageMessage, titleOf } from "../lib/field_words.js"
import { boundsOf } from "../lib/form_values.js"
import { wholeTrace } from "../state.js"
import { Area, Check, Select } from "./form/fields.js"
import { NumberField } from "./number_field.js"
import { WholeField } from "./whole_field.js"

/**
 * @param {{id: string, entry: EditEntry, texts: Texts, parameters: EditParameter[], problem: import("../state.js").Problem | null,
 *   onChange: (texts: Texts, isHeld: boolean) => void}} properties `id` keeps these fields apart from those of another form
 */
export function EditFields({ id, entry, texts, parameters, problem, onChange }) {
  const places = wholeTrace.value ? placeBounds(entry, texts, wholeTrace.value) : {}
  return parameters.map((parameter) => {
    const { name, type, choices, help, nullable } = parameter
    const field = `edit.${id}.${entry.name}.${name}`
    const isInteger = type === "integer"
    const bounds = places[name] ?? (type === "number" || isInteger ? boundsOf(/** @type {any} */ (parameter)) : "")
    const hint = [help, bounds, nullable && "empty: none"].filter(Boolean).join("; ")
    const bound = { name: field, value: texts[name] ?? "", hint, problem: problemAt(problem, name), onChange: (/** @type {Texts} */ change) => onChange({ ...texts, [name]: change[field] ?? "" }, false) }
    if (choices) {
      const there = wholeTrace.value ? choicesIn(choices, wholeTrace.value) : choices
      return html`<${Select} key=${name} ...${bound} label=${titleOf(name)} entries=${there.map((choice) => ({ name: choice, title: choice }))} />`
    }
    if (type === "boolean") return html`<${Check} key=${name} ...${bound} label=${titleOf(name)} />`
    const whole = type === "array" && wholeTrace.value ? parameterAt(entry, texts, wholeTrace.value) : null
    if (whole) return html`<${WholeField} key=${name} ...${bound} label=${titleOf(name)} tensor=${whole} />`
    if (type === "array" || type === "object" || type === "string") return html`<${Area} key=${name} ...${bound} label=${titleOf(name)} />`
    const text = texts[name] ?? ""
    const step = isInteger ? 1 : stepOf(Number(startOf(parameter)), Math.abs(Number(text)) || 1) * 10
    return html`<${NumberField} key=${name} name=${field} label=${titleOf(name)} text=${text} step=${step} hint=${hint} problem=${bound.problem} onChange=${(/** @type {string} */ to, /** @type {boolean} */ isHeld) => onChange({ ...texts, [name]: to }, isHeld)} />`
  })
}

/** What is wrong with one field: of a whole tensor, also with one of its cells. @param {import("../state.js").Problem | null} problem @param {string} name */
export function problemAt(problem, name) {
  const field = fieldOfEdit(problem?.field ?? null)
  const isHere = field === name || field.startsWith(`${name}[`) || field.startsWith(`${name}.`)
  return problem && isHere ? pageMessage(problem.field, problem.message) : undefined
}

/** A problem that is about none of these fields. @param {import("../state.js").Problem | null} problem @param {readonly string[]} names */
export const elsewhere = (problem, names) => (problem && !names.some((name) => problemAt(problem, name)) ? problem : null)

/** Controls of a form: a label, the control, a hint, and what is wrong with it, tied together for screen readers. */
import { html } from "htm/preact"

/** @import { Values } from "../../lib/form_values.js" */

/** @typedef {{name: string, value: string, onChange: (changes: Values) => void, problem?: string}} Bound a field with what stands in it */

/** What every control asks of the form that it stands in. @typedef {(name: string) => Bound} Bind */

/** @param {string} field */
export const idOf = (field) => `form-${field.replace(/[^\w]+/g, "-")}`

/** @param {{name: string, label: string, isHidden?: boolean, hint?: string, problem?: string, children?: unknown}} properties `isHidden`: the label is for screen readers alone */
export function Field({ name, label, isHidden, hint, problem, children }) {
  const id = idOf(name)
  return html`
    <div class="field" data-wrong=${problem ? "" : undefined}>
      <label class=${isHidden ? "visually-hidden" : "field__label"} for=${id}>${label}</label>
      ${children}
      <${Notes} name=${name} hint=${hint} problem=${problem} />
    </div>
  `
}

/** @param {{name: string, hint?: string, problem?: string}} properties */
export function Notes({ name, hint, problem }) {
  return html`
    ${hint && html`<p class="field__hint" id=${`${idOf(name)}-hint`}>${hint}</p>`}
    ${problem && html`<p class="field__problem" id=${`${idOf(name)}-problem`} role="alert">${problem}</p>`}
  `
}

/** @param {{name: string, hint?: string, problem?: string}} properties */
export const described = ({ name, hint, problem }) => ({
  id: idOf(name),
  name,
  "aria-invalid": problem ? "true" : undefined,
  "aria-describedby": [hint && `${idOf(name)}-hint`, problem && `${idOf(name)}-problem`].filter(Boolean).join(" ") || undefined,
})

/** @param {Bound & {label: string, isHidden?: boolean, hint?: string, isText?: boolean}} properties */
export function Text({ value, onChange, isText, ...field }) {
  return html`
    <${Field} ...${field}>
      <input
        class="field__control"
        ...${described(field)}
        type="text"
        inputmode=${isText ? "text" : "decimal"}
        autocomplete="off"
        spellcheck=${false}
        value=${value}
        onInput=${(/** @type {any} */ event) => onChange({ [field.name]: event.currentTarget.value })}
      />
    <//>
  `
}

/** Several lines of numbers. @param {Bound & {label: string, hint?: string, rows?: number, placeholder?: string}} properties */
export function Area({ value, onChange, rows = 3, placeholder, ...field }) {
  return html`
    <${Field} ...${field}>
      <textarea
        class="field__control field__control--area"
        ...${described(field)}
        rows=${rows}
        placeholder=${placeholder}
        autocomplete="off"
        spellcheck=${false}
        value=${value}
        onInput=${(/** @type {any} */ event) => onChange({ [field.name]: event.currentTarget.value })}
      />
    <//>
  `
}

/** @param {Bound & {label: string, isHidden?: boolean, hint?: string, entries: {name: string, title: string}[]}} properties */
export function Select({ value, onChange, entries, ...field }) {
  return html`
    <${Field} ...${field}>
      <select class="field__control" ...${described(field)} value=${value} onChange=${(/** @type {any} */ event) => onChange({ [field.name]: event.currentTarget.value })}>
        ${entries.map(({ name, title }) => html`<option key=${name} value=${name} selected=${name === value}>${title}</option>`)}
      </select>
    <//>
  `
}

/** @param {Bound & {label: string, hint?: string}} properties */
export function Check({ value, onChange, ...field }) {
  return html`
    <div class="field field--check">
      <input ...${described(field)} type="checkbox" checked=${value === "true"} onChange=${(/** @type {any} */ event) => onChange({ [field.name]: String(event.currentTarget.checked) })} />
      <label class="field__label" for=${idOf(field.name)}>${field.label}</label>
      <${Notes} ...${field} />
    </div>
  `
}

/** What few people need, folded away, with what stands in it as words. @param {{title: string, now?: string, isOpen?: boolean, children?: unknown}} properties */
export function Fold({ title, now, isOpen, children }) {
  return html`
    <details class="fold" open=${isOpen}>
      <summary class="fold__title">${title}${now && html` <span class="fold__now">${now}</span>`}</summary>
      <div class="fold__body">${children}</div>
    </details>
  `
}

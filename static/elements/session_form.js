/**
 * What a run is made of, to be chosen; everything comes from the catalogue. The server judges what is typed, and its
 * word stands beside the field that it is about.
 *
 *   <SessionForm />   while state.dialog is "form"
 *
 * @import { Family, Parameter, Values } from "../lib/form_values.js"
 * @import { Catalog, CatalogEntry } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import * as actions from "../actions.js"
import { boundsOf, configOf, endsOf, entryOf, fieldOf, ingredientValues, shapeOf, valuesOf } from "../lib/form_values.js"
import { formatCount } from "../lib/format.js"
import { catalog, session } from "../state.js"
import { ProblemNote } from "./problem.js"

export function SessionForm() {
  return catalog.value ? html`<${Form} known=${catalog.value} />` : null
}

/** @param {{known: Catalog}} properties */
function Form({ known }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const [values, setValues] = useState(() => valuesOf(session.value?.config ?? known.defaults, known))
  const [problem, setProblem] = useState(/** @type {import("../state.js").Problem | null} */ (null))
  const [isBusy, setBusy] = useState(false)
  useEffect(() => box.current?.showModal(), [])

  const field = problem ? fieldOf(problem.field, values) : null
  useEffect(() => {
    if (field) document.getElementById(idOf(field))?.focus()
  }, [problem])

  /** @param {Values} changes */
  const change = (changes) => {
    setValues((before) => ({ ...before, ...changes }))
    if (field && field in changes) setProblem(null) // its word was about what stood there
  }
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setProblem(null)
    try {
      await actions.createSession(configOf(values, known))
      box.current?.close()
    } catch (error) {
      setProblem(actions.toProblem(error))
    } finally {
      setBusy(false)
    }
  }
  /** What every field is given. @param {string} name */
  const bind = (name) => ({ name, value: values[name] ?? "", onChange: change, problem: field === name ? problem?.message : undefined })

  const dataset = entryOf(known, "dataset", values.dataset)
  return html`
    <dialog
      class="session-form"
      ref=${box}
      aria-labelledby="session-form-title"
      onClose=${() => actions.openDialog("none")}
      onClick=${(/** @type {Event} */ event) => event.target === box.current && box.current?.close()}
    >
      <form class="session-form__form" novalidate onSubmit=${submit} aria-busy=${isBusy}>
        <header class="session-form__head">
          <h2 id="session-form-title">New run</h2>
          <button class="button" data-look="plain" type="button" onClick=${() => setValues(valuesOf(known.defaults, known))}>Reset to defaults</button>
        </header>
        <div class="session-form__body">
          ${problem && !field && html`<div class="session-form__wide"><${ProblemNote} problem=${problem} /></div>`}
          <fieldset class="session-form__group">
            <legend class="eyebrow">Data</legend>
            <${Select}
              ...${bind("dataset")}
              label="Dataset"
              entries=${known.datasets}
              hint=${dataset?.description}
              onChange=${({ dataset: name = "" }) => change({ ...ingredientValues(known, "dataset", name), layer_sizes: (entryOf(known, "dataset", name)?.hidden ?? []).join(", ") })}
            />
            <${Parameters} family="dataset" entry=${dataset} bind=${bind} />
            <${Text} ...${bind("batch_size")} label="Batch size" hint=${`examples a step, 1 to ${formatCount(known.limits.max_batch_size ?? 0)}`} />
          </fieldset>

          <fieldset class="session-form__group">
            <legend class="eyebrow">Network</legend>
            <${Text} ...${bind("layer_sizes")} label="Hidden layers" hint="units of each, from input to output: 64, 32. None: leave empty" isText=${true} />
            <${Shape} values=${values} known=${known} />
            <${Select} ...${bind("hidden_activations")} label="Activation of hidden layers" entries=${known.activations} />
            <${Select} ...${bind("output")} label="Output and loss" entries=${known.outputs.map((entry) => ({ ...entry, name: `${entry.activation} ${entry.loss}` }))} />
            <${Select} ...${bind("initializer")} label="Initialisation" entries=${known.initializers} hint=${entryOf(known, "initializer", values.initializer)?.description} onChange=${({ initializer: name = "" }) => change(ingredientValues(known, "initializer", name))} />
            <${Parameters} family="initializer" entry=${entryOf(known, "initializer", values.initializer)} bind=${bind} />
          </fieldset>

          <fieldset class="session-form__group">
            <legend class="eyebrow">Training</legend>
            <${Select} ...${bind("optimizer")} label="Optimizer" entries=${known.optimizers} onChange=${({ optimizer: name = "" }) => change(ingredientValues(known, "optimizer", name))} />
            <${Parameters} family="optimizer" entry=${entryOf(known, "optimizer", values.optimizer)} bind=${bind} />
          </fieldset>

          <fieldset class="session-form__group">
            <legend class="eyebrow">Numbers</legend>
            <${Text} ...${bind("seed")} label="Seed" hint="the same seed and settings give the same run, to the last digit" />
            <${Select} ...${bind("dtype")} label="Precision" entries=${[{ name: "float64", title: "float64, about 16 digits" }, { name: "float32", title: "float32, about 7 digits" }]} />
          </fieldset>
        </div>
        <footer class="session-form__foot">
          <p class="soft">The run on the page is kept under its own address.</p>
          <button class="button" type="button" onClick=${() => box.current?.close()}>Cancel</button>
          <button class="button" data-look="primary" type="submit" disabled=${isBusy}>${isBusy ? "Making it…" : "Start run"}</button>
        </footer>
      </form>
    </dialog>
  `
}

/** @param {string} field */
const idOf = (field) => `form-${field.replaceAll(".", "-")}`

/** "learning_rate" as people write it. @param {string} name */
const titleOf = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ")

/** @typedef {{name: string, value: string, onChange: (changes: Values) => void, problem?: string}} Bound */

/** @param {{family: Family, entry: CatalogEntry | undefined, bind: (name: string) => Bound}} properties */
function Parameters({ family, entry, bind }) {
  return (entry?.parameters ?? []).map((/** @type {Parameter} */ parameter) => {
    const bound = bind(`${family}.${parameter.name}`)
    if (parameter.type === "boolean") return html`<${Check} key=${bound.name} ...${bound} label=${titleOf(parameter.name)} hint=${parameter.help} />`
    const hint = [parameter.help, boundsOf(parameter)].filter(Boolean).join("; ")
    return html`<${Text} key=${bound.name} ...${bound} label=${titleOf(parameter.name)} hint=${hint} />`
  })
}

/** A label, its control, a hint, and what is wrong with it. @param {{name: string, label: string, hint?: string, problem?: string, children?: unknown}} properties */
function Field({ name, label, hint, problem, children }) {
  const id = idOf(name)
  return html`
    <div class="field" data-wrong=${problem ? "" : undefined}>
      <label class="field__label" for=${id}>${label}</label>
      ${children}
      ${hint && html`<p class="field__hint" id=${`${id}-hint`}>${hint}</p>`}
      ${problem && html`<p class="field__problem" id=${`${id}-problem`} role="alert">${problem}</p>`}
    </div>
  `
}

/** @param {{name: string, hint?: string, problem?: string}} properties */
const described = ({ name, hint, problem }) => ({
  id: idOf(name),
  name,
  "aria-invalid": problem ? "true" : undefined,
  "aria-describedby": [hint && `${idOf(name)}-hint`, problem && `${idOf(name)}-problem`].filter(Boolean).join(" ") || undefined,
})

/** @param {Bound & {label: string, hint?: string, isText?: boolean}} properties */
function Text({ value, onChange, isText, ...field }) {
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

/** @param {Bound & {label: string, hint?: string, entries: {name: string, title: string}[]}} properties */
function Select({ value, onChange, entries, ...field }) {
  return html`
    <${Field} ...${field}>
      <select class="field__control" ...${described(field)} value=${value} onChange=${(/** @type {any} */ event) => onChange({ [field.name]: event.currentTarget.value })}>
        ${entries.map(({ name, title }) => html`<option key=${name} value=${name} selected=${name === value}>${title}</option>`)}
      </select>
    <//>
  `
}

/** @param {Bound & {label: string, hint?: string}} properties */
function Check({ value, onChange, ...field }) {
  return html`
    <div class="field field--check">
      <input ...${described(field)} type="checkbox" checked=${value === "true"} onChange=${(/** @type {any} */ event) => onChange({ [field.name]: String(event.currentTarget.checked) })} />
      <label class="field__label" for=${idOf(field.name)}>${field.label}</label>
      ${field.hint && html`<p class="field__hint" id=${`${idOf(field.name)}-hint`}>${field.hint}</p>`}
      ${field.problem && html`<p class="field__problem" id=${`${idOf(field.name)}-problem`} role="alert">${field.problem}</p>`}
    </div>
  `
}

/** The network as typed: 64 → 32 → 10. @param {{values: Values, known: Catalog}} properties */
function Shape({ values, known }) {
  const { sizes, parameterCount } = shapeOf(values, known)
  const { features, classes } = endsOf(values, known)
  const most = known.limits.max_parameters ?? Infinity
  return html`
    <div class="shape" aria-live="polite">
      <p class="shape__sizes">
        ${sizes.map((size, l) => html`${l > 0 && html` <span class="soft">→</span> `}<span class="shape__size" data-end=${l === 0 || l === sizes.length - 1 ? "" : undefined}>${size}</span>`)}
      </p>
      <p class="shape__count">
        ${parameterCount === null ? "Sizes are whole numbers of 1 or more" : `${formatCount(parameterCount)} parameters`}
        ${parameterCount !== null && parameterCount > most && html` <strong>above this server's limit of ${formatCount(most)}</strong>`}
      </p>
      <p class="field__hint">The data fix both ends: ${features} features, ${classes} classes.</p>
    </div>
  `
}

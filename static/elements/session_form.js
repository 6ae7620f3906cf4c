/**
 * What a new run is made of: everything that the catalog offers, laid out as it is declared there.
 * The server checks it; what it refuses is said beside the field that it names, and nothing typed is lost.
 *
 *   <SessionForm />
 *
 * @import { Catalog, CatalogEntry, SessionConfig } from "../types.js"
 * @import { ComponentChildren } from "preact"
 */
import { html } from "htm/preact"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import * as actions from "../actions.js"
import { formatCount } from "../lib/format.js"
import { catalog, session } from "../state.js"
import { ProblemNote } from "./problem.js"

/** @typedef {{name: string, type: "integer" | "number" | "boolean", default: any, low: number | null, high: number | null, low_open: boolean, help: string}} Parameter */
/** What stands in the fields, as it was typed; by the names that the API gives them. @typedef {Record<string, string | boolean>} Typed */
/** @typedef {"dataset" | "initializer" | "optimizer"} Part */

const PARTS = /** @type {const} */ (["dataset", "initializer", "optimizer"])

export function SessionForm() {
  const offered = catalog.value
  return offered && html`<${Form} offered=${offered} />`
}

/** @param {{offered: Catalog}} properties */
function Form({ offered }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const [typed, setTyped] = useState(() => typedFrom(offered, session.value?.config ?? offered.defaults))
  const [problem, setProblem] = useState(/** @type {import("../state.js").Problem | null} */ (null))
  const [isBusy, setBusy] = useState(false)
  useEffect(() => box.current?.showModal(), [])
  const wrong = problem && fieldOf(problem.field, typed)
  useLayoutEffect(() => {
    if (wrong) /** @type {HTMLElement | null} */ (box.current?.querySelector("[aria-invalid=true]"))?.focus()
  }, [problem])

  /** @param {string} field @param {string | boolean} value */
  const type = (field, value) => {
    setTyped((before) => ({ ...before, [field]: value, ...followers(offered, before, field, String(value)) }))
    if (field === wrong) setProblem(null)
  }
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await actions.createSession(configFrom(offered, typed))
      box.current?.close()
    } catch (error) {
      setProblem(actions.toProblem(error))
    } finally {
      setBusy(false)
    }
  }
  const { inputs, classes } = endsOf(offered, typed)
  const count = parameterCount(offered, typed)
  const most = offered.limits.max_parameters ?? Infinity
  /** @param {string} field */
  const told = (field) => ({ field, value: typed[field] ?? "", wrong: wrong === field ? (problem?.message ?? null) : null, onType: type })

  return html`
    <dialog class="run" ref=${box} aria-labelledby="run-title" onClose=${() => actions.openDialog("none")}>
      <form class="run__form" novalidate aria-busy=${isBusy} onSubmit=${submit}>
        <header class="run__head">
          <h2 id="run-title" class="run__title">New run</h2>
          <button class="button" data-look="plain" type="button" aria-label="Close" onClick=${() => box.current?.close()}>
            <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d="M2 2 12 12M12 2 2 12" stroke="currentColor" stroke-width="1.75" /></svg>
          </button>
        </header>
        <div class="run__body">
          ${problem && !wrong && html`<${ProblemNote} problem=${problem} />`}
          <fieldset class="run__part">
            <legend class="eyebrow">Data</legend>
            <${Choice} ...${told("dataset")} title="Dataset" options=${offered.datasets} wide />
            <${Parameters} part="dataset" offered=${offered} typed=${typed} told=${told} />
            <${Input} ...${told("batch_size")} title="Batch size" help=${`examples a step, at most ${formatCount(offered.limits.max_batch_size ?? 0)}`} numeric />
            <${Input} ...${told("seed")} title="Seed" help="the same seed, the same run" numeric />
          </fieldset>
          <fieldset class="run__part">
            <legend class="eyebrow">Network</legend>
            <${Input} ...${told("layer_sizes")} title="Hidden layers" help="units of each, with commas between; empty for none" wide>
              <span class="run__end" title="features of the dataset">${inputs} –</span>
              <span class="run__end" title="classes of the dataset">– ${classes}</span>
            <//>
            <p class="run__count" data-over=${count !== null && count > most ? "" : undefined} role="status">
              ${count === null ? html`<span class="soft">–</span>` : html`<strong>${formatCount(count)}</strong>`} <span class="soft">parameters${count !== null && count > most ? `; at most ${formatCount(most)} are allowed` : ""}</span>
            </p>
            <${Choice} ...${told("hidden_activations")} title="Activation" options=${offered.activations} />
            <${Choice} ...${told("initializer")} title="Initial weights" options=${offered.initializers} />
            <${Parameters} part="initializer" offered=${offered} typed=${typed} told=${told} />
            <${Choice} ...${told("dtype")} title="Numbers" options=${DTYPES} />
          </fieldset>
          <fieldset class="run__part">
            <legend class="eyebrow">Optimizer</legend>
            <${Choice} ...${told("optimizer")} title="Method" options=${offered.optimizers} wide />
            <${Parameters} part="optimizer" offered=${offered} typed=${typed} told=${told} />
          </fieldset>
        </div>
        <footer class="run__foot">
          <button class="button" data-look="plain" type="button" onClick=${() => { setTyped(typedFrom(offered, offered.defaults)); setProblem(null) }}>Defaults</button>
          <button class="button" data-look="primary" type="submit" disabled=${isBusy}>${isBusy ? "Starting…" : "Start run"}</button>
        </footer>
      </form>
    </dialog>
  `
}

const DTYPES = [
  { name: "float64", title: "float64", description: "Double precision, about 16 digits." },
  { name: "float32", title: "float32", description: "Single precision, about 7 digits." },
]

/**
 * @typedef {object} Told
 * @property {string} field
 * @property {string | boolean} value
 * @property {string | null} wrong what is wrong with it
 * @property {(field: string, value: string | boolean) => void} onType
 */

/** @param {Told & {title: string, help?: string, wide?: boolean, numeric?: boolean, children?: ComponentChildren[]}} properties */
function Input({ field, value, wrong, onType, title, help, wide, numeric, children }) {
  const [before, after] = [children].flat()
  const id = `run-${field}`
  return html`
    <div class="field" data-wide=${wide ? "" : undefined}>
      <label class="field__title" for=${id}>${title}</label>
      <span class="field__line">
        ${before}
        <input
          class="field__input"
          id=${id}
          name=${field}
          type="text"
          inputmode=${numeric ? "decimal" : undefined}
          autocomplete="off"
          spellcheck=${false}
          value=${value}
          aria-invalid=${wrong ? "true" : undefined}
          aria-describedby=${`${id}-note`}
          onInput=${(/** @type {any} */ event) => onType(field, event.currentTarget.value)}
        />
        ${after}
      </span>
      <${Note} id=${`${id}-note`} wrong=${wrong} help=${help} />
    </div>
  `
}

/** @param {Told & {title: string, options: {name: string, title: string, description: string}[], wide?: boolean}} properties */
function Choice({ field, value, wrong, onType, title, options, wide }) {
  const id = `run-${field}`
  return html`
    <div class="field" data-wide=${wide ? "" : undefined}>
      <label class="field__title" for=${id}>${title}</label>
      <select class="field__input" id=${id} name=${field} value=${value} aria-invalid=${wrong ? "true" : undefined} aria-describedby=${`${id}-note`} onChange=${(/** @type {any} */ event) => onType(field, event.currentTarget.value)}>
        ${options.map((option) => html`<option key=${option.name} value=${option.name} selected=${option.name === value}>${option.title}</option>`)}
      </select>
      <${Note} id=${`${id}-note`} wrong=${wrong} help=${options.find(({ name }) => name === value)?.description} />
    </div>
  `
}

/** @param {{id: string, wrong: string | null, help: string | undefined}} properties */
const Note = ({ id, wrong, help }) => html`<span class="field__note" id=${id} data-wrong=${wrong ? "" : undefined} role=${wrong ? "alert" : undefined}>${wrong ?? help}</span>`

/** @param {{part: Part, offered: Catalog, typed: Typed, told: (field: string) => Told}} properties */
function Parameters({ part, offered, typed, told }) {
  return parametersOf(offered, part, typed[part]).map((parameter) => {
    const field = `${part}.${parameter.name}`
    const title = titled(parameter.name)
    if (parameter.type !== "boolean") return html`<${Input} key=${field} ...${told(field)} title=${title} help=${`${parameter.help}; ${boundsOf(parameter)}`} numeric />`
    const { value, wrong, onType } = told(field)
    return html`
      <div class="field" key=${field}>
        <span class="field__title" aria-hidden="true">${title}</span>
        <label class="field__check">
          <input type="checkbox" name=${field} checked=${value === true} aria-invalid=${wrong ? "true" : undefined} aria-describedby=${`run-${field}-note`} onChange=${(/** @type {any} */ event) => onType(field, event.currentTarget.checked)} />
          ${parameter.help}
        </label>
        <${Note} id=${`run-${field}-note`} wrong=${wrong} help="" />
      </div>
    `
  })
}

/** @param {string} name */
const titled = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ")

/** @param {Parameter} parameter */
function boundsOf({ low, high, low_open }) {
  if (low === null || high === null) return ""
  return low_open ? `above ${low}, at most ${formatCount(high)}` : `${low} to ${formatCount(high)}`
}

/** @param {Catalog} offered @param {Part} part @returns {CatalogEntry[]} */
const entriesOf = (offered, part) => ({ dataset: offered.datasets, initializer: offered.initializers, optimizer: offered.optimizers })[part]

/** @param {Catalog} offered @param {Part} part @param {unknown} name @returns {Parameter[]} */
const parametersOf = (offered, part, name) => entriesOf(offered, part).find((entry) => entry.name === name)?.parameters ?? []

/** @param {Catalog} offered @param {SessionConfig} config @returns {Typed} */
function typedFrom(offered, config) {
  /** @type {Typed} */
  const typed = {
    layer_sizes: config.layer_sizes.slice(1, -1).join(", "),
    hidden_activations: [config.hidden_activations].flat()[0] ?? offered.activations[0]?.name ?? "",
    batch_size: String(config.batch_size),
    seed: String(config.seed),
    dtype: config.dtype,
  }
  for (const part of PARTS) {
    typed[part] = config[part].name
    for (const { name, default: usual, type } of parametersOf(offered, part, config[part].name)) {
      const value = config[part][name] ?? usual
      typed[`${part}.${name}`] = type === "boolean" ? Boolean(value) : String(value)
    }
  }
  return typed
}

/** What else changes with a choice: its parameters, and with the dataset the hidden layers that suit it.
 * @param {Catalog} offered @param {Typed} before @param {string} field @param {string} value @returns {Typed} */
function followers(offered, before, field, value) {
  const part = PARTS.find((name) => name === field)
  if (!part) return {}
  /** @type {Typed} */
  const follow = {}
  for (const { name, default: usual, type } of parametersOf(offered, part, value)) {
    follow[`${part}.${name}`] = before[`${part}.${name}`] ?? (type === "boolean" ? Boolean(usual) : String(usual))
  }
  if (part === "dataset") {
    const suits = (/** @type {unknown} */ name) => (offered.datasets.find((entry) => entry.name === name)?.hidden ?? []).join(", ")
    if (before.layer_sizes === suits(before.dataset)) follow.layer_sizes = suits(value) // unless another was typed
  }
  return follow
}

/** @param {Catalog} offered @param {Typed} typed @returns {{inputs: number, classes: number}} */
function endsOf(offered, typed) {
  const entry = offered.datasets.find(({ name }) => name === typed.dataset)
  const chosen = parametersOf(offered, "dataset", typed.dataset).some(({ name }) => name === "classes") ? Number(typed["dataset.classes"]) : NaN
  return { inputs: entry?.features ?? 0, classes: Number.isInteger(chosen) && chosen > 0 ? chosen : (entry?.classes ?? 0) }
}

/** @param {Typed} typed the hidden layers as they are typed; what is no number goes to the server as it is, to be named by it */
const hiddenOf = (typed) => String(typed.layer_sizes).split(/[\s,;]+/).filter(Boolean).map(numeric)

/** @param {Catalog} offered @param {Typed} typed @returns {number | null} null while the sizes are no sizes */
function parameterCount(offered, typed) {
  const { inputs, classes } = endsOf(offered, typed)
  const sizes = [inputs, ...hiddenOf(typed), classes]
  let [count, before] = [0, 0]
  for (const size of sizes) {
    if (typeof size !== "number" || !Number.isInteger(size) || size < 1) return null
    if (before > 0) count += size * before + size
    before = size
  }
  return count
}

/** @param {string | boolean | undefined} value */
function numeric(value) {
  if (typeof value !== "string") return value
  const number = Number(value)
  return value.trim() === "" || !Number.isFinite(number) ? value : number
}

/** @param {Catalog} offered @param {Typed} typed */
function configFrom(offered, typed) {
  /** @param {Part} part */
  const partOf = (part) => Object.fromEntries([["name", typed[part]], ...parametersOf(offered, part, typed[part]).map(({ name }) => [name, numeric(typed[`${part}.${name}`])])])
  const { inputs, classes } = endsOf(offered, typed)
  const hidden = hiddenOf(typed)
  return {
    dataset: partOf("dataset"),
    layer_sizes: [inputs, ...hidden, classes],
    hidden_activations: hidden.map(() => typed.hidden_activations),
    initializer: partOf("initializer"),
    optimizer: partOf("optimizer"),
    batch_size: numeric(typed.batch_size),
    seed: numeric(typed.seed),
    dtype: typed.dtype,
  }
}

/** Which of our fields the server means: layer_sizes[1] is layer_sizes, dataset.name is dataset; null when none.
 * @param {string | null} named @param {Typed} typed */
function fieldOf(named, typed) {
  if (!named) return null
  const field = named.replace(/\[.*$/, "").replace(/\.name$/, "")
  return field in typed ? field : null
}

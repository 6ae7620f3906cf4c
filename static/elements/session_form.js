/**
 * What a run is made of, to be chosen; everything comes from the catalogue. The server judges what is typed, and its
 * word stands beside the field that it is about.
 *
 *   <SessionForm />   while state.dialog is "form"
 *
 * @import { Brought, Ends, Parameter, Values } from "../lib/form_values.js"
 * @import { Catalog } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import { batchHint, wantedBatch, withBatch } from "../lib/batch_size.js"
import { endsOfPreview } from "../lib/csv_values.js"
import { endsOfMatrices, matrixOf } from "../lib/form_numbers.js"
import { refusedFields, wrongFields, wrongFile } from "../lib/form_refusals.js"
import { configOf, endsOf, entryOf, fieldOf, ingredientValues, isNormalised, lossesFor, lossValues, outputActivationsFor, PARAMETERS, shapeOf, usualEnds, valuesOf } from "../lib/form_values.js"
import { formatCount } from "../lib/format.js"
import { useCsv } from "../lib/use_csv.js"
import { openPreset } from "../preset_actions.js"
import { toProblem } from "../problems.js"
import { readOwnData } from "../readings.js"
import { createSession } from "../session_actions.js"
import { catalog, session } from "../state.js"
import { openDialog } from "../view_actions.js"
import { CsvFile } from "./form/csv_file.js"
import { Area, Fold, idOf, Select, Text } from "./form/fields.js"
import { CommonDropout, HiddenLayers } from "./form/hidden_layers.js"
import { Ingredient, Parameters } from "./form/ingredient.js"
import { OwnData } from "./form/own_data.js"
import { Presets } from "./form/presets.js"
import { ProblemNote } from "./problem.js"

export function SessionForm() {
  return catalog.value ? html`<${Form} known=${catalog.value} />` : null
}

/** Parameters of an optimizer that everyone sets; its others are folded away. @param {Parameter} parameter */
const isMain = ({ name }) => name === "learning_rate" || name === "momentum"

const OF_DATA = /^dataset(\.|$)/

/** @param {{known: Catalog}} properties */
function Form({ known }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const [typed, setValues] = useState(() => valuesOf(session.value?.config ?? known.defaults, known))
  const [batch, setBatch] = useState(/** @type {number | null} */ (wantedBatch(known, session.value))) // null once somebody has typed it
  const [problem, setProblem] = useState(/** @type {import("../state.js").Problem | null} */ (null))
  const [told, setTold] = useState(/** @type {Record<string, string>} */ ({})) // what the server refused, until it is changed
  const [attempts, setAttempts] = useState(0) // how many times a run was asked for and not made
  const [isBusy, setBusy] = useState(false)
  const dataset = entryOf(known, "dataset", typed.dataset)
  const isBrought = (dataset?.brings.length ?? 0) > 0
  const isCsv = dataset?.name === "csv"
  const csv = useCsv(typed, isCsv, (proposed) => setValues((before) => ({ ...before, ...proposed })))
  const ofMatrices = useMatrices(typed)
  const brought = isBrought ? (isCsv ? endsOfPreview(csv.preview) : ofMatrices) : null
  const ends = endsOf(typed, known, brought)
  const values = withBatch(typed, batch, known, ends)
  useEffect(() => box.current?.showModal(), [])
  useEffect(() => {
    readOwnData().then(
      (dataset) => dataset && setValues((before) => ({ ...before, ...ingredientValues(known, "dataset", dataset.name, dataset) })),
      (error) => setProblem(toProblem(error)),
    )
  }, [])

  // other targets are learned with other outputs; while they stay of their kind, the person's choice stays too
  const targets = useRef(session.value?.dataset.targets ?? endsOf(values, known).targets)
  useEffect(() => {
    if (ends.targets === null || ends.targets === targets.current) return
    targets.current = ends.targets
    change(usualEnds(known, ends.targets))
  }, [ends.targets])

  // what a preview says no to has its place too: beside the file where nowhere else
  const csvField = csv.problem && (fieldOf(csv.problem.field, values) ?? "dataset.text")
  const wrong = { ...wrongFields(values, known, brought), ...(isCsv && csv.status !== "busy" ? wrongFile(values, csv.preview) : {}) }
  // nobody is told while still typing for the first time; then each word goes as soon as its field is right
  const shown = { ...told, ...(attempts > 0 ? wrong : {}), ...(csvField && csv.problem ? { [csvField]: csv.problem.message } : {}) }
  useEffect(() => {
    if (attempts === 0) return
    const controls = Object.keys(shown).flatMap((field) => document.getElementById(idOf(field)) ?? [])
    for (const control of controls) {
      for (let fold = control.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true
    }
    controls.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))[0]?.focus()
  }, [attempts])

  /** @param {Values} changes */
  const change = (changes) => {
    if ("batch_size" in changes) setBatch(null)
    setValues((before) => ({ ...before, ...changes }))
    // a word was about what stood there; one about the data, or about what they bound, is out of date with any change of them
    const isOfData = Object.keys(changes).some((field) => OF_DATA.test(field))
    setTold((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in changes || (isOfData && (field === "batch_size" || OF_DATA.test(field)))))))
  }
  /** @param {() => Promise<unknown>} run what makes the session */
  const make = async (run) => {
    if (isBusy) return
    setBusy(true)
    setProblem(null)
    setTold({})
    try {
      await run()
      box.current?.close()
    } catch (error) {
      const refused = toProblem(error)
      setTold(refusedFields(refused, values))
      setProblem(fieldOf(refused.field, values) ? null : refused)
      setAttempts((before) => before + 1)
    } finally {
      setBusy(false)
    }
  }
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault()
    if (csv.problem || Object.keys(wrong).length > 0) return setAttempts((before) => before + 1)
    make(() => createSession(configOf(values, known, brought)))
  }
  const reset = () => {
    targets.current = endsOf(valuesOf(known.defaults, known), known).targets
    setValues(valuesOf(known.defaults, known))
    setBatch(wantedBatch(known, null))
    setProblem(null)
    setTold({})
    setAttempts(0)
  }
  /** What every field is given. @param {string} name */
  const bind = (name) => ({ name, value: values[name] ?? "", onChange: change, problem: shown[name] })

  const optimizer = entryOf(known, "optimizer", values.optimizer)
  const loss = entryOf(known, "loss", values.loss)
  const outputs = outputActivationsFor(known, values.loss)
  /** @param {string} name */
  const chooseDataset = (name) => ({
    ...ingredientValues(known, "dataset", name),
    // a file or arrays that were brought before are still there when the person comes back to them
    ...Object.fromEntries((entryOf(known, "dataset", name)?.brings ?? []).map((/** @type {Brought} */ one) => [`dataset.${one.name}`, values[`dataset.${one.name}`] ?? ""])),
    ...(values.layers === "same" ? { layer_sizes: (entryOf(known, "dataset", name)?.hidden ?? []).join(", ") } : {}),
  })
  const titleOf = (/** @type {string} */ family) => entryOf(known, family, values[family])?.title ?? ""
  return html`
    <dialog
      class="session-form"
      ref=${box}
      aria-labelledby="session-form-title"
      onClose=${() => openDialog("none")}
      onDragOver=${refuseDrop}
      onDrop=${refuseDrop}
      onClick=${(/** @type {Event} */ event) => event.target === box.current && box.current?.close()}
    >
      <form class="session-form__form" novalidate onSubmit=${submit} aria-busy=${isBusy}>
        <header class="session-form__head">
          <h2 id="session-form-title">New run</h2>
          <button class="button" data-look="plain" type="button" onClick=${reset}>Reset to defaults</button>
        </header>
        <div class="session-form__body">
          ${problem && html`<div class="session-form__wide"><${ProblemNote} problem=${problem} /></div>`}
          <div class="session-form__wide"><${Presets} presets=${known.presets} isBusy=${isBusy} onOpen=${(/** @type {string} */ name) => make(() => openPreset(name))} /></div>
          <div class="session-form__parts" data-wide=${isBrought ? "" : undefined}>
            <fieldset class="session-form__group" data-part="data">
              <legend class="eyebrow">Data</legend>
              <${Ingredient} field="dataset" label="Dataset" known=${known} bind=${bind} onChoose=${chooseDataset} parameters=${() => !isBrought} />
              ${isBrought && (isCsv ? html`<${CsvFile} known=${known} values=${values} bind=${bind} csv=${csv} onChange=${change} />` : html`<${OwnData} entry=${dataset} bind=${bind} values=${values} />`)}
              ${isBrought && html`<${Parameters} field="dataset" entry=${dataset} bind=${bind} />`}
              <${Text} ...${bind("batch_size")} label="Batch size" hint=${batchHint(known, ends)} />
            </fieldset>

            <fieldset class="session-form__group" data-part="network">
              <legend class="eyebrow">Network</legend>
              <${HiddenLayers} values=${values} known=${known} bind=${bind} onReplace=${setValues} />
              <${Shape} values=${values} known=${known} ends=${ends} />
              <${Ingredient} field="loss" label="Loss" known=${known} bind=${bind} entries=${lossesFor(known, ends.targets)} parameters=${() => false} onChoose=${(/** @type {string} */ name) => lossValues(known, values, name)} />
              ${outputs.length > 1 && html`<${Ingredient} field="output_activation" label="Output activation" known=${known} bind=${bind} entries=${outputs} />`}
              ${loss && loss.parameters.length > 0 &&
              html`<${Fold} key=${loss.name} title="More of the loss" now=${wordsOf("loss", loss.parameters, values)}><${Parameters} field="loss" entry=${loss} bind=${bind} /><//>`}
              <${Ingredient} field="initializer" label="Initialisation" known=${known} bind=${bind} />
              <${Fold} title=${values.layers === "same" ? "Dropout and weights of your own" : "Weights of your own"} now=${wordsOfRest(values)} isOpen=${PARAMETERS.some((name) => values[name])}>
                ${values.layers === "same" && html`<${CommonDropout} known=${known} bind=${bind} />`}
                <${Area} ...${bind("W")} label="W to begin with" hint="a matrix for each layer as JSON, in the place of the initialisation's" placeholder="[[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]]]" />
                <${Area} ...${bind("b")} label="b to begin with" hint="a list for each layer as JSON, in the place of zeros" placeholder="[[0, 0], [0]]" />
                ${(isNormalised(values) || values.gamma || values.beta) &&
                html`
                  <${Area} ...${bind("gamma")} label="Gamma to begin with" hint="a list for each hidden layer as JSON, in the place of ones; null where it is not normalised" placeholder="[[1, 1], null]" />
                  <${Area} ...${bind("beta")} label="Beta to begin with" hint="likewise, in the place of zeros" placeholder="[[0, 0], null]" />
                `}
              <//>
            </fieldset>

            <fieldset class="session-form__group" data-part="training">
              <legend class="eyebrow">Training</legend>
              <${Ingredient} field="optimizer" label="Optimizer" known=${known} bind=${bind} parameters=${isMain} />
              ${optimizer &&
              html`<${Fold} key=${optimizer.name} title=${`More of ${optimizer.title}`} now=${wordsOf("optimizer", optimizer.parameters.filter((/** @type {Parameter} */ one) => !isMain(one)), values)}>
                <${Parameters} field="optimizer" entry=${optimizer} bind=${bind} isShown=${(/** @type {Parameter} */ one) => !isMain(one)} />
              <//>`}
              <${Fold}
                title="Schedule and clipping"
                now=${`${titleOf("schedule").toLowerCase()}, ${values.clipping ? titleOf("clipping").toLowerCase() : "no clipping"}`}
                isOpen=${values.schedule !== known.defaults.schedule || Boolean(values.clipping)}
              >
                <${Ingredient} field="schedule" label="Learning rate over time" known=${known} bind=${bind} />
                <${Ingredient} field="clipping" label="Clipping of gradients" known=${known} bind=${bind} none="None" />
              <//>
            </fieldset>

            <fieldset class="session-form__group" data-part="numbers">
              <legend class="eyebrow">Numbers</legend>
              <${Text} ...${bind("seed")} label="Seed" hint="the same seed and settings give the same run, to the last digit" />
              <${Select} ...${bind("dtype")} label="Precision" entries=${[{ name: "float64", title: "float64, about 16 digits" }, { name: "float32", title: "float32, about 7 digits" }]} />
            </fieldset>
          </div>
        </div>
        <footer class="session-form__foot">
          <p class="soft">The run on the page is kept under its own address.</p>
          <button class="button" type="button" onClick=${() => box.current?.close()}>Cancel</button>
          <button class="button" data-look="primary" type="submit" disabled=${isBusy || csv.status === "busy"}>${isBusy ? "Making it…" : "Start run"}</button>
        </footer>
      </form>
    </dialog>
  `
}

/** A file that is dropped where none is taken would open in the place of the page, and cost what was typed. @param {DragEvent} event */
function refuseDrop(event) {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return
  event.preventDefault()
  event.dataTransfer.dropEffect = "none"
}

/** What is known of arrays that are brought along, as they stand in the form. @param {Values} values @returns {Ends | null} */
function useMatrices({ "dataset.X": X = "", "dataset.Y": Y = "" }) {
  return useMemo(() => endsOfMatrices(matrixOf(X), matrixOf(Y)), [X, Y])
}

/** Parameters that are folded away, where they are not as usual. @param {string} field @param {Parameter[]} folded @param {Values} values */
function wordsOf(field, folded, values) {
  const changed = folded.filter(({ name, default: usual }) => values[`${field}.${name}`] !== String(usual))
  return changed.map(({ name }) => `${name.replaceAll("_", " ")} ${values[`${field}.${name}`]}`).join(", ") || "as usual"
}

/** @param {Values} values */
function wordsOfRest(values) {
  const words = []
  if (values.layers === "same" && Number(values.dropout) !== 0) words.push(`dropout ${values.dropout}`)
  const given = PARAMETERS.filter((name) => values[name])
  if (given.length) words.push(`${given.join(" and ")} given`)
  return words.join(", ") || "none"
}

/** The network as typed: 64 → 32 → 10. @param {{values: Values, known: Catalog, ends: Ends}} properties */
function Shape({ values, known, ends }) {
  const { sizes, parameterCount } = shapeOf(values, known, ends)
  const most = known.limits.max_parameters ?? Infinity
  const isKnown = ends.features > 0 && ends.outputs > 0
  return html`
    <div class="shape" aria-live="polite">
      <p class="shape__sizes">
        ${sizes.map((size, l) => html`${l > 0 && html` <span class="soft">→</span> `}<span class="shape__size" data-end=${l === 0 || l === sizes.length - 1 ? "" : undefined}>${size}</span>`)}
      </p>
      <p class="shape__count">
        ${parameterCount === null ? (isKnown ? "Sizes are whole numbers of 1 or more" : "") : `${formatCount(parameterCount)} parameters`}
        ${parameterCount !== null && parameterCount > most && html` <strong>above this server's limit of ${formatCount(most)}</strong>`}
      </p>
      <p class="field__hint">
        ${isKnown ? `The data fix both ends: ${counted(ends.features, "feature")}, ${counted(ends.outputs, ends.targets === "numbers" ? "number to be told" : ends.targets === "labels" ? "label" : "class")}.` : "The data will fix both ends."}
      </p>
    </div>
  `
}

/** @param {number} count @param {string} one */
const counted = (count, one) => `${formatCount(count)} ${count === 1 ? one : one === "number to be told" ? "numbers to be told" : one === "class" ? "classes" : `${one}s`}`

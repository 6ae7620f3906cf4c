/** Loss and gradient norms of all runs in one plot each, with the fork marked; a click goes to a step in all of them. */
import { html } from "htm/preact"
import { useMemo, useState } from "preact/hooks"
import { lastLayer, layer, opened, phase, runs, step } from "../../compare_state.js"
import { goToStep } from "../../compare_step_actions.js"
import { eventsOf, eventWords, marksOf, seriesOf, unionOfSteps } from "../../lib/compare_curves.js"
import { letterAt, nameInFiles } from "../../lib/compare_words.js"
import { axisFor } from "../../lib/curve_data.js"
import { csvText } from "../../lib/csv_text.js"
import { formatNumber } from "../../lib/format.js"
import { lossUnit } from "../../lib/run_words.js"
import { saveFile } from "../../lib/save_file.js"
import { catalog, pointedStep } from "../../state.js"
import { Choice } from "../lens.js"
import { Plot } from "../plot.js"
import { strokeOf } from "./badge.js"

/** @param {string} what @param {string[]} header @param {readonly (readonly (number | string | null)[])[]} columns */
export const saveCompared = (what, header, columns) => saveFile(`backscope-comparison-${what}.csv`, csvText(header, columns), "text/csv")

/** @param {import("../../types.js").Value | null | undefined} value */
const number = (value) => formatNumber(value)

export function CompareCurves() {
  const [of, setOf] = useState("loss")
  const [chosen, setChosen] = useState(/** @type {number | null} */ (null))
  const [axis, setAxis] = useState(/** @type {import("../../lib/curve_data.js").Axis | null} */ (null))
  const now = opened.value
  const looked = phase.value?.layer ?? (layer.value === "all" ? 1 : layer.value) // as the pictures, until another is chosen
  const layerShown = Math.min(chosen ?? Math.max(1, looked), lastLayer.value)
  const told = useMemo(() => now.map((run) => ({ letter: letterAt(runs.value.indexOf(run)), inFiles: nameInFiles(runs.value.indexOf(run), run.id), history: run.history })), [now])
  const steps = useMemo(() => unionOfSteps(told.map(({ history }) => history)), [told])
  const isTest = of === "test_loss"
  const losses = useMemo(() => seriesOf(told, steps, of, (history) => (isTest ? history.test_loss : history.loss)), [told, of])
  const norms = useMemo(() => seriesOf(told, steps, `dW_l2[${layerShown}]`, (history) => history.layers.find(({ index }) => index === layerShown)?.dW_l2 ?? []), [told, layerShown])
  const events = useMemo(() => eventsOf(now.flatMap((run) => (run.session ? [{ place: runs.value.indexOf(run), session: run.session, log: run.log }] : []))), [now])
  const marks = useMemo(() => marksOf(events), [events])
  const strokes = now.map((run) => strokeOf(runs.value.indexOf(run)))
  const common = { steps, strokes, marks, looked: step.value, shown: (pointedStep.value ?? step.value) - 1, onGo: goToStep, saveAs: saveCompared, text: number }
  const note = eventWords(events, steps.length) || undefined
  const units = [...new Set(now.map(({ session }) => lossUnit(session, catalog.value)))]
  return html`
    <section class="compare__part" aria-label="Curves of all runs">
      <header class="compare__part-head">
        <h2 class="eyebrow">Curves</h2>
        <${Choice} title="Loss of" value=${of} onChoose=${setOf} options=${[["loss", "the batch"], ["test_loss", "the test set"]]} />
        <${Choice} title="Loss axis" value=${axis ?? axisFor(losses.map(({ values }) => values))} onChoose=${setAxis} options=${[["linear", "linear"], ["log", "log"]]} />
        <label class="choice"><span class="choice__title">Gradient of layer</span>
          <select aria-label="Layer of the gradient norm" onChange=${(/** @type {any} */ event) => setChosen(Number(event.currentTarget.value))}>
            ${Array.from({ length: lastLayer.value }, (_, at) => at + 1).map((l) => html`<option key=${l} value=${l} selected=${l === layerShown}>${l}</option>`)}
          </select>
        </label>
      </header>
      <div class="curves__plots">
        <${Plot} ...${common} name="loss" title=${isTest ? "Test loss" : "Loss"} label="Loss of all runs" unit=${units.length === 1 ? (units[0] ?? "") : ""} axis=${axis ?? "fit"} series=${losses} note=${note} />
        <${Plot} ...${common} key=${layerShown} name="gradient" title=${html`Gradient <span class="symbol" data-kind="backward">‖dW<sup>[${layerShown}]</sup>‖</span>`} label=${`Norm of dW of layer ${layerShown} in all runs`} unit="" axis="log" series=${norms} note=${note} />
      </div>
    </section>
  `
}

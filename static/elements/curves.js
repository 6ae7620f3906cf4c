/**
 * A run over time: loss and accuracy, of the batch and of the test set; norms and ratios of each layer; the spread of a tensor's numbers.
 *
 *   <Curves />     plots; a click, a drag, or the range above them, goes to a step
 */
import { html } from "htm/preact"
import { useMemo, useState } from "preact/hooks"
import { done, entries } from "../edit_state.js"
import { historyCsv } from "../export_actions.js"
import { batchAndTest, ofLayers, stepsOf } from "../lib/curve_data.js"
import { editWords } from "../lib/edit_words.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { accuracyWords, isAccuracyTold, isHeldOut, lossUnit } from "../lib/run_words.js"
import { leapToStep } from "../look_actions.js"
import { catalog, history, pointedStep, session, sought, trace } from "../state.js"
import { Distribution } from "./distribution.js"
import { NamedWords } from "./named_words.js"
import { Plot } from "./plot.js"
import { goTo } from "./scrubber.js"

/** @typedef {import("../types.js").Value | null | undefined} Told */

/** @param {Told} value */
const percent = (value) => (typeof value === "number" ? `${value.toFixed(1)} %` : formatNumber(value))
/** @param {Told} value */
const number = (value) => formatNumber(value)
/** @param {Told} value where many stand side by side */
const short = (value) => formatNumber(value, 3)

const ends = [{ token: "--curve-train", width: 1.5 }, { token: "--curve-test", width: 2 }]

/** @param {string} text */
const lower = (text) => text.charAt(0).toLowerCase() + text.slice(1)

/** @typedef {{name: import("../lib/curve_data.js").LayerName, title: unknown, label: string, unit: string, axis: import("../lib/curve_data.js").Axis | "fit", top?: number, note?: string, text: (value: Told) => string}} LayerPlot */

/** @type {LayerPlot[]} */
const layerPlots = [
  { name: "dW_l2", title: html`Gradient <span class="symbol" data-kind="backward">‖dW‖</span>`, label: "Norm of dW", unit: "", axis: "log", text: short },
  { name: "db_l2", title: html`Gradient <span class="symbol" data-kind="backward">‖db‖</span>`, label: "Norm of db", unit: "", axis: "log", text: short },
  { name: "update_to_weight", title: html`Update to weight <span class="symbol" data-kind="parameter">‖ΔW‖ ∕ ‖W‖</span>`, label: "Update-to-weight ratio", unit: "", axis: "log", text: short },
  { name: "W_l2", title: html`Weights <span class="symbol" data-kind="parameter">‖W‖</span>`, label: "Norm of W", unit: "", axis: "fit", text: short },
  { name: "dead_units", title: "Dead units", label: "Share of dead units", unit: "% of the layer", axis: "linear", top: 100, text: percent,
    note: "0 for every example of the step's own batch; Health says which have slope 0 in the batches before it as well" },
]

const COLORS = 6
const dashes = [undefined, [6, 3], [2, 3]]

/** A layer's colour and dashes: as many layers as there are colours are told apart by colour alone. @param {number} layer from 1 */
const strokeOf = (layer) => ({ token: `--curve-${((layer - 1) % COLORS) + 1}`, width: 1.75, dash: dashes[Math.floor((layer - 1) / COLORS) % dashes.length], isNamed: true })

export function Curves() {
  const [off, setOff] = useState(/** @type {ReadonlySet<number>} */ (new Set()))
  const told = history.value
  const run = session.value
  const steps = useMemo(() => stepsOf(told), [told])
  const others = isHeldOut(run) ? "test" : "all examples"
  const loss = useMemo(() => batchAndTest(told, "loss", others), [told, others])
  const accuracy = useMemo(() => batchAndTest(told, "accuracy", others), [told, others])
  const sizes = run?.config.layer_sizes ?? []
  const layers = useMemo(
    () => layerPlots.map((plot) => ({ ...plot, series: ofLayers(told, plot.name, sizes).filter(({ key }) => !off.has(Number(key))) })),
    [told, off, run?.id],
  )
  const newest = run?.step ?? 0
  const looked = sought.value ?? trace.value?.step ?? newest
  const aimed = pointedStep.value ?? looked
  const shown = aimed - (steps[0] ?? 0)
  const common = { steps, shown }
  const toggle = (/** @type {number} */ layer) => setOff(new Set(off.has(layer) ? [...off].filter((one) => one !== layer) : [...off, layer]))
  return html`
    <section class="curves" aria-label="Curves">
      <label class="curves__steps">
        <span class="eyebrow">Step</span>
        <input type="range" min="1" max=${Math.max(1, newest)} value=${Math.max(1, aimed)} disabled=${newest < 2} onInput=${goTo} />
        <output>${formatCount(aimed)}<span class="soft"> of ${formatCount(newest)}</span></output>
      </label>
      <${Actions} />
      <div class="curves__plots">
        <${Plot} ...${common} name="loss" title="Loss" label="Loss" unit=${lossUnit(run, catalog.value)} axis="fit" series=${loss} strokes=${ends} text=${number} />
        ${isAccuracyTold(run) && html`<${Plot} ...${common} name="accuracy" title="Accuracy" label="Accuracy" unit="%" axis="linear" top=${100} series=${accuracy} strokes=${ends} text=${percent} />`}
      </div>
      <p class="plot__note soft">
        ${newest < 2
          ? "One batch is one point. Take more batches, and the points become curves."
          : `Batch: the loss${isAccuracyTold(run) ? " and accuracy" : ""} of the step's own batch, before its update. ${isHeldOut(run) ? "Test: the held-out examples" : "All examples: those that it trains on, for none are held out"}, after it; at step 0, the network as it was initialised.${accuracyWords(run) && ` Accuracy: ${lower(accuracyWords(run))}`}`}
      </p>
      <div class="curves__layers">
        <h3 class="eyebrow">Each layer</h3>
        <div class="curves__switches" role="group" aria-label="Layers that are drawn">
          ${told.layers.map(({ index }) => {
            const { token, dash } = strokeOf(index)
            return html`
              <button key=${index} class="curves__switch" aria-pressed=${!off.has(index)} style=${{ "--curve": `var(${token})`, "--dash": dash ? "dashed" : "solid" }} onClick=${() => toggle(index)}>
                [${index}] ${index === told.layers.length ? "output" : `hidden ${index}`}
              </button>
            `
          })}
        </div>
        <a class="curves__all" href=${historyCsv()} download>All curves as CSV</a>
      </div>
      <div class="curves__plots" data-many>
        ${layers.map(({ series, note, ...plot }) =>
          plot.name === "dead_units" && told.layers.length < 2
            ? null
            : html`<${Plot} key=${plot.name} ...${common} ...${plot} series=${series} strokes=${series.map(({ key }) => strokeOf(Number(key)))}
                note=${[note, series.some(({ values }) => values.slice(1).some((value) => value === null)) && "steps that were taken before this was kept have no point"].filter(Boolean).join(" · ") || undefined} />`,
        )}
      </div>
      <${Distribution} key=${run?.id} />
    </section>
  `
}

/** What was done to the run between its steps: each a door to the first step that it acted on. What it set and where, the log says, which comes by itself. */
function Actions() {
  const { marks = [] } = history.value
  const actions = new Map(done.value.map(({ number, action }) => [number, action]))
  const wordsOf = (/** @type {import("../types.js").Mark} */ { number, title }) => {
    const action = actions.get(number)
    return action ? editWords(action, entries.value) : title
  }
  const newest = session.value?.step ?? 0
  if (marks.length === 0) return null
  return html`
    <ul class="curves__actions" aria-label="What was done to the run">
      ${marks.map(
        ({ number, step, title }) => html`
          <li key=${number}><button class="curves__action" onClick=${() => leapToStep(Math.min(newest, step + 1))} title=${step < newest ? `Look at step ${step + 1}, the first that it acted on` : "No step has been taken since"}>after ${formatCount(step)} · <${NamedWords} text=${wordsOf({ number, step, title })} /></button></li>
        `,
      )}
    </ul>
  `
}

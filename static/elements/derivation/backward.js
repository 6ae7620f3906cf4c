/**
 * The backward pass: the output layer, a hidden layer, the update, and all its results together.
 *
 * @import { Result } from "../../lib/derivation_results.js"
 * @import { Catalog, SessionPhase, Trace } from "../../types.js"
 */
import { html } from "htm/preact"
import { chooseLayer, readLog } from "../../derivation_actions.js"
import { configThen, hiddenLayer, lastLayer, log } from "../../derivation_state.js"
import { equationOf, lettersOf, ownLetters } from "../../lib/derivation_results.js"
import { settingsOfUpdate } from "../../lib/derivation_settings.js"
import { aboutUpdate } from "../../lib/held_words.js"
import { mark } from "../../lib/notation.js"
import { catalog, trace } from "../../state.js"
import { Equation } from "../equation.js"
import { ProblemNote } from "../problem.js"
import { Symbol } from "../symbol.js"
import { InThisRun } from "./in_this_run.js"
import { layerName, Letter } from "./prose.js"
import { ResultSection, Steps, Why } from "./result.js"
import { Shapes } from "./shapes.js"
import { Wide } from "../wide.js"
import { Worked } from "./worked.js"

/** @param {{results: Result[]}} properties */
export function OutputLayer({ results }) {
  return html`
    <section id="output" aria-labelledby="output-title">
      <h2 id="output-title">The output layer</h2>
      <p>The backward pass starts from the loss and goes against the forward pass, line by line, with the chain rule. Every layer, from the last to the first, is asked the same: what is the gradient before your activation, what does that make of your weights and of your biases, and what do you hand to the layer before?</p>
      <p>Here the layer is <${Letter}>L</${Letter}> = ${lastLayer.value}, made of ${titlesOf(results)}.</p>
      ${results.map((result) => html`<${ResultSection} key=${result.anchor} result=${result} />`)}
    </section>
  `
}

/** @param {{results: Result[], before: Result[]}} properties `before`: those of the output layer */
export function HiddenLayer({ results, before }) {
  const [first, last] = [before.at(-1), results.at(-1)]
  return html`
    <section id="hidden" aria-labelledby="hidden-title">
      <h2 id="hidden-title">A hidden layer</h2>
      <${ChooseLayer} />
      <p>A hidden layer has no target of its own. What it has is <${Symbol} tensor="dA" layer=${layerName("l")} />, the last result of the layer after it: (${first?.number}) if that is the output layer, else (${last?.number}). From there the same questions are asked. The layer here is <${Letter}>l</${Letter}> = ${hiddenLayer.value}, made of ${titlesOf(results)}.</p>
      ${results.map((result) => html`<${ResultSection} key=${result.anchor} result=${result} />`)}
      <p>With <${Symbol} tensor="dA" layer=${layerName("l−1")} /> at hand the same can be said of layer <${Letter}>l</${Letter}> − 1, and so on down to layer 1. What layer 1 hands on, <${Symbol} tensor="dA" layer="0" />, is the gradient of the input: no parameter needs it, but it says how each feature of each example moves the loss.</p>
    </section>
  `
}

/** Which hidden layer is l. */
function ChooseLayer() {
  const layers = Array.from({ length: lastLayer.value - 1 }, (_, at) => lastLayer.value - 1 - at)
  if (layers.length < 2) return null
  return html`
    <p class="choose-layer">
      <label><${Letter}>l</${Letter}> stands for <select value=${hiddenLayer.value} onChange=${(/** @type {Event} */ event) => chooseLayer(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
        ${layers.map((layer) => html`<option key=${layer} value=${layer} selected=${layer === hiddenLayer.value}>layer ${layer}</option>`)}
      </select></label>
    </p>
  `
}

/** @param {{phases: SessionPhase[]}} properties the update of one layer's parameters */
export function Update({ phases }) {
  return html`
    <section id="update" aria-labelledby="update-title">
      <h2 id="update-title">The update</h2>
      <p>With the gradients of all layers at hand, the parameters move: here by ${titleOfUpdate(phases)}, in numbers of layer ${phases[0]?.layer}. The gradients were all taken at the parameters before the update, so no layer’s step disturbs another’s.</p>
      <${Settings} />
      ${phases.map((phase) => html`<${UpdateOf} key=${phase.key} phase=${phase} />`)}
    </section>
  `
}

/** @param {SessionPhase[]} phases */
const titleOfUpdate = (phases) => phases.find(({ family }) => family === "optimizer")?.title

/** The letters of all that makes the update, with what they were at this step: edits and schedules change them on the way. */
function Settings() {
  const [config, now] = [configThen.value, /** @type {Trace} */ (trace.value)]
  if (log.value.problem) return html`<${ProblemNote} problem=${log.value.problem} onRetry=${readLog} />`
  if (!config) return html`<p class="in-this-run" role="status">Asking for the settings of this step…</p>`
  return settingsOfUpdate(/** @type {Catalog} */ (catalog.value), config, now).map(
    ({ entry, title, settings }) => html`<${InThisRun} key=${entry.name} title=${title} step=${now.step} own=${lettersOf(entry)} settings=${settings} />`,
  )
}

/** @param {{phase: SessionPhase}} properties */
function UpdateOf({ phase }) {
  const equation = equationOf(/** @type {Catalog} */ (catalog.value), phase)
  const own = ownLetters(/** @type {Catalog} */ (catalog.value), phase)
  const anchor = `update-${phase.tensor}`
  return html`
    <section class="result" id=${anchor} aria-labelledby=${`${anchor}-title`}>
      <h3 class="result__title" id=${`${anchor}-title`}><${Symbol} tensor=${phase.tensor} layer=${layerName("l")} /><span class="visually-hidden">: </span><span class="result__about">${aboutUpdate(phase)}</span></h3>
      <${Steps} lines=${equation.derivation} own=${own} label=${`Update of ${phase.tensor}`} />
      <div class="result__equation"><${Wide} label="The update"><${Equation} latex=${mark(null, equation.whole)} display /></${Wide}></div>
      <${Shapes} phase=${phase} />
      <${Why} equation=${equation} own=${own} />
      <${Worked} phase=${phase} />
    </section>
  `
}

/** @param {{results: Result[]}} properties */
export function Together({ results }) {
  return html`
    <section id="together" aria-labelledby="together-title">
      <h2 id="together-title">All together</h2>
      <p>The whole backward pass, in the order in which it is computed.</p>
      <ol class="together">
        ${results.map(({ anchor, number, equation }) => html`
          <li key=${anchor} class="result__equation"><${Wide} label=${`Result ${number}`}><${Equation} latex=${mark(null, equation.whole)} display /></${Wide}><a class="result__number" href=${`#${anchor}`} aria-label=${`Result ${number}, derived`}>(${number})</a></li>
        `)}
      </ol>
    </section>
  `
}

/** The operations that a layer is made of, in words. @param {Result[]} results */
const titlesOf = (results) => [...new Set(results.map(({ phase }) => phase.title))].reverse().join(" and ")

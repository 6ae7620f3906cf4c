/**
 * One result of the derivation: its steps, the numbered equation, the shapes in this network, why, and one of its numbers worked out.
 *
 *   <ResultSection result={result} />
 *
 * @import { Result } from "../../lib/derivation_results.js"
 * @import { Catalog, CatalogEquation, Session } from "../../types.js"
 */
import { html } from "htm/preact"
import { entryOf, lettersOf } from "../../lib/derivation_results.js"
import { settingsOf } from "../../lib/derivation_settings.js"
import { mark } from "../../lib/notation.js"
import { catalog, session } from "../../state.js"
import { Equation } from "../equation.js"
import { Symbol } from "../symbol.js"
import { InThisRun } from "./in_this_run.js"
import { layerName, Prose } from "./prose.js"
import { Shapes } from "./shapes.js"
import { Wide } from "../wide.js"
import { Worked } from "./worked.js"

/** What a result is about, in words. @type {Record<string, string>} */
export const ABOUT = {
  dA: "what is handed to the layer before",
  dZ: "the gradient before the activation",
  dW: "the gradient of the weights",
  db: "the gradient of the biases",
  dG: "the gradient before the mask",
  dN: "the gradient before the activation",
  dgamma: "the gradient of the scale",
  dbeta: "the gradient of the shift",
  dZhat: "the gradient of what is normalised",
  dV: "the gradient of the variance",
  dM: "the gradient of the mean",
}

/** @param {{result: Result}} properties */
export function ResultSection({ result }) {
  const { anchor, number, phase, equation, layer, like } = result
  const entry = entryOf(/** @type {Catalog} */ (catalog.value), phase)
  const own = lettersOf(entry)
  const { config } = /** @type {Session} */ (session.value)
  return html`
    <section class="result" id=${anchor} aria-labelledby=${`${anchor}-title`}>
      <h3 class="result__title" id=${`${anchor}-title`}><span class="result__number">(${number})</span> <${Symbol} tensor=${phase.tensor} layer=${layerName(layer)} /><span class="visually-hidden">: </span><span class="result__about">${aboutResult(result)}</span></h3>
      ${like !== null && html`<p class="result__like">The same steps as for <a href=${`#${like.anchor}`}>(${like.number})</a>: nothing in them used that the layer is the last.</p>`}
      <${Steps} lines=${equation.derivation} own=${own} label=${`Result ${number}`} />
      <div class="result__equation"><${Wide} label=${`Result ${number}`}><${Equation} latex=${mark(null, equation.whole)} display /></${Wide}><span class="result__number">(${number})</span></div>
      <${Shapes} phase=${phase} />
      <${InThisRun} own=${own} settings=${settingsOf(config, entry, phase)} />
      <${Why} equation=${equation} own=${own} />
      <${Worked} phase=${phase} />
    </section>
  `
}

/** What a result is about, in this layer. @param {Result} result */
function aboutResult(result) {
  if (isOfLoss(result)) return "the gradient at the answer"
  return result.phase.family === "normalisation" && result.phase.tensor === "dZ" ? "the gradient before the normalisation" : ABOUT[result.phase.tensor]
}

/** dA[L]: the loss's own gradient, where output and loss are differentiated apart. @param {Result} result */
const isOfLoss = ({ phase, layer }) => phase.tensor === "dA" && layer === "L"

/** Why the equation looks as it does: a summary where there was a derivation. @param {{equation: CatalogEquation, own: string[]}} properties */
export function Why({ equation: { why, derivation }, own }) {
  return html`<p class="result__why">${derivation.length > 0 && html`<strong>In short.</strong> `}<${Prose} text=${why} own=${own} /></p>`
}

/** @param {{lines: {words: string, latex: string}[], own: string[], label: string}} properties `own`: letters of the ingredient's parameters */
export function Steps({ lines, own, label }) {
  if (lines.length === 0) return null
  return html`
    <ol class="steps">
      ${lines.map(({ words, latex }, at) => html`
        <li key=${at} class="steps__step">
          ${words && html`<p><${Prose} text=${words} own=${own} /></p>`}
          ${latex && html`<${Wide} label=${`${label}, step ${at + 1}`}><${Equation} latex=${mark(null, latex)} display /></${Wide}>`}
        </li>
      `)}
    </ol>
  `
}

/** The forward pass in short: what the backward pass will go through in reverse. */
import { html } from "htm/preact"
import { hiddenLayer, lastLayer } from "../../derivation_state.js"
import { entryOf, equationOf, lettersOf } from "../../lib/derivation_results.js"
import { settingsOf } from "../../lib/derivation_settings.js"
import { mark } from "../../lib/notation.js"
import { catalog, session, trace } from "../../state.js"
import { Equation } from "../equation.js"
import { Door } from "./door.js"
import { InThisRun } from "./in_this_run.js"
import { Letter, Prose } from "./prose.js"
import { Shapes } from "./shapes.js"
import { Wide } from "../wide.js"

/** @import { Catalog, Session, SessionPhase, Trace } from "../../types.js" */

export function Forward() {
  const last = lastLayer.value
  const layer = Math.max(1, hiddenLayer.value)
  const told = session.value?.phases ?? []
  const now = /** @type {Trace} */ (trace.value)
  const shown = told.filter((phase) => phase.lane === "loss" || (phase.lane === "forward" && (phase.layer === layer || (phase.layer === last && phase.tensor === "A"))))
  return html`
    <section id="forward" aria-labelledby="forward-title">
      <h2 id="forward-title">The forward pass, in short</h2>
      <p>Layer after layer, from 1 to <${Letter}>L</${Letter}>; then the loss. Each line uses what the lines before it made, with parameters or targets besides; this chain is what the backward pass follows in reverse.</p>
      ${shown.map((phase) => html`<${Line} key=${phase.key} phase=${phase} />`)}
      <p>In this step the loss is <${Door} cell=${{ tensor: "loss", layer: last, row: 0, col: 0 }} value=${now.loss} digits=${5} isBare />.</p>
    </section>
  `
}

/** @param {{phase: SessionPhase}} properties */
function Line({ phase }) {
  const equation = equationOf(/** @type {Catalog} */ (catalog.value), phase)
  const entry = entryOf(/** @type {Catalog} */ (catalog.value), phase)
  return html`
    <div class="forward-line">
      <${Wide} label=${`Equation of ${phase.key}`}><${Equation} latex=${mark(null, equation.whole)} display /></${Wide}>
      <p><${Prose} text=${equation.why} own=${lettersOf(entry)} /></p>
      <${InThisRun} own=${lettersOf(entry)} settings=${settingsOf(/** @type {Session} */ (session.value).config, entry, phase)} />
      ${phase.tensor === "Z" && html`<${Shapes} phase=${phase} />`}
    </div>
  `
}

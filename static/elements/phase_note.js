/** The equation of the phase that is looked at, typeset, with the shapes of this step. */
import { html } from "htm/preact"
import { setForLayer } from "../lib/notation.js"
import { shapeEquation } from "../phases.js"
import { catalog, phase, phaseIndex, phases, trace } from "../state.js"
import { Equation } from "./equation.js"

export function PhaseNote() {
  const now = phase.value
  const step = trace.value
  if (!now || !step) return null
  const latex = equationOf(now)
  return html`
    <div class="phase-note" data-lane=${now.lane} role="status">
      <p class="phase-note__where">
        <span class="eyebrow">${now.lane === "update" ? "Update" : now.lane === "loss" ? "Loss" : now.lane}</span>
        <span class="soft">phase ${phaseIndex.value + 1} of ${phases.value.length}</span>
      </p>
      <p class="phase-note__equation">${latex ? html`<${Equation} latex=${setForLayer(latex, now.equation.layer, step.layers.length - 1)} />` : now.name}</p>
      <p class="phase-note__shapes">${shapeEquation(now, step)}</p>
    </div>
  `
}

/** The register's own LaTeX for a phase. @param {import("../types.js").Phase} phase */
function equationOf({ equation }) {
  const family = /** @type {any} */ (catalog.value)?.[equation.from] ?? []
  const entry = family.find((/** @type {any} */ { name }) => name === equation.name) ?? family[0]
  return entry?.equations?.[equation.tensor]?.whole ?? null
}

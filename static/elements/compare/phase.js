/** The equation of the phase that is looked at, as each of the runs has it. */
import { html } from "htm/preact"
import { phase, phaseKey, phasesOfRuns, placeOf, step } from "../../compare_state.js"
import { equationsOf, plainName } from "../../lib/compare_phases.js"
import { formatCount } from "../../lib/format.js"
import { mark } from "../../lib/notation.js"
import { Equation } from "../equation.js"
import { Wide } from "../wide.js"
import { Badge } from "./badge.js"

const lanes = { forward: "Forward", loss: "Loss", backward: "Backward", update: "Update" }

export function ComparePhase() {
  const now = phase.value
  if (!now && phaseKey.value !== null) return html`<p class="compare__none soft">None of the runs has this phase in step ${formatCount(step.value)}; what was chosen above is shown instead.</p>`
  if (!now) return null
  const told = equationsOf(phasesOfRuns.value, now.key)
  return html`
    <section class="compare__phase" data-lane=${now.lane} aria-label="This phase">
      <p><span class="eyebrow">${lanes[now.lane]}</span> <strong>${plainName(now.tensor, now.layer)}</strong></p>
      ${told.map(({ latex, title, positions }) => html`
        <div key=${positions.join()} class="compare__equation">
          <span class="compare__badges">${positions.map((position) => html`<${Badge} key=${position} place=${placeOf(position)} />`)}</span>
          ${latex === null
            ? html`<span class="soft">no such phase</span>`
            : html`<${Wide} label=${`The phase, ${title}`} look="compare__whole"><${Equation} latex=${mark(null, latex)} display /><//>`}
          ${latex !== null && html`<span class="soft">${title}</span>`}
        </div>`)}
    </section>
  `
}

/** Whether the runs are in step; and ways to bring those that are behind along, once or for as long as another is taken on elsewhere. */
import { html } from "htm/preact"
import { bringing, isCarried, line, living, newest, runs, step } from "../../compare_state.js"
import { bringTogether, canBeBrought, carryAlong, stopBringing } from "../../compare_step_actions.js"
import { inStepWords, listed } from "../../lib/compare_likeness.js"
import { letterAt } from "../../lib/compare_words.js"
import { formatCount } from "../../lib/format.js"

/** @param {{id: string}} run */
const letterOf = ({ id }) => letterAt(runs.value.findIndex((one) => one.id === id))

export function Together() {
  const [now, last] = [living.value, newest.value]
  const told = inStepWords(now.map((run) => ({ letter: letterOf(run), step: run.session?.step ?? 0, hasKey: run.key !== null })), step.value)
  const isAway = line.value === "away"
  const isAlong = isCarried.value && now.length > 1
  if (!told && !bringing.value && !isAlong && !isAway) return null
  const able = canBeBrought()
  return html`
    <div class="in-step" data-apart=${told?.isApart ? "" : undefined}>
      <p class="in-step__words" role="status">
        ${told && html`${told.isApart ? html`<strong>${told.lead}</strong>` : told.lead} ${told.words}`}
        ${told?.keys && ` ${told.keys}`}
        ${!told && !bringing.value && isAlong && "In step."}
        ${isAway && " What is done elsewhere is not heard of at the moment; the line is being sought again."}
      </p>
      ${bringing.value && html`
        <progress aria-label="Steps taken" max=${Math.max(1, bringing.value.of)} value=${bringing.value.taken}></progress>
        <span class="soft">${formatCount(bringing.value.taken)} of ${formatCount(bringing.value.of)} steps</span>
        <button class="button" onClick=${stopBringing}>Stop here</button>`}
      ${!bringing.value && able.length > 0 && html`<button class="button" onClick=${bringTogether}>Bring ${listed(able.map(letterOf))} to step ${formatCount(last)}</button>`}
      ${(able.length > 0 || isAlong) && html`
        <label class="in-step__along"><input type="checkbox" checked=${isCarried.value} onChange=${(/** @type {any} */ event) => carryAlong(event.currentTarget.checked)} /> <span>${told ? "and keep" : "Keep"} them in step with what is done elsewhere</span></label>`}
    </div>
  `
}

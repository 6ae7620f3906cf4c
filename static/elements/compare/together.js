/** Whether the runs are in step; and ways to bring those that are behind along, once, or for as long as another is taken on elsewhere. */
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
  if (!told && !bringing.value && !isAway) return null
  const able = canBeBrought()
  return html`
    <div class="in-step" data-apart=${told?.isApart ? "" : undefined}>
      <p class="in-step__words" role="status">
        ${told && html`${told.isApart ? html`<strong>${told.lead}</strong>` : told.lead} ${told.words}`}
        ${told?.keys && ` ${told.keys}`}
        ${isAway && " What is done elsewhere is not heard of at the moment; the line is being sought again."}
      </p>
      ${bringing.value && html`
        <progress aria-label="Steps taken" max=${Math.max(1, bringing.value.of)} value=${bringing.value.taken}></progress>
        <span class="soft">${formatCount(bringing.value.taken)} of ${formatCount(bringing.value.of)} steps</span>
        <button class="button" onClick=${stopBringing}>Stop here</button>`}
      ${!bringing.value && able.length > 0 && html`<button class="button" onClick=${bringTogether}>Bring ${listed(able.map(letterOf))} to step ${formatCount(last)}</button>`}
    </div>
  `
}

/** Always in the same place, so that it is found again by who ticked it, whether the runs are in step or not. */
export function Along() {
  if (living.value.length < 2 || living.value.every(({ key }) => key === null)) return null
  return html`
    <label class="in-step__along" title="As one of the runs is taken on elsewhere, the others take the same steps, as far as this browser has their keys">
      <input type="checkbox" checked=${isCarried.value} onChange=${(/** @type {any} */ event) => carryAlong(event.currentTarget.checked)} /> <span>Keep in step<span class="visually-hidden"> with what is done elsewhere</span></span>
    </label>`
}

/** One transport for all runs: a step on and back, play, the past, phases. */
import { html } from "htm/preact"
import * as actions from "../../compare_actions.js"
import { common, lockstep, newest, phase, phases, step } from "../../compare_state.js"
import * as steps from "../../compare_step_actions.js"
import { plainName } from "../../lib/compare_phases.js"
import { formatCount } from "../../lib/format.js"
import { pointedStep, transport } from "../../state.js"
import { setSpeed } from "../../transport_actions.js"
import { ProblemNote } from "../problem.js"
import { Icon } from "../icon.js"
import { Jump } from "../jump.js"
import { Along } from "./together.js"
import { speeds } from "../transport.js"

export function CompareTransport() {
  const { status, problem, notice, again } = lockstep.value
  const [at, last] = [step.value, newest.value]
  const isPlaying = status === "playing"
  const isNew = at >= last
  const canGoOn = steps.canGoOn()
  const why = canGoOn ? "All runs one step on (n)" : "Read only: this browser has no key of any of these runs"
  return html`
    <section class="compare__transport" aria-label="Transport">
      <div class="transport__row">
        <div class="transport__buttons">
          <button class="button" onClick=${() => steps.goToStep(at - 1)} disabled=${at <= 1} title="The step before (Shift ←)"><${Icon} name="back" /><span class="visually-hidden">Step back</span></button>
          <button class="button" data-look="primary" onClick=${steps.goOn} disabled=${!canGoOn || status !== "paused"} title=${why}><${Icon} name="next" />${isNew ? "Next batch for all" : "Next step"}</button>
          <button class="button transport__play" onClick=${steps.togglePlay} disabled=${!canGoOn} title=${canGoOn ? "Play or pause (space)" : why}><${Icon} name=${isPlaying ? "pause" : "play"} />${isPlaying ? "Pause" : "Play"}</button>
          <label class="transport__speed">
            <span class="visually-hidden">Batches a second</span>
            <select onChange=${(/** @type {any} */ event) => setSpeed(Number(event.target.value))}>
              ${speeds.map((speed) => html`<option key=${speed} value=${speed} selected=${speed === transport.value.batchesPerSecond}>${speed}/s</option>`)}
            </select>
          </label>
        </div>
        <p class="transport__step"><span class="eyebrow">Step</span> <strong>${formatCount(at)}</strong> <span class="soft">of ${formatCount(last)}</span></p>
        <label class="compare__scrubber">
          <span class="visually-hidden">Step that is looked at in all runs</span>
          <input type="range" min="1" max=${Math.max(1, last)} value=${at} disabled=${last < 2} onInput=${(/** @type {any} */ event) => steps.goToStep(Number(event.currentTarget.value))} />
          ${pointedStep.value !== null && last > 1 && html`<span class="compare__pointed" style=${{ "--at": (pointedStep.value - 1) / (last - 1) }} aria-hidden="true"><span>${formatCount(pointedStep.value)}</span></span>`}
          ${common.value < last && common.value > 0 && html`<span class="compare__common" style=${{ inlineSize: `${(100 * (common.value - 1)) / Math.max(1, last - 1)}%` }} title=${`All of them have taken ${formatCount(common.value)} steps`}></span>`}
        </label>
        <${Jump} newest=${last} onGo=${steps.goToStep} />
        <${Along} />
        <div class="compare__phases" role="group" aria-label="Phases">
          <button class="button" onClick=${() => actions.movePhase(-1)} title="The phase before (←)"><${Icon} name="back" /><span class="visually-hidden">Phase back</span></button>
          <select aria-label="Phase" onChange=${(/** @type {any} */ event) => actions.choosePhase(event.currentTarget.value || null)}>
            <option value="" selected=${phase.value === null}>no phase</option>
            ${["forward", "backward", "update"].map((lane) => {
              const those = phases.value.filter((one) => one.lane === lane)
              return those.length > 0 && html`<optgroup key=${lane} label=${lane}>${those.map(({ key, tensor, layer }) => html`<option key=${key} value=${key} selected=${key === phase.value?.key}>${plainName(tensor, layer)}</option>`)}</optgroup>`
            })}
          </select>
          <button class="button" onClick=${() => actions.movePhase(1)} title="The next phase (→)"><${Icon} name="next" /><span class="visually-hidden">Phase on</span></button>
        </div>
      </div>
      ${notice && html`<p class="compare__notice" role="status">${notice}</p>`}
      ${problem && html`<div class="transport__problem"><${ProblemNote} problem=${problem} onRetry=${again} isOfAction /></div>`}
    </section>
  `
}

/** @param {KeyboardEvent} event keys that work anywhere but where a person types */
export function onCompareKey(event) {
  const target = /** @type {HTMLElement} */ (event.target)
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, dialog")) return
  if (event.key === " " && !target.closest("button, a")) steps.togglePlay()
  else if (event.key === "n") steps.goOn()
  else if (event.key === "g") document.getElementById("jump")?.focus()
  else if (event.key === "Escape") actions.selectCell(null)
  else if (event.key === "ArrowLeft") event.shiftKey ? steps.goToStep(step.value - 1) : actions.movePhase(-1)
  else if (event.key === "ArrowRight") event.shiftKey ? (step.value < newest.value ? steps.goToStep(step.value + 1) : steps.goOn()) : actions.movePhase(1)
  else return
  event.preventDefault()
}

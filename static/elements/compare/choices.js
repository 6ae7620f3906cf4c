/** What is compared: which tensors, of which layer, and on what scale. */
import { html } from "htm/preact"
import * as actions from "../../compare_actions.js"
import { lastLayer, layer, opened, phase, placeOf, sharing, tensors, tensorsHere } from "../../compare_state.js"
import { listed } from "../../lib/compare_likeness.js"
import { plainName } from "../../lib/compare_phases.js"
import { letterAt } from "../../lib/compare_words.js"
import { scaleMode } from "../../state.js"
import { chooseScaleMode } from "../../view_actions.js"
import { Choice } from "../lens.js"
import { Symbol } from "../symbol.js"

/** Small multiples of the whole lens, or some tensors large. */
const LENS = ["W", "dW", "A", "dZ"]

export function Choices() {
  const chosen = tensors.value
  const { usual, others } = tensorsHere.value
  const there = [...usual, ...others]
  // of those that one has to look for, what was chosen stands with the usual ones
  const chips = there.filter((name) => usual.includes(name) || chosen.includes(name))
  const further = others.filter((name) => !chosen.includes(name))
  const toggle = (/** @type {string} */ name) => {
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]
    // what another layer has, and this one not, stays chosen for there
    const order = [...there, ...chosen.filter((one) => !there.includes(one))]
    if (next.some((one) => there.includes(one))) actions.chooseTensors(order.filter((one) => next.includes(one)))
  }
  return html`
    <div class="compare__choices" data-idle=${phase.value === null ? undefined : ""}>
      <div class="choice" role="group" aria-label="Tensors">
        <span class="choice__title">Tensors</span>
        ${chips.map((name) => html`<button key=${name} class="compare__toggle" aria-pressed=${chosen.includes(name)} onClick=${() => toggle(name)}><${Symbol} tensor=${name} layer=${layer.value === "all" ? "l" : layer.value} /></button>`)}
        ${further.length > 0 && html`
          <select class="compare__further" aria-label="Another tensor" onChange=${(/** @type {any} */ event) => { toggle(event.currentTarget.value); event.currentTarget.value = "" }}>
            <option value="" selected>more…</option>
            ${further.map((name) => html`<option key=${name} value=${name}>${plainName(name)}</option>`)}
          </select>`}
      </div>
      <label class="choice"><span class="choice__title">Layer</span>
        <select aria-label="Layer" onChange=${(/** @type {any} */ event) => {
          const value = event.currentTarget.value
          actions.chooseLayer(value === "all" ? "all" : Number(value))
          if (value === "all") actions.chooseTensors(LENS)
        }}>
          ${Array.from({ length: lastLayer.value + 1 }, (_, l) => html`<option key=${l} value=${l} selected=${layer.value === l}>${l} (${roleOf(l)})</option>`)}
          <option value="all" selected=${layer.value === "all"}>all, small</option>
        </select>
      </label>
      <${Choice} title="Scale" value=${sharing.value} onChoose=${actions.chooseSharing} options=${[["tensor", "same in all runs"], ["own", "each its own"], ["kind", "same for a kind"]]} />
      <${Choice} title="Colours" value=${scaleMode.value} onChoose=${chooseScaleMode} options=${[["linear", "linear"], ["signed-log", "logarithmic"]]} />
    </div>
  `
}

/** What a layer is; where the networks are of unlike depth, in which of them. @param {number} l */
function roleOf(l) {
  if (l === 0) return "input"
  const ends = opened.value.map(({ session }, position) => ({ letter: letterAt(placeOf(position)), last: (session?.config.layer_sizes.length ?? 1) - 1 }))
  const of = ends.filter(({ last }) => last === l).map(({ letter }) => letter)
  return of.length === 0 ? "hidden" : of.length === ends.length ? "output" : `output of ${listed(of)}`
}

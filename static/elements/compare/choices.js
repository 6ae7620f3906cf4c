/** What is compared: which tensors, of which layer, and on what scale. */
import { html } from "htm/preact"
import * as actions from "../../compare_actions.js"
import { lastLayer, layer, opened, phaseKey, sharing, tensors } from "../../compare_state.js"
import { scaleMode } from "../../state.js"
import { chooseScaleMode } from "../../view_actions.js"
import { Choice } from "../lens.js"
import { Symbol } from "../symbol.js"

const USUAL = ["W", "b", "Z", "A", "dW", "db", "dZ", "dA"]
const NORMALISED = ["gamma", "beta", "Zhat", "N", "dgamma", "dbeta", "dN"]
const DROPPED = ["D", "G", "dG"]

/** What any of the runs has, in the order of the derivation. */
function names() {
  const configs = opened.value.flatMap(({ session }) => (session ? [session.config] : []))
  const isNormalised = configs.some(({ normalisation }) => [normalisation ?? []].flat().some(Boolean))
  const isDropped = configs.some(({ dropout }) => [dropout ?? 0].flat().some((rate) => rate > 0))
  // also what only the address names, such as an optimizer's state
  return [...new Set([...USUAL, ...(isNormalised ? NORMALISED : []), ...(isDropped ? DROPPED : []), ...tensors.value])]
}

/** Small multiples of the whole lens, or some tensors large. */
const LENS = ["W", "dW", "A", "dZ"]

export function Choices() {
  const chosen = tensors.value
  const toggle = (/** @type {string} */ name) => {
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : names().filter((one) => one === name || chosen.includes(one))
    if (next.length > 0) actions.chooseTensors(next)
  }
  return html`
    <div class="compare__choices" data-idle=${phaseKey.value === null ? undefined : ""}>
      <div class="choice" role="group" aria-label="Tensors">
        <span class="choice__title">Tensors</span>
        ${names().map((name) => html`<button key=${name} class="compare__toggle" aria-pressed=${chosen.includes(name)} onClick=${() => toggle(name)}><${Symbol} tensor=${name} layer=${layer.value === "all" ? "l" : layer.value} /></button>`)}
      </div>
      <label class="choice"><span class="choice__title">Layer</span>
        <select aria-label="Layer" onChange=${(/** @type {any} */ event) => {
          const value = event.currentTarget.value
          actions.chooseLayer(value === "all" ? "all" : Number(value))
          if (value === "all") actions.chooseTensors(LENS)
        }}>
          ${Array.from({ length: lastLayer.value }, (_, at) => at + 1).map((l) => html`<option key=${l} value=${l} selected=${layer.value === l}>${l} ${l === lastLayer.value ? "(output)" : "(hidden)"}</option>`)}
          <option value="all" selected=${layer.value === "all"}>all, small</option>
        </select>
      </label>
      <${Choice} title="Scale" value=${sharing.value} onChoose=${actions.chooseSharing} options=${[["tensor", "of each tensor"], ["kind", "shared by kind"]]} />
      <${Choice} title="Colours" value=${scaleMode.value} onChoose=${chooseScaleMode} options=${[["linear", "linear"], ["signed-log", "logarithmic"]]} />
    </div>
  `
}

/**
 * What edits do, marked in the lens where they do it: hatched rows of ablated units, and signs at layers and gradients.
 * What acts only from the next batch on is marked as such: the step on the page was taken without it.
 *
 * @import { Action } from "../types.js"
 */
import { html } from "htm/preact"
import { entries, marked } from "../edit_state.js"
import { editSign, editWords } from "../lib/edit_words.js"

const SILENCED = ["D", "A", "dG", "dN", "dZ"]

/** @typedef {{action: Action, isNext: boolean}} Shown */

/** @param {(action: Action) => boolean} isIt @returns {Shown[]} */
const shown = (isIt) => [
  ...marked.value.now.filter(isIt).map((action) => ({ action, isNext: false })),
  ...marked.value.next.filter(isIt).map((action) => ({ action, isNext: true })),
]

/** @param {Shown} one */
const wordsOf = ({ action, isNext }) => `${editWords(action, entries.value)}${isNext ? ", from the next batch on" : ""}`

/** The rows of ablated units, where an ablation makes them 0: what the unit passes on, and what comes back through it. @param {{tensor: string, layer: number, rows: number}} properties */
export function StandingMarks({ tensor, layer, rows }) {
  if (!SILENCED.includes(tensor)) return null
  return shown((action) => action.unit !== undefined && action.layer === layer).map((one) => {
    const style = { top: `${(100 * Number(one.action.unit)) / rows}%`, height: `${100 / rows}%` }
    return html`<span key=${String(one.action.unit)} class="heatmap__standing" data-next=${one.isNext ? "" : undefined} style=${style}></span>`
  })
}

/**
 * What is done to a gradient, in the place of its shape, so that its name stays free and nothing moves. Where there is room for one sign only, it says how many more there are.
 * @param {{tensor: string, layer: number, shape: string, isNarrow: boolean}} properties
 */
export function TensorSigns({ tensor, layer, shape, isNarrow }) {
  const found = shown((action) => action.tensor === tensor && action.layer === layer)
  if (found.length === 0) return html`<span class="heatmap__shape">${shape}</span>`
  const words = [shape, ...found.map(wordsOf)].join("; ")
  const more = isNarrow && found.length > 1 ? html`<span class="heatmap__more">+${found.length - 1}</span>` : null
  return html`
    <span class="heatmap__signs" data-narrow=${isNarrow ? "" : undefined} title=${words}>
      ${(more ? found.slice(0, 1) : found).map(({ action, isNext }, at) => html`<span key=${at} class="standing-sign" data-next=${isNext ? "" : undefined} aria-hidden="true">${editSign(action)}</span>`)}${more}
      <span class="visually-hidden">${words}</span>
    </span>
  `
}

/** What is done to a layer, and which of its units are ablated. @param {{layer: number}} properties */
export function LayerSign({ layer }) {
  const found = shown((action) => action.layer === layer && action.tensor === undefined)
  return html`<${Signs} found=${found} />`
}

/** @param {{found: Shown[]}} properties */
function Signs({ found }) {
  return found.map((one, at) => html`
    <span key=${at} class="standing-sign" data-next=${one.isNext ? "" : undefined} title=${wordsOf(one)}>
      <span aria-hidden="true">${editSign(one.action)}${one.action.unit === undefined ? "" : one.action.unit}</span><span class="visually-hidden">${wordsOf(one)}</span>
    </span>
  `)
}

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

/** What is done to a gradient. @param {{tensor: string, layer: number}} properties */
export function TensorSign({ tensor, layer }) {
  const found = shown((action) => action.tensor === tensor && action.layer === layer)
  return html`<${Signs} found=${found} />`
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

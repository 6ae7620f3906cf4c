/**
 * A sentence of a register, with its letters set as in the equations.
 *
 *   <Prose text="The weight from unit k to unit j ..." />
 */
import { html } from "htm/preact"
import { kindOf, letterOf } from "../../lib/notation.js"
import { piecesOf } from "../../lib/prose.js"

/** @param {{text: string}} properties */
export function Prose({ text }) {
  return piecesOf(text).map(({ kind, text: piece }) => (kind === "text" ? piece : html`<span class="symbol" data-kind=${kind === "tensor" ? kindOf(piece) : undefined}>${letterOf(piece)}</span>`))
}

/** A layer in letters, as it stands above a tensor: l, L−1. @param {string} layer */
export const layerName = (layer) => html`<i>${layer.slice(0, 1)}</i>${layer.slice(1)}`

/** One letter of the mathematics: an index, a size. @param {{children?: any, sub?: any}} properties */
export function Letter({ children, sub }) {
  return html`<span class="symbol">${children}${sub !== undefined && html`<sub>${sub}</sub>`}</span>`
}

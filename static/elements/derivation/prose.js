/**
 * A sentence of a register, with its letters set as in the equations.
 *
 *   <Prose text="The weight from unit k to unit j ..." />
 *   <Prose text="... beta cancels." own=${["\\beta"]} />   of an ingredient with a parameter of that letter
 */
import { html } from "htm/preact"
import { kindOf, letterOf } from "../../lib/notation.js"
import { letterIn, piecesOf } from "../../lib/prose.js"

/** @param {{text: string, own?: readonly string[]}} properties */
export function Prose({ text, own }) {
  return piecesOf(text, own).map(({ kind, text: piece }) => {
    if (kind === "text") return piece
    if (kind === "tensor") return html`<span class="symbol" data-kind=${kindOf(piece)}>${letterOf(piece)}</span>`
    const { letter, below } = letterIn(piece)
    return html`<${Letter} sub=${below || undefined}>${letter}</${Letter}>`
  })
}

/** A layer in letters, as it stands above a tensor: l, L−1. @param {string} layer */
export const layerName = (layer) => html`<i>${layer.slice(0, 1)}</i>${layer.slice(1)}`

/** One letter of the mathematics: an index, a size, a parameter. @param {{children?: any, sub?: any}} properties */
export function Letter({ children, sub }) {
  return html`<span class="symbol">${children}${sub !== undefined && html`<sub>${sub}</sub>`}</span>`
}

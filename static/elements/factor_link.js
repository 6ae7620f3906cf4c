/**
 * One factor of a term: the cell and its number, a door to where that came from.
 *
 *   <FactorLink factor={factor} />
 *
 * @import { Cell, CellValue, Factor } from "../types.js"
 */
import { html } from "htm/preact"
import { hint, walk } from "../cell_actions.js"
import { formatNumber } from "../lib/format.js"
import { cellLatex, shortened } from "../lib/typeset.js"
import { Equation } from "./equation.js"
import { Symbol } from "./symbol.js"

/** @param {{factor: Factor}} properties */
export function FactorLink({ factor }) {
  if (!("latex" in factor)) return html`<${CellLink} cell=${factor} />`
  const [first] = factor.of
  const latex = shortened(factor.latex).replace(/#(\d)/g, (_, place) => {
    const cell = factor.of[Number(place) - 1]
    return cell ? cellLatex(cell) : ""
  })
  // a number is its own value; after a letter it could be taken for the next term
  const inside = html`<${Equation} latex=${latex} />${Number(latex) !== Number(factor.value) && html` <span class="factor__value">= ${formatNumber(factor.value, 3)}</span>`}`
  if (!first) return html`<span class="factor">${inside}</span>`
  return html`<button class="factor link" title="Walk on to this number" onClick=${() => walk(cellOf(first))} ...${pointing(first)}>${inside}</button>`
}

/** @param {{cell: CellValue}} properties */
function CellLink({ cell }) {
  return html`
    <button class="factor link" title="Walk on to this number" onClick=${() => walk(cellOf(cell))} ...${pointing(cell)}>
      <${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} /> <span class="factor__value">${formatNumber(cell.value, 3)}</span>
    </button>
  `
}

/** The place alone. @param {Cell} cell */
export const cellOf = ({ tensor, layer, row, col }) => ({ tensor, layer, row, col })

/** Pointing at a factor shows where it stands in the lens. @param {CellValue} cell */
function pointing(cell) {
  return {
    onPointerEnter: () => hint(cellOf(cell)),
    onPointerLeave: () => hint(null),
    onFocus: () => hint(cellOf(cell)),
    onBlur: () => hint(null),
  }
}

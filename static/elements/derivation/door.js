/**
 * A number with its name, as an ordinary link to its cell in the lens.
 *
 *   <Door cell={cell} value={0.21} />             its name and its number
 *   <Door cell={cell} value={0.21} digits={5} isBare />   the number alone
 *
 * @import { Cell, Factor, Value } from "../../types.js"
 */
import { html } from "htm/preact"
import { formatExact, formatNumber, tensorLabel } from "../../lib/format.js"
import { doorTo } from "../../lib/lens_door.js"
import { cellLatex } from "../../lib/typeset.js"
import { phases, session, trace } from "../../state.js"
import { Equation } from "../equation.js"
import { Symbol } from "../symbol.js"

/** @param {{cell: Cell, value: Value, digits?: number, isBare?: boolean}} properties */
export function Door({ cell, value, digits = 3, isBare = false }) {
  const href = doorTo(session.value?.id ?? "", trace.value?.step ?? 0, phases.value, cell)
  const place = placeOf(cell)
  return html`
    <a class="door" href=${href} title=${`${place}: ${formatExact(value)}. Open it in the lens`} data-cell=${[cell.tensor, cell.layer, cell.row, cell.col].join(".")}>${!isBare && html`<${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} /> `}<span class="door__value">${formatNumber(value, digits)}</span>${isBare && html`<span class="visually-hidden"> is ${place}</span>`}</a>
  `
}

/** @param {Cell} cell */
function placeOf({ tensor, layer, row, col }) {
  if (tensor === "loss") return "the loss of the batch"
  if (tensor === "losses") return `the loss of example ${col}`
  return `${tensorLabel(tensor, layer)}, row ${row}, column ${col}`
}

/** A factor of a term: a cell; or a function of cells with its value, and a door to each of them. @param {{factor: Factor}} properties */
export function FactorDoor({ factor }) {
  if (!("latex" in factor)) return html`<${Door} cell=${factor} value=${factor.value} />`
  if (factor.latex === "-1") return html`<span>−1</span>`
  const latex = factor.latex.replace(/#(\d)/g, (_, place) => {
    const cell = factor.of[Number(place) - 1]
    return cell ? cellLatex(cell) : ""
  })
  return html`<span class="factor-of"><${Equation} latex=${latex} /> = ${formatNumber(factor.value, 3)}${factor.of.map((cell, at) => html`<span key=${at} class="soft">${at === 0 ? " at " : " and "}</span><${Door} cell=${cell} value=${cell.value} />`)}</span>`
}

/**
 * A number before and after an edit that is tried, and by how much it differs: none of them is said to be the run's own but the first.
 *
 *   <Compared cell={cell} isNamed />   `isNamed` where its name does not stand above it anyway
 *
 * @import { Cell, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { whatIf } from "../edit_state.js"
import { formatNumber } from "../lib/format.js"
import { partsOf } from "../lib/tensor_names.js"
import { isWhole, tensorOf, valueAt } from "../tensors.js"
import { Symbol } from "./symbol.js"

/**
 * Without an edit the update takes the gradient itself, so what it takes has a number before too, under the gradient's name.
 * @param {Trace} trace @param {import("../edit_state.js").Imagined} now @param {"before" | "after" | "difference"} side @param {Cell} cell
 */
function numberOf(trace, now, side, cell) {
  const parts = partsOf(cell.tensor)
  if (parts?.mark !== "g" || tensorOf(trace, cell.tensor, cell.layer)) return valueAt(trace, cell)
  const own = { ...cell, tensor: `d${parts.letter}` }
  const [before, after] = [now.before, now.after].map((one) => valueAt(one, tensorOf(one, cell.tensor, cell.layer) ? cell : own))
  if (side !== "difference") return side === "before" ? (before ?? null) : (after ?? null)
  const found = tensorOf(now.after, own.tensor, own.layer)
  // of a pooled tensor the page has extremes, and their difference is none of a number
  return typeof before === "number" && typeof after === "number" && found && isWhole(found) ? after - before : null
}

/** @param {{cell: Cell, isNamed?: boolean}} properties */
export function Compared({ cell, isNamed = false }) {
  const now = whatIf.value
  if (!now) return null
  const sides = /** @type {const} */ ([["before", now.before, "as it was taken"], ["after", now.after, "what if"], ["difference", now.difference, "what if"]])
  const isPooled = sides.some(([, trace]) => {
    const found = tensorOf(trace, cell.tensor, cell.layer)
    return found !== null && !isWhole(found)
  })
  return html`
    <table class="compared">
      <caption><span class=${isNamed ? undefined : "visually-hidden"}><${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} /></span>${isPooled && html` <span class="soft">extremes of its block</span>`}</caption>
      <tbody>
        ${sides.map(([side, trace, whose]) => {
          const value = numberOf(trace, now, side, cell)
          return html`<tr key=${side} data-side=${side}><th scope="row">${side} <span class="soft">${whose}</span></th><td>${value === null ? "–" : formatNumber(value, 6)}</td></tr>`
        })}
      </tbody>
    </table>
  `
}

/**
 * Where a number came from: the equation, the same with numbers, and the terms, each a door to the cells that it is made of.
 *
 *   <Explained cell explanation isCurrent problem asked onAsk m />
 *
 * @import { Cell, Explanation, Term } from "../types.js"
 */
import { html } from "htm/preact"
import { entries, log } from "../edit_state.js"
import { setBy } from "../lib/edit_log.js"
import { editWords } from "../lib/edit_words.js"
import { formatCount, formatNumber, tensorLabel } from "../lib/format.js"
import { isHeld, isParameter, partsOf } from "../lib/tensor_names.js"
import { spoken, substituted, symbolicOfLens } from "../lib/typeset.js"
import { hint, walk } from "../cell_actions.js"
import { walkBack } from "../look_actions.js"
import { example, session, wholeTrace } from "../state.js"
import { Equation, LiveEquation } from "./equation.js"
import { cellOf, FactorLink } from "./factor_link.js"
import { ProblemNote } from "./problem.js"
import { Terms } from "./terms.js"

/** "either": the largest first where not all terms are told, else as the sum runs, so that none changes its place from step to step. @typedef {{limit: number, order: "index" | "magnitude" | "either"}} Asked */

/**
 * @param {{cell: Cell, explanation: Explanation | null, isCurrent: boolean, problem: import("../state.js").Problem | null,
 *   asked: Asked, onAsk: (asked: Asked) => void, m: number}} properties
 */
export function Explained({ cell, explanation, isCurrent, problem, asked, onAsk, m }) {
  if (problem) return html`<${ProblemNote} problem=${problem} />`
  const isSameCell = explanation !== null && explanation.tensor === cell.tensor && explanation.layer === cell.layer && explanation.row === cell.row && explanation.col === cell.col
  if (!explanation || !isSameCell) return html`<div class="explained" data-waiting=""><h3 class="eyebrow">Where it came from</h3><p class="soft">Asking…</p></div>`
  const { operation } = explanation
  if (!operation) return html`<div class="explained"><h3 class="eyebrow">Where it came from</h3><${Given} cell=${cell} /></div>`
  const live = substituted(explanation, m)
  return html`
    <div class="explained" aria-busy=${!isCurrent}>
      <h3 class="eyebrow">Where it came from <span class="explained__operation">${operation.title}</span></h3>
      <p class="explained__equation"><${Equation} latex=${symbolicOfLens(explanation)} /></p>
      <p class="explained__equation"><${LiveEquation} latex=${live.latex} slots=${live.slots} label=${spoken(explanation, `${tensorLabel(cell.tensor, cell.layer)} at row ${cell.row}, column ${cell.col}`)} cells=${live.cells} onCell=${(/** @type {Cell} */ to) => walk(cellOf(to))} onHint=${(/** @type {Cell | null} */ to) => hint(to && cellOf(to))} /> <span class="explained__result" aria-hidden="true">= ${live.result}</span></p>
      <p class="explained__why">${explanation.why}${isWithoutDecay(explanation) && " In this run λ is 0, and its term with it."}</p>
      ${explanation.numerator && html`<p class="explained__numerator"><span class="soft">above the fraction</span> <${FactorLink} factor=${explanation.numerator} /></p>`}
      ${explanation.count === 1 || explanation.terms.every(({ letter }) => letter === "")
        ? html`<${Single} terms=${explanation.terms} />`
        : html`<${Terms} explanation=${explanation} asked=${asked} onAsk=${onAsk} />`}
    </div>
  `
}

/** Where there is no sum to speak of: each factor a line. @param {{terms: Term[]}} properties */
function Single({ terms }) {
  const sorted = [...terms].sort((one, other) => one.position - other.position)
  return html`
    <ul class="explained__factors">
      ${sorted.map(({ factors, product, position }) => html`
        <li key=${position}>
          ${factors.map((factor, at) => html`${at > 0 && html` <span class="soft">·</span> `}<${FactorLink} key=${at} factor=${factor} />`)}
          ${factors.length > 1 && html` <span class="soft">= ${formatNumber(product, 4)}</span>`}
        </li>
      `)}
    </ul>
  `
}

/** Whether the equation has a penalty that this run does not have. @param {Explanation} explanation */
function isWithoutDecay({ equation, terms }) {
  return equation.includes("\\lambda") && !terms.some(({ factors }) => factors.some((factor) => "latex" in factor && factor.latex.includes("\\lambda")))
}

/** What a step is given; and, where a step before made it, the way there. @param {{cell: Cell}} properties */
function Given({ cell }) {
  const step = wholeTrace.value?.step ?? 0
  const parts = partsOf(cell.tensor)
  const isOneOfBatch = example.value !== null && cell.layer === 0 // whose column is the only one here
  const edit = setBy(log.value?.edits ?? [], isOneOfBatch ? { ...cell, col: Number(example.value) } : cell, step)
  const isMade = !edit && step > 1 && parts !== null && (isParameter(parts.letter) || isHeld(parts))
  return html`
    <p>${edit ? `It was set by hand, by edit ${edit.number} of the run: ${editWords(edit.action, entries.value)}. It acts from step ${formatCount(step)} on.` : givenWords(cell, step)}</p>
    ${isMade && html`<p><button class="button" onClick=${() => walkBack({ ...cell, tensor: `${cell.tensor}_next` })}>See how step ${formatCount(step - 1)} made it</button></p>`}
  `
}

/** @param {Cell} cell @param {number} step */
function givenWords({ tensor, layer }, step) {
  const initializer = session.value?.config.initializer.name ?? "the initializer"
  if (tensor === "Y") return "It is given: a target of the data, one-hot for a class."
  if (tensor === "D") return "It is given: the mask of this step, 0 where dropout drew it or where an edit has ablated the unit."
  if (layer === 0) return `It is given: a feature of an example of the data${session.value?.dataset.standardised ? ", standardised" : ""}.`
  if (step > 1) return `It is given to this step: the update of step ${formatCount(step - 1)} made it.`
  const parts = partsOf(tensor)
  if (parts && isHeld(parts)) return `It is given to this step: ${parts.mark === "r" ? `running ${parts.letter === "M" ? "means begin at 0" : "variances begin at 1"}` : "an optimizer begins with nothing held"}.`
  const begins = /** @type {Record<string, string>} */ ({ b: "biases begin at zero", gamma: "scales begin at 1", beta: "shifts begin at 0" })[tensor]
  return `It is given to this step: ${begins ?? `${initializer} drew it`}.`
}

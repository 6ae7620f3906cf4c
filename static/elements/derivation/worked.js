/**
 * One number of a result, worked out: the index form with symbols, with numbers, and the terms. Every number is a door into the lens.
 *
 *   <Worked phase={phase} />
 *
 * @import { Cell, Explanation, SessionPhase, Tensor, Term, Trace } from "../../types.js"
 */
import { html } from "htm/preact"
import { useMemo, useState } from "preact/hooks"
import { describeCell } from "../../lib/cell_words.js"
import { formatCount, formatNumber, tensorLabel } from "../../lib/format.js"
import { doorTo } from "../../lib/lens_door.js"
import { rankedCells } from "../../lib/ranked_cells.js"
import { lossUnit } from "../../lib/run_words.js"
import { spoken, substituted, symbolic } from "../../lib/typeset.js"
import { useExplanation } from "../../lib/use_explanation.js"
import { catalog, phases, session, trace } from "../../state.js"
import { matrixOf, tensorOf } from "../../tensors.js"
import { Equation, LiveEquation } from "../equation.js"
import { ProblemNote } from "../problem.js"
import { Door, FactorDoor } from "./door.js"
import { Prose } from "./prose.js"
import { Wide } from "../wide.js"

const MOST = 8 // terms that are listed

/** @param {{phase: SessionPhase}} properties */
export function Worked({ phase: { tensor: name, layer } }) {
  const now = /** @type {Trace} */ (trace.value)
  const tensor = tensorOf(now, name, layer)
  return tensor && html`<${OfTensor} key=${`${name}.${layer}.${now.step}`} tensor=${tensor} name=${name} layer=${layer} now=${now} />`
}

/** @param {{tensor: Tensor, name: string, layer: number, now: Trace}} properties */
function OfTensor({ tensor, name, layer, now }) {
  const isUpdate = name.endsWith("_next")
  // what an update does is seen where the gradient is large, not where the parameter is
  const ranked = (isUpdate && tensorOf(now, `d${name.replace("_next", "")}`, layer)) || tensor
  const cells = useMemo(() => rankedCells(ranked, name, layer), [ranked])
  const [rank, setRank] = useState(0)
  const [tries, setTries] = useState(0)
  const cell = /** @type {Cell} */ (cells[rank])
  // the smallest come last, so the zeros do too
  const zeros = matrixOf(ranked).data.reduce((count, value) => count + (value === 0 ? 1 : 0), 0)
  const firstZero = cells.length - zeros
  return html`
    <section class="worked" aria-label=${`${tensorLabel(name, layer)} in numbers`}>
      <header class="worked__head">
        <p class="eyebrow">In numbers <span class="worked__rank">${rankWords(rank, cells.length, zeros, isUpdate ? "gradient " : "")}</span></p>
        <p class="worked__choose">
          ${cells.length > 1 && html`<button class="button" onClick=${() => setRank((rank + 1) % cells.length)} aria-label=${`Another cell of ${tensorLabel(name, layer)}`}>Another cell</button>`}
          ${!isUpdate && zeros > 0 && firstZero > 0 && rank < firstZero && html`<button class="button" onClick=${() => setRank(firstZero)} aria-label=${`One that is 0, of ${tensorLabel(name, layer)}`}>One that is 0</button>`}
        </p>
      </header>
      <p class="worked__words"><${Prose} text=${describeCell(cell, { trace: now, unit: lossUnit(session.value, catalog.value) })} /></p>
      <${OfCell} key=${tries} cell=${cell} m=${now.batch.size} onRetry=${() => setTries(tries + 1)} />
    </section>
  `
}

/** @param {{cell: Cell, m: number, onRetry: () => void}} properties */
function OfCell({ cell, m, onRetry }) {
  const { explanation, isCurrent, problem } = useExplanation(cell, { limit: MOST })
  if (problem) return html`<${ProblemNote} problem=${problem} onRetry=${onRetry} />`
  if (!explanation) return html`<div class="worked__waiting" role="status"><span class="soft">Asking for ${tensorLabel(cell.tensor, cell.layer)}…</span></div>`
  return html`<div aria-busy=${!isCurrent}><${Shown} explanation=${explanation} m=${m} /></div>`
}

/** @param {{explanation: Explanation, m: number}} properties */
function Shown({ explanation, m }) {
  const live = substituted(explanation, m, 3)
  const { tensor, layer, row, col, result, terms, count } = explanation
  const label = tensorLabel(tensor, layer)
  const shown = [...terms].sort((one, other) => one.position - other.position)
  return html`
    <${Wide} label=${`${label} in index form`}>
      <p class="worked__equation"><${Equation} latex=${symbolic(explanation)} /></p>
      <p class="worked__equation worked__equation--numbers"><${LiveEquation} latex=${live.latex} slots=${live.slots} label=${spoken(explanation, label)} cells=${live.cells} onCell=${follow} /> <span class="worked__result">= <${Door} cell=${{ tensor, layer, row, col }} value=${result} digits=${5} isBare /></span></p>
    </${Wide}>
    <ul class="worked__terms" aria-label=${count > 1 ? "Its terms" : "Its factors"}>
      ${shown.map((term) => html`<${TermLine} key=${term.position} term=${term} />`)}
    </ul>
    ${terms.some(({ letter }) => letter !== "") && count > 1 && html`<${Total} explanation=${explanation} />`}
  `
}

/** Through the door of a number in the lens. @param {Cell} cell */
const follow = ({ tensor, layer, row, col }) => location.assign(doorTo(session.value?.id ?? "", trace.value?.step ?? 0, phases.value, { tensor, layer, row, col }))

/** @param {{term: Term}} properties */
function TermLine({ term: { index, letter, factors, product } }) {
  return html`
    <li class="worked__term">
      ${index !== null && html`<span class="worked__index"><span class="symbol">${letter}</span> = ${index}</span>`}
      <span class="worked__factors">${factors.map((factor, at) => html`${at > 0 && html`<span class="worked__times"> · </span>`}<${FactorDoor} key=${at} factor=${factor} />`)}</span>
      ${factors.length > 1 && html`<span class="worked__product">= ${formatNumber(product, 3)}</span>`}
    </li>
  `
}

/** What was left out, and the sum; with the factor before it where there is one. @param {{explanation: Explanation}} properties */
function Total({ explanation: { terms, count, rest, sum, scale_latex: scale, result, numerator } }) {
  const unseen = count - terms.length
  return html`
    <p class="worked__total">
      ${unseen > 0 && html`<span class="soft">${formatCount(unseen)} smaller terms, together ${formatNumber(rest, 3)}</span>`}
      <span>Sum ${formatNumber(sum, 4)}${scale !== "" && !numerator && html`; times <${Equation} latex=${scale} />: ${formatNumber(result, 4)}`}</span>
    </p>
  `
}

/** @param {number} rank from 0 @param {number} count @param {number} zeros @param {string} what is large there; the cell itself when empty */
function rankWords(rank, count, zeros, what) {
  if (count === 1) return ""
  if (rank === 0) return `the largest ${what}of ${formatCount(count)} cells`
  if (rank >= count - zeros) return what ? `one of ${formatCount(zeros)} cells whose gradient is 0` : `one of ${formatCount(zeros)} cells that are 0`
  return `${formatCount(rank + 1)}${["th", "st", "nd", "rd"][/1\d$/.test(String(rank + 1)) ? 0 : (rank + 1) % 10] ?? "th"} largest ${what}of ${formatCount(count)}`
}

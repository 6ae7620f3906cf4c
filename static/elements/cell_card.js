/**
 * One number: what it is, where it came from, how its examples pull, what it leads to, and the proof of it.
 *
 *   <CellCard cell={cell} tensor={tensor} />   for the cell that is pointed at or chosen
 *
 * @import { Cell, Tensor, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useState } from "preact/hooks"
import { select, walk } from "../cell_actions.js"
import { draft, whatIf } from "../edit_state.js"
import { copyLink, copyScript } from "../export_actions.js"
import { describeCell, isOfAllLosses } from "../lib/cell_words.js"
import { formatCount, formatExact, formatNumber } from "../lib/format.js"
import { kindOf } from "../lib/notation.js"
import { uselessBias } from "../lib/rounding_words.js"
import { lossUnit } from "../lib/run_words.js"
import { isGradient, isHeld, isParameter, partsOf } from "../lib/tensor_names.js"
import { useExplanation } from "../lib/use_explanation.js"
import { useKeptFocus } from "../lib/use_kept_focus.js"
import { twinOf } from "../phases.js"
import { look, readCell } from "../readings.js"
import { catalog, example, lit, pointed, selected, session, trace } from "../state.js"
import { extentOf, isWhole, tensorOf, valueAt } from "../tensors.js"
import { openDialog } from "../view_actions.js"
import { CellPaths } from "./cell_paths.js"
import { CellProof } from "./cell_proof.js"
import { Compared } from "./compared.js"
import { CopyButton } from "./copy_button.js"
import { EditPart } from "./edit_part.js"
import { Explained } from "./explained.js"
import { focusCell } from "./heatmap.js"
import { Symbol } from "./symbol.js"
import { Trail } from "./trail.js"
import { UsedGradient } from "./used_gradient.js"

const FIRST = 10 // terms that are listed before a person asks for more: as many as digits have classes

/** @param {{cell: Cell, tensor: Tensor}} properties */
export function CellCard({ cell, tensor }) {
  const now = /** @type {Trace} */ (trace.value)
  const value = useExact(cell, tensor)
  const isTried = draft.value !== null
  const isChosen = isTried || (selected.value !== null && lit.value === selected.value)
  const nothing = uselessBias(cell, now)
  const { box, heading, isByKeyboard } = useKeptFocus()
  /** Back to where the keyboard came from; the cell that it is at is spoken of there. @param {KeyboardEvent} event */
  const leave = (event) => {
    const isField = /** @type {HTMLElement} */ (event.target).closest("input, select, textarea")
    if (event.key !== "Escape" || !isByKeyboard.current || !isChosen || isTried || isField || !focusCell(cell)) return
    select(null)
    event.preventDefault()
  }
  return html`
    <section class="cell-card" data-kind=${kindOf(cell.tensor)} ref=${box} onKeyDown=${leave}>
      <${Trail} isPointing=${pointed.value !== null && !isChosen} />
      <header class="cell-card__head">
        <h2 class="cell-card__name" id="cell-name" tabindex="-1" ref=${heading}><${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} /></h2>
        ${isChosen && !isTried && html`<button class="button" data-look="plain" onClick=${() => select(null)} title="Let go (Esc)">Let go</button>`}
      </header>
      ${whatIf.value
        ? html`<${Compared} cell=${cell} /><${UsedGradient} cell=${cell} />`
        : html`
          <p class="cell-card__value">${value === null ? "–" : formatNumber(value, 5)}</p>
          <p class="cell-card__exact" title=${`Every digit of the ${now.dtype} number`}>${value === null ? "" : formatExact(value)}</p>
        `}
      <p class="cell-card__words">${describeCell(cell, { trace: now, unit: lossUnit(session.value, catalog.value), alone: example.value })}</p>
      ${nothing && html`<p class="cell-card__words soft">${nothing}</p>`}
      ${isChosen && html`<${EditPart} key="edit" cell=${cell} value=${value} extent=${extentOf(tensor)} />`}
      ${isTried ? html`<${Tried} cell=${cell} />` : html`<${Told} cell=${cell} tensor=${tensor} isChosen=${isChosen} />`}
    </section>
  `
}

/** While an edit is tried: the number that is pointed at, and what can't be said of a step that was not taken. @param {{cell: Cell}} properties */
function Tried({ cell }) {
  const other = lit.value
  const isOther = other !== null && !(other.tensor === cell.tensor && other.layer === cell.layer && other.row === cell.row && other.col === cell.col)
  return html`
    ${isOther && html`<${Compared} cell=${other} isNamed />`}
    <p class="cell-card__untold soft">Where a number came from is told of steps that were taken. Discard the edit to see it for this one, or fork to take the step with the edit.</p>
  `
}

/** Where the number came from, and all else that is told of it. @param {{cell: Cell, tensor: Tensor, isChosen: boolean}} properties */
function Told({ cell, tensor, isChosen }) {
  const now = /** @type {Trace} */ (trace.value)
  const [asked, setAsked] = useState({ limit: FIRST, order: /** @type {import("./explained.js").Asked["order"]} */ ("either") })
  const identity = `${cell.tensor}.${cell.layer}.${cell.row}.${cell.col}`
  useEffect(() => setAsked((before) => (before.limit === FIRST ? before : { ...before, limit: FIRST })), [identity])
  const { explanation, m, isCurrent, problem } = useExplanation(cell, { ...asked, order: asked.order === "index" ? "index" : "magnitude" })
  const hasPaths = /^d?[Wb]$/.test(cell.tensor)
  return html`
      <${Relations} cell=${cell} now=${now} />

      <${Explained}
        cell=${cell}
        explanation=${explanation}
        isCurrent=${isCurrent}
        problem=${problem}
        asked=${asked}
        onAsk=${setAsked}
        m=${m}
      />
      ${hasPaths && isChosen && html`<${CellPaths} key=${`paths ${identity}`} cell=${cell} />`}
      ${/^d([AZNWb]|gamma|beta)$/.test(cell.tensor) && isChosen && html`<${CellProof} key=${`proof ${identity}`} cell=${cell} />`}

      <details class="cell-card__whole">
        <summary>The whole tensor</summary>
        <${Summary} tensor=${tensor} />
      </details>
      <div class="cell-card__actions">
        <button class="button" onClick=${() => { select(cell); openDialog("table") }}>Show as table</button>
        ${explanation?.operation && isCurrent && html`<${CopyButton} what=${() => copyScript(explanation.operation?.phase ?? null)} title="The operation that made this tensor, as a NumPy script with its numbers">Copy as NumPy</${CopyButton}>`}
        <${CopyButton} what=${copyLink} title="The address of what is on the page now">Copy link</${CopyButton}>
      </div>
  `
}

/** Its twin in the other lane, and what an update moves before and after it. @param {{cell: Cell, now: Trace}} properties */
function Relations({ cell, now }) {
  const twin = twinOf(cell, now)
  const parts = partsOf(cell.tensor)
  const isMoved = parts !== null && !parts.isNext && (isHeld(parts) || (parts.mark === "" && isParameter(parts.letter)))
  const next = isMoved ? { ...cell, tensor: `${cell.tensor}_next` } : null
  const before = cell.tensor.endsWith("_next") ? { ...cell, tensor: cell.tensor.replace("_next", "") } : null
  const last = now.layers.length - 1
  // the walk ends at A - Y; what these are the derivative of is the loss of their example
  const ofLoss = parts?.mark === "d" && isParameter(parts.letter) ? { tensor: "loss", layer: last, row: 0, col: 0 } : null
  const ofOne = /^d([AGNZ]|Zhat)$/.test(cell.tensor) && !isOfAllLosses(now, cell.tensor, cell.layer) ? { tensor: "losses", layer: last, row: 0, col: cell.col } : null
  const loss = ofLoss ?? ofOne
  // an edit or a clipped norm leaves the gradient in sight, and gives the update another
  const isOfParameter = parts !== null && isGradient(parts) && isParameter(parts.letter)
  const taken = isOfParameter && parts.mark !== "g" ? { ...cell, tensor: `g${parts.letter}` } : null
  const made = isOfParameter && parts.mark !== "d" ? { ...cell, tensor: `d${parts.letter}` } : null
  const rows = /** @type {[string, Cell | null][]} */ ([["its twin", twin], ["the gradient of", loss], ["as the pass made it", made], ["as the update takes it", taken], ["after the update", next], ["before the update", before]])
  return html`
    <dl class="cell-card__relations">
      ${rows.map(([name, other]) => {
        const tensor = other && tensorOf(now, other.tensor, other.layer)
        // of a pooled tensor the page has no single numbers: the door alone
        const value = other && tensor && isWhole(tensor) ? valueAt(now, other) : null
        return other && tensor && html`
          <div key=${name}>
            <dt>${name}</dt>
            <dd><button class="link" onClick=${() => (other === loss ? walk(other) : select(other))}><${Symbol} tensor=${other.tensor} layer=${other.layer} cell=${[other.row, other.col]} /></button> <span>${value === null ? "" : `${other === loss ? "which is " : ""}${formatNumber(value, 5)}`}</span></dd>
          </div>
        `
      })}
    </dl>
  `
}

/** The number at full precision: of a pooled tensor it is asked for alone. @param {Cell} cell @param {Tensor} tensor @returns {number | null} */
function useExact(cell, tensor) {
  const now = /** @type {Trace} */ (trace.value)
  const about = look()
  const [asked, setAsked] = useState(/** @type {{tensor: object, row: number, col: number, value: number} | null} */ (null))
  useEffect(() => {
    if (isWhole(tensor)) return
    const life = new AbortController()
    readCell(about, cell, life.signal)
      .then((value) => setAsked({ tensor, row: cell.row, col: cell.col, value }))
      .catch(() => undefined) // let go, or no answer: the dash stays
    return () => life.abort()
  }, [tensor, cell.row, cell.col])
  if (isWhole(tensor)) return valueAt(now, cell)
  return asked && asked.tensor === tensor && asked.row === cell.row && asked.col === cell.col ? asked.value : null
}

/** @param {{tensor: Tensor}} properties */
function Summary({ tensor }) {
  const { shape, stats } = tensor
  const cells = shape[0] * shape[1]
  const broken = stats.nan + stats.posinf + stats.neginf
  const rows = [
    ["shape", `${shape[0]} × ${shape[1]}`],
    ["smallest", formatNumber(Number(stats.min))],
    ["largest", formatNumber(Number(stats.max))],
    ["mean", formatNumber(Number(stats.mean))],
    ["norm (L2)", formatNumber(Number(stats.l2))],
    ["exactly 0", `${formatCount(stats.zeros)} of ${formatCount(cells)}`],
  ]
  if (broken > 0) rows.push(["not finite", `${stats.nan} NaN, ${stats.posinf} +∞, ${stats.neginf} −∞`])
  return html`<dl class="summary">${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/**
 * The equation of the phase that is looked at, typeset: as matrices with their shapes, and for one number with live values.
 * The update does the same in every layer: its phases tell one layer's equation, with the others to choose.
 *
 * @import { Cell, Explanation, Phase, SessionPhase, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useRef } from "preact/hooks"
import { writeAddress } from "../address.js"
import { hint, select, showCell } from "../cell_actions.js"
import { copyScript } from "../export_actions.js"
import { derivationOf } from "../lib/derivation_chapters.js"
import { tensorLabel } from "../lib/format.js"
import { primed, withShapes } from "../lib/notation.js"
import { phaseCell } from "../lib/phase_cell.js"
import { fromZero, spoken, substituted, symbolicOfLens } from "../lib/typeset.js"
import { useExplanation } from "../lib/use_explanation.js"
import { lastCells, phase, phaseIndex, phases, selected, session, trace } from "../state.js"
import { tensorOf } from "../tensors.js"
import { CopyButton } from "./copy_button.js"
import { Equation, LiveEquation } from "./equation.js"
import { cellOf } from "./factor_link.js"
import { Wide } from "./wide.js"

/** @param {{isTried: boolean}} properties while an edit is tried no phase is chosen, and the one before keeps its place with its equation, without numbers */
export function PhaseNote({ isTried }) {
  const last = useRef(/** @type {{now: Phase, step: Trace, position: number} | null} */ (null))
  if (phase.value && trace.value) last.current = { now: phase.value, step: trace.value, position: phaseIndex.value + 1 }
  const shown = phase.value || isTried ? last.current : null
  return shown && html`<${Note} ...${shown} isTried=${isTried} />`
}

const lanes = { forward: "Forward", loss: "Loss", backward: "Backward", update: "Update" }

/** @param {{now: Phase, step: Trace, position: number, isTried: boolean}} properties */
function Note({ now, step, position, isTried }) {
  const cell = phaseCell(now, step, selected.value, lastCells.value)
  const part = now.parts.find(({ tensor, layer }) => cell !== null && tensor === cell.tensor && layer === cell.layer) ?? now.parts[0]
  const { explanation, m, isCurrent } = useExplanation(isTried ? null : cell, { limit: 3 })
  const shapeOf = (/** @type {string} */ tensor, /** @type {number} */ layer) => (tensor === "Y" ? step.batch.Y.shape : (tensorOf(step, tensor, layer)?.shape ?? null))
  const isOfCell = explanation && cell && explanation.tensor === cell.tensor && explanation.layer === cell.layer && explanation.row === cell.row && explanation.col === cell.col
  return html`
    <section class="phase-note" data-lane=${now.lane} data-tried=${isTried ? "" : undefined} aria-label="This phase">
      <header class="phase-note__where">
        <span class="eyebrow">${lanes[now.lane]}</span>
        <span class="phase-note__title">${part && titleOf(part)}</span>
        <span class="soft">phase ${position} of ${phases.value.length}</span>
        ${!isTried && now.lane === "update" && part && html`<${Layers} now=${now} layer=${part.layer} step=${step} />`}
      </header>
      <div class="phase-note__forms">
        <${Wide} label="The phase as matrices" look="phase-note__whole">${part && html`<${Equation} latex=${withShapes(wholeOf(now, part), shapeOf)} display />`}</${Wide}>
        ${!isTried && cell && isOfCell && html`<${CellForm} cell=${cell} explanation=${explanation} m=${m} isLate=${!isCurrent} isLong=${now.lane === "update" || explanation.equation.length > LONG} />`}
        ${isTried && html`<p class="phase-note__tried soft">As the step was taken. Discard the edit, or fork, to walk through its numbers.</p>`}
        ${!isTried && cell && !isOfCell && html`<p class="phase-note__cell soft">Asking for ${tensorLabel(cell.tensor, cell.layer)}…</p>`}
      </div>
      ${!isTried && html`<div class="phase-note__doors">
        ${cell && html`<button class="button" onClick=${() => select(cell)} title="Open this number in the inspector">Open the number</button>`}
        ${part && html`<a class="button" href=${derivationDoor(part, step)} title="How one comes to this equation, step by step">Derivation</a>`}
        ${part && html`<${CopyButton} what=${() => copyScript(now.lane === "update" ? part.key : now.key)} title="This equation as a NumPy script with its numbers">Copy as NumPy</${CopyButton}>`}
      </div>`}
    </section>
  `
}

/** @param {SessionPhase} part of clipping it says how alone */
const titleOf = ({ family, title }) => (family === "clipping" ? `Clipping ${title.toLowerCase()}` : title)

/** What the phase writes beside the part that is told, in the same layer, stands beside it: a counter beside its state. @param {Phase} now @param {SessionPhase} part */
function wholeOf(now, part) {
  const parts = now.lane === "update" ? now.parts.filter(({ layer }) => layer === part.layer) : [part]
  // in the names of the lens, and counted as its cells are, since their numbers stand below
  return parts.map(({ whole, reads }) => fromZero(primed(whole, reads.map(({ tensor }) => tensor)))).join(String.raw`\qquad `)
}

/** The layers of the update, of which the note tells one. @param {{now: Phase, layer: number, step: Trace}} properties */
function Layers({ now, layer, step }) {
  const layers = [...new Set(now.parts.map((part) => part.layer))]
  return layers.length > 1 && html`
    <span class="phase-note__layers" role="group" aria-label="Layer of the equation">
      ${layers.map((one) => html`<button key=${one} class="phase-note__layer" aria-pressed=${one === layer} aria-label=${`layer ${one}`} title=${`Layer ${one}, ${step.layers[one]?.name}`} onClick=${() => chooseLayer(now, step, one)}>${one}</button>`)}
    </span>
  `
}

/** @param {Phase} now @param {Trace} step @param {number} layer */
function chooseLayer(now, step, layer) {
  const writes = now.writes.filter((one) => one.layer === layer)
  const cell = phaseCell({ ...now, writes }, step, null, lastCells.value)
  if (cell) showCell(cell)
}

/** The derivation page where it derives this. @param {SessionPhase} part @param {Trace} step */
function derivationDoor(part, step) {
  const { layer, anchor } = derivationOf(part, step.layers.length - 1)
  const place = writeAddress({ session: session.value?.id ?? null, step: step.step, example: null, phase: null, cell: null })
  return `/derivation${place}${layer === null ? "" : `&layer=${layer}`}#${anchor}`
}

/** LaTeX of an index form beyond which its numbers have a line of their own: with it the gradients behind a normalisation's statistics. */
const LONG = 90

/**
 * The result stands beside what scrolls, so that it is in sight however long the numbers before it are.
 * @param {{cell: Cell, explanation: Explanation, m: number, isLate: boolean, isLong: boolean}} properties `isLong`: its numbers have a line of their own, whatever they are, so that nothing moves while playing
 */
function CellForm({ cell, explanation, m, isLate, isLong }) {
  const live = substituted(explanation, m)
  return html`
    <div class="phase-note__cell" data-long=${isLong ? "" : undefined} aria-busy=${isLate}>
      <${Wide} label="The phase for one number" look="phase-note__symbols"><${Equation} latex=${symbolicOfLens(explanation)} /></${Wide}>
      <div class="phase-note__numbers">
        <${Wide} label="The phase in numbers" look="phase-note__line">
          <${LiveEquation} latex=${live.latex} slots=${live.slots} label=${spoken(explanation, `${tensorLabel(cell.tensor, cell.layer)} at row ${cell.row}, column ${cell.col}`)} cells=${live.cells} onCell=${(/** @type {Cell} */ to) => select(cellOf(to))} onHint=${(/** @type {Cell | null} */ to) => hint(to && cellOf(to))} />
        </${Wide}>
        <span class="explained__result" aria-hidden="true">= ${live.result}</span>
      </div>
    </div>
  `
}

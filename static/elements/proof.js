/**
 * The proof of a step: all its gradients against central differences, and its update against what the gradient predicted.
 *
 *   <Proof />
 *
 * @import { CheckedTensor, Gradcheck, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useMemo } from "preact/hooks"
import { select } from "../cell_actions.js"
import { cellSize } from "../lib/cell_sizes.js"
import { errorScale } from "../lib/error_scale.js"
import { formatCount, formatNumber, formatNumbersIn, tensorLabel } from "../lib/format.js"
import { placesOf } from "../lib/places.js"
import { checkedWords, errorCells, errorWords, lateWords, outcomeOf, outcomeWords, sampledWords, signs, titleOf } from "../lib/proof_words.js"
import { sampledErrors } from "../lib/sampled_errors.js"
import { useWidth } from "../lib/use_size.js"
import { checkAll, isSame, lastCheck, runningCheck, stopChecking } from "../proof_actions.js"
import { look } from "../readings.js"
import { scheme, trace } from "../state.js"
import { tensorOf } from "../tensors.js"
import { AfterUpdate } from "./after_update.js"
import { AbsentSwatch, CellGrid, HatchSwatch, SmallSwatch, here } from "./cell_grid.js"
import { MatrixTable } from "./matrix_table.js"
import { ProblemNote } from "./problem.js"
import { ScaleStrip } from "./scale_strip.js"
import { Symbol } from "./symbol.js"

export function Proof() {
  const now = trace.value
  const about = look()
  // what is asked about a step that is no longer looked at is given up
  useEffect(() => {
    const asked = runningCheck.peek()
    if (asked && !isSame(asked.about, about)) stopChecking()
  }, [about.id, about.step, about.example])
  if (!now) return null
  const isBusy = runningCheck.value !== null && isSame(runningCheck.value.about, about)
  const last = lastCheck.value
  const isCurrent = last !== null && isSame(last.about, about)
  const result = last?.check ?? null
  const of = about.example === null ? `step ${about.step}` : `step ${about.step}, example ${about.example} alone`
  return html`
    <section class="proof" aria-label="Proof">
      <div class="proof__ask">
        <button class="button" data-look=${isCurrent && result ? undefined : "primary"} onClick=${isBusy ? stopChecking : checkAll}>${isBusy ? "Stop" : "Check every gradient"}</button>
        <p>
          Moves each parameter and each input of <strong>${of}</strong> a little down and a little up, takes the loss at both, in float64, and compares their
          difference, over what was moved, with the gradient of the backward pass. It knows nothing of the chain rule.
        </p>
      </div>
      <div class="proof__result" aria-live="polite" aria-busy=${isBusy}>
        ${isBusy && html`<p class="proof__busy"><span class="proof__pulse" aria-hidden="true"></span>Checking every gradient of ${of}…</p>`}
        ${!isBusy && isCurrent && last?.problem && html`<${ProblemNote} problem=${last.problem} onRetry=${checkAll} />`}
        ${!isBusy && isCurrent && result && html`<${Verdict} check=${result} />`}
        ${!isBusy && !isCurrent && last && result && html`<p class="proof__late"><span class="proof__late-words">“${formatNumbersIn(result.words)}”</span> ${lateWords(last.about, about)}</p>`}
      </div>
      ${!isBusy && isCurrent && result && html`<${Tensors} now=${now} check=${result} />`}
      <${AfterUpdate} />
    </section>
  `
}

/** @param {{check: Gradcheck}} properties */
function Verdict({ check }) {
  return html`
    <div class="proof__verdict" data-outcome=${check.outcome}>
      <${Sign} outcome=${check.outcome} size=${28} />
      <p><strong class="proof__title">${titleOf(check)}</strong> <span class="proof__words">${formatNumbersIn(check.words)}</span></p>
    </div>
  `
}

/** @param {{outcome: string, size?: number}} properties */
function Sign({ outcome, size = 12 }) {
  return html`<svg class="proof__sign" data-outcome=${outcome} width=${size} height=${size} viewBox="0 0 12 12" aria-hidden="true"><path d=${signs[outcome]} fill="none" stroke="currentColor" stroke-width=${size > 20 ? 1.6 : 2} stroke-linecap="round" stroke-linejoin="round" /></svg>`
}

/** @param {{now: Trace, check: Gradcheck}} properties */
function Tensors({ now, check }) {
  const [box, room] = useWidth()
  const scale = useMemo(() => errorScale(scheme.value), [scheme.value])
  const drawn = useMemo(
    () => check.tensors.flatMap((tensor) => drawnOf(tensor, tensorOf(now, tensor.tensor, tensor.layer))),
    [check],
  )
  const hasBroken = check.tensors.some(({ not_finite: broken }) => broken > 0)
  const hasUnresolved = check.tensors.some(({ unresolved }) => unresolved > 0)
  const sampled = drawn.filter(({ sampled }) => sampled)
  const isAny = (/** @type {"kinks" | "small"} */ mask) => drawn.some((one) => one[mask].includes(1))
  return html`
    <div class="proof__scroll" tabindex="0" role="region" aria-label="The check, a row a tensor">
      <table class="proof__table">
        <thead>
          <tr><th scope="col">gradient</th><th scope="col" class="proof__outcome-head">verdict</th><th scope="col">checked</th><th scope="col">largest relative error</th><th scope="col">kinks</th><th scope="col">too small</th>${hasUnresolved && html`<th scope="col">not resolved</th>`}<th scope="col">wrong</th>${hasBroken && html`<th scope="col">not finite</th>`}</tr>
        </thead>
        <tbody>${check.tensors.map((tensor) => html`<${Row} key=${`${tensor.tensor}${tensor.layer}`} tensor=${tensor} outcome=${outcomeOf(tensor, check.outcome)} hasBroken=${hasBroken} hasUnresolved=${hasUnresolved} />`)}</tbody>
      </table>
    </div>
    <p class="proof__note soft">
      The two points lie ${formatNumber(check.h, 1)} below and above the number, in proportion for numbers larger than 1. Relative error: the gap of the two numbers, over the larger. Up to ${formatNumber(check.tolerance, 1)} counts as agreement.
      Kinks: a ReLU changes sides between the two points. Too small: rounding is all that a comparison would show, so its error says nothing.
      Where the two disagree, smaller and smaller steps are taken and extrapolated to none (Richardson), for the loss may be strongly curved; what does not settle even then is not resolved.
    </p>
    <div ref=${box}>
      ${drawn.length > 0 && html`<p class="proof__legend"><span class="eyebrow">Relative error of every cell${sampled.length > 0 && " that was checked"}</span> <${ScaleStrip} scale=${scale} from="10⁻¹²" to="1" ticks=${[{ value: check.tolerance, text: "tolerance" }]} />${isAny("kinks") && html`<span class="proof__key"><${HatchSwatch} /> ${hasUnresolved ? "kink, or not resolved" : "kink"}</span>`}${isAny("small") && html`<span class="proof__key"><${SmallSwatch} /> too small to resolve</span>`}${sampled.length > 0 && html`<span class="proof__key"><${AbsentSwatch} /> not checked</span>`}</p>`}
      ${room > 0 && drawn.length > 0 && html`<div class="proof__maps">
        ${[...new Set(drawn.map(({ tensor }) => tensor.layer))].map(
          (layer) => html`<div key=${layer} class="proof__layer" data-sampled=${sampled.some(({ tensor }) => tensor.layer === layer) ? "" : undefined}>${drawn.filter(({ tensor }) => tensor.layer === layer).map((one) => html`<${Errors} key=${one.tensor.tensor} ...${one} room=${room} scale=${scale} />`)}</div>`,
        )}
      </div>`}
      ${drawn.map((one) => html`<${ErrorTable} key=${tensorLabel(one.tensor.tensor, one.tensor.layer)} ...${one} />`)}
      ${drawn.length > 0 && html`<${Readout} drawn=${drawn} tolerance=${check.tolerance} />`}
      ${sampled.length > 0 && html`<p class="proof__note soft">${sampled.map(({ tensor: { tensor, layer } }) => tensorLabel(tensor, layer)).join(", ")}: too large to check every cell in a second or two, so a sample was checked, evenly drawn. What is grey was not: select a cell there, and the inspector checks it.</p>`}
    </div>
  `
}

/**
 * A tensor with what is drawn of it: all of its cells, or a sample.
 * @typedef {{tensor: CheckedTensor, matrix: import("../types.js").Matrix, kinks: Uint8Array, small: Uint8Array, places: import("../lib/places.js").Places, sampled: import("../lib/sampled_errors.js").SampledErrors | null}} Drawn
 */

/** @param {CheckedTensor} tensor @param {import("../types.js").Tensor | null} gradient @returns {Drawn[]} none where there is nothing to draw */
function drawnOf(tensor, gradient) {
  if (tensor.errors) {
    const cells = errorCells(tensor.errors, gradient)
    return [{ tensor, ...cells, small: Uint8Array.from((tensor.small_cells ?? []).flat(), Number), places: placesOf(tensor.tensor, tensor.layer, cells.matrix), sampled: null }]
  }
  if (!tensor.sample || !gradient) return []
  const sampled = sampledErrors(tensor.sample, gradient.shape, tensor.tensor, tensor.layer)
  return [{ tensor, matrix: sampled.matrix, kinks: sampled.kinks, small: sampled.small, places: sampled.places, sampled }]
}

/** @param {{tensor: CheckedTensor, outcome: string, hasBroken: boolean, hasUnresolved: boolean}} properties */
function Row({ tensor, outcome, hasBroken, hasUnresolved }) {
  const { worst } = tensor
  return html`
    <tr>
      <th scope="row"><${Symbol} tensor=${tensor.tensor} layer=${tensor.layer} /></th>
      <td><span class="proof__outcome"><${Sign} outcome=${outcome} />${outcomeWords[outcome]}</span></td>
      <td>${checkedWords(tensor)}</td>
      <td>
        ${worst
          ? html`<button class="proof__door" title="Select this cell" onClick=${() => select({ tensor: tensor.tensor, layer: tensor.layer, row: worst.row, col: worst.col })}>
              ${formatNumber(worst.relative_error, 2)} <span class="soft">at ${/^d?b/.test(tensor.tensor) ? worst.row : `${worst.row}, ${worst.col}`}</span>
            </button>`
          : "–"}
      </td>
      <td>${count(tensor.kinks)}</td><td>${count(tensor.small)}</td>${hasUnresolved && html`<td>${count(tensor.unresolved)}</td>`}<td data-wrong=${tensor.wrong ? "" : undefined}>${count(tensor.wrong)}</td>${hasBroken && html`<td>${count(tensor.not_finite)}</td>`}
    </tr>
  `
}

/** @param {number} number */
const count = (number) => (number === 0 ? html`<span class="soft">0</span>` : formatCount(number))

const WIDEST = 480 // pixels of a picture: eight cells with their numbers

/** @param {Drawn & {room: number, scale: import("../types.js").Scale}} properties */
function Errors({ tensor: checked, matrix, kinks, small, places, sampled, room, scale }) {
  const { tensor, layer, worst } = checked
  const isColumn = matrix.cols === 1
  const roomy = cellSize(matrix.rows, matrix.cols, Math.min(room - 88, WIDEST), 256)
  const size = isColumn && roomy.height < 20 ? { ...roomy, width: 14 } : roomy
  const isPooled = matrix.rows * matrix.cols < matrix.shape[0] * matrix.shape[1]
  return html`
    <figure class="proof__map">
      <figcaption><${Symbol} tensor=${tensor} layer=${layer} /> <span class="soft">${matrix.shape.join("×")}</span>${isPooled && !sampled && html` <span class="soft">blocks, the largest error of each</span>`}${sampled && html` <span class="soft proof__part">${checkedWords(checked)} checked${isPooled && "; a block shows its largest error"}</span>`}</figcaption>
      <div class="proof__frame">
        <${CellGrid} matrix=${matrix} scale=${scale} size=${size} hatched=${kinks} small=${small} absent=${sampled?.absent ?? null} name=${`Relative errors of ${tensorLabel(tensor, layer)}`} ...${places} />
        ${worst && html`<${Worst} place=${places.find({ tensor, layer, row: worst.row, col: worst.col })} size=${size} />`}
      </div>
    </figure>
  `
}

/** The same in numbers. @param {Drawn} properties */
function ErrorTable({ tensor: { tensor, layer, unresolved }, matrix, kinks, small, places, sampled }) {
  const cols = /^d?A$/.test(tensor) ? "example" : matrix.cols === 1 ? "column" : layer === 1 ? "feature" : "from unit"
  const words = (/** @type {number} */ value, /** @type {number} */ at) => (sampled?.absent[at] === 1 ? "–" : kinks[at] === 1 ? (unresolved > 0 ? "no error" : "kink") : small[at] === 1 ? "too small" : Number.isNaN(value) ? "not finite" : null)
  return html`<${MatrixTable} matrix=${matrix} name=${`Relative errors of ${tensorLabel(tensor, layer)}`} rows=${layer === 0 ? "feature" : "unit"} cols=${cols} at=${placesOf(tensor, layer, matrix).at} choose=${places.at} words=${words} />`
}

/** A ring at the largest error: inside a large cell, round a small one. @param {{place: import("../lib/places.js").Place | null, size: import("../lib/cell_sizes.js").CellSize}} properties */
function Worst({ place, size: { width, height } }) {
  if (!place) return null
  const isInside = width >= 16 && height >= 16
  const [wide, high] = isInside ? [width - 4, height - 4] : [12, 12]
  const style = { left: `${(place.col + 0.5) * width - wide / 2}px`, top: `${(place.row + 0.5) * height - high / 2}px`, width: `${wide}px`, height: `${high}px` }
  return html`<span class="proof__ring" data-inside=${isInside ? "" : undefined} aria-hidden="true" style=${style}></span>`
}

const TOO_SMALL = "too small for a difference to resolve: the two agree within rounding, and their relative error says nothing"

/** @param {{drawn: Drawn[], tolerance: number}} properties */
function Readout({ drawn, tolerance }) {
  const cell = here.value
  const found = cell && drawn.find(({ tensor }) => tensor.tensor === cell.tensor && tensor.layer === cell.layer)
  const place = cell && found && found.places.find(cell)
  if (!cell || !found || !place) return html`<p class="readout soft" role="status">Point at a cell for its error; the ring is the largest of each that counts. A click selects the cell, for its terms and its own proof.</p>`
  const at = place.row * found.matrix.cols + place.col
  const sampled = found.sampled?.found(cell) ?? null
  const isSmall = found.sampled ? sampled?.isSmall : found.small[at] === 1
  const words = isSmall ? TOO_SMALL : found.sampled ? sampledWords(sampled, tolerance, found.tensor.unresolved > 0) : errorWords(found.matrix.data[at] ?? NaN, found.kinks[at] === 1, tolerance, found.tensor.unresolved > 0)
  return html`<p class="readout" role="status"><${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} /> <strong>${words}</strong></p>`
}


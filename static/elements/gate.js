/**
 * Why element by element: dA, the slope g'(Z) and dZ of a hidden layer side by side, cell for cell; what is stopped is hatched. Where a
 * mask or a normalisation stands between dA and dZ, each step of the way has pictures of its own, one below the other.
 *
 *   <Gate />
 *
 * @import { Matrix, SessionPhase, Trace } from "../types.js"
 * @import { First, Shown } from "../lib/gate_window.js"
 */
import { html } from "htm/preact"
import { useEffect, useMemo, useState } from "preact/hooks"
import { formatCount, formatNumber } from "../lib/format.js"
import { firstWithin, kindsBetween, MOST, partsFrom, readBetween } from "../lib/gate_window.js"
import { ALIKE, countStopped, productsOf, productWords } from "../lib/gate_words.js"
import { mark } from "../lib/notation.js"
import { placesInWindow } from "../lib/places.js"
import { useAnswer } from "../lib/use_answer.js"
import { useWidth } from "../lib/use_size.js"
import { example, phase, selected, session, trace } from "../state.js"
import { isWhole } from "../tensors.js"
import { here } from "./cell_grid.js"
import { Equation } from "./equation.js"
import { GateNorm } from "./gate_norm.js"
import { GateProduct } from "./gate_product.js"
import { ProblemNote } from "./problem.js"

export function Gate() {
  const now = trace.value
  const [chosen, setChosen] = useState(() => firstLayer(now))
  if (!now || !session.value) return null
  const last = now.layers.length - 1
  const layer = Math.min(chosen, last)
  return html`
    <section class="gate" aria-label="Why element by element">
      ${last > 1 &&
      html`<fieldset class="choice">
        <legend class="choice__title">Layer</legend>
        ${now.layers.slice(1).map(
          ({ index, name }) => html`
            <label key=${index} class="choice__option"><input type="radio" name="gate-layer" checked=${index === layer} onChange=${() => setChosen(index)} /><span>${name}</span></label>
          `,
        )}
      </fieldset>`}
      ${layer === last ? html`<${Output} now=${now} layer=${layer} part=${phaseOf("dZ", layer)} />` : html`<${Hidden} key=${layer} layer=${layer} />`}
    </section>
  `
}

/** The phase that writes a tensor. @param {string} tensor @param {number} layer */
const phaseOf = (tensor, layer) => session.value?.phases.find((one) => one.tensor === tensor && one.layer === layer)

/** The layer that the page speaks of, if it is hidden; else the first that the gradient comes to. @param {Trace | null} now */
function firstLayer(now) {
  const last = (now?.layers.length ?? 2) - 1
  const spoken = [selected.value?.layer, phase.value?.layer].find((layer) => layer !== undefined && layer > 0 && layer < last)
  return spoken ?? Math.max(1, last - 1)
}

/** The output layer has no slope of its own. @param {{now: Trace, layer: number, part: SessionPhase | undefined}} properties */
function Output({ now, layer, part }) {
  const isJoined = !now.layers[layer]?.dA
  return html`
    <div class="gate__none">
      <h3>${isJoined ? "No slope to multiply with" : "The output layer"}</h3>
      ${part && html`<p><${Equation} latex=${mark(null, part.whole)} /></p>`}
      <p>
        ${isJoined ? `The output layer's activation is taken together with the loss (${part?.title ?? "joined"}): their two derivatives were multiplied on paper, once, and what is left is dZ. There is neither a dA nor a slope here that could be shown. ` : ""}
        ${part?.why}
      </p>
      ${layer === 1 && html`<p class="soft">This network has no hidden layer, so no gradient meets a slope on its way. A run with one shows it here.</p>`}
    </div>
  `
}

/** @param {{layer: number}} properties */
function Hidden({ layer }) {
  const [box, room] = useWidth()
  const [first, setFirst] = useState({ row: 0, col: 0 })
  const most = { rows: MOST.rows, cols: room < 600 ? MOST.cols / 2 : MOST.cols }
  const dA = trace.value?.layers[layer]?.dA
  const window = dA && isWhole(dA) ? "" : `${first.row} ${first.col} ${most.cols}` // what comes whole is cut here
  const { last, isCurrent, retry } = useAnswer(trace, `${layer} ${window}`, (about, signal) => readBetween(about, layer, first, most, signal))

  // where the page speaks of a cell of this layer, that cell is in sight
  useEffect(() => {
    const cell = selected.value
    if (!cell || cell.layer !== layer || !ALIKE.includes(cell.tensor)) return
    setFirst({ row: Math.floor(cell.row / most.rows) * most.rows, col: Math.floor(cell.col / most.cols) * most.cols })
  }, [selected.value, most.cols])

  const shown = last?.about.layers[layer] ? last.answer : null // a run with fewer layers may have come meanwhile
  return html`
    <div class="gate__body" ref=${box}>
      ${last?.problem && html`<${ProblemNote} problem=${last.problem} onRetry=${retry} />`}
      ${last && shown && room > 0 && html`<${Way} about=${last.about} isCurrent=${isCurrent} shown=${shown} layer=${layer} room=${room} wanted=${first} most=${most} onMove=${setFirst} />`}
      ${!last && html`<p class="gate__wait soft" role="status">Reading the slopes…</p>`}
    </div>
  `
}

/**
 * All steps from dA to dZ, and the numbers of one cell on that way.
 * @param {{about: Trace, isCurrent: boolean, shown: Shown, layer: number, room: number, wanted: First, most: {rows: number, cols: number}, onMove: (first: First) => void}} properties
 */
function Way({ about, isCurrent, shown, layer, room, wanted, most, onMove }) {
  const { shape, isAllHere } = shown
  const from = isAllHere ? firstWithin(shape, wanted) : shown.first
  const parts = useMemo(() => partsFrom(shown, from, most), [shown, from.row, from.col, most.cols])
  const kinds = kindsBetween(about, layer)
  const products = productsOf(kinds)
  const isLong = products.length > 1 || kinds.isNormalised
  return html`
    ${about.step !== trace.value?.step && html`<p class="gate__late soft">Step ${about.step}: the page is further on, at step ${trace.value?.step}.</p>`}
    ${isLong && html`<p class="gate__late">Between dA and dZ of this layer there is more than the activation's slope. Step by step, from dA to dZ:</p>`}
    ${!isAllHere && html`<p class="gate__late">These ${formatCount(shape[0])} × ${formatCount(shape[1])} numbers are too many for one picture, and pooled pictures don't multiply: the largest dA of a block and its largest slope may be of two cells. So this is a part of them, every number as it is.</p>`}
    <${Pagers} shape=${shape} from=${from} most=${most} onMove=${onMove} />
    <div class="gate__way" data-long=${isLong ? "" : undefined}>
      ${products.map(
        (product) => html`<${GateProduct} key=${product.kind} about=${about} isCurrent=${isCurrent} shown=${shown} parts=${parts} product=${product} layer=${layer} part=${phaseOf(product.leaves, layer)} room=${room} from=${from} title=${isLong ? (product.kind === "mask" ? "The mask of dropout" : "The slope of the activation") : null} />`,
      )}
      ${kinds.isNormalised && html`<${GateNorm} about=${about} isCurrent=${isCurrent} parts=${parts} layer=${layer} part=${phaseOf("dZ", layer)} room=${room} from=${from} />`}
      <${Readout} shown=${shown} parts=${parts} products=${products} isNormalised=${kinds.isNormalised} layer=${layer} from=${from} name=${about.layers[layer]?.name ?? `layer ${layer}`} />
    </div>
  `
}

/** @param {{shape: readonly [number, number], from: First, most: {rows: number, cols: number}, onMove: (first: First) => void}} properties */
function Pagers({ shape, from, most, onMove }) {
  const isLarge = shape[0] > most.rows || shape[1] > most.cols
  if (!isLarge) return null
  return html`
    <div class="gate__pagers">
      <${Pager} name="unit" from=${from.row} all=${shape[0]} size=${most.rows} onGo=${(/** @type {number} */ row) => onMove({ ...from, row })} />
      <${Pager} name="example" from=${from.col} all=${shape[1]} size=${most.cols} onGo=${(/** @type {number} */ col) => onMove({ ...from, col })} />
    </div>
  `
}

/** @param {{name: string, from: number, all: number, size: number, onGo: (first: number) => void}} properties */
function Pager({ name, from, all, size, onGo }) {
  if (all <= size) return null
  const to = Math.min(all, from + size)
  return html`
    <div class="gate__pager" role="group" aria-label=${`${name}s`}>
      <button class="button" disabled=${from === 0} aria-label=${`${name}s before`} onClick=${() => onGo(from - size)}>‹</button>
      <span>${name}s ${from}–${to - 1} <span class="soft">of ${formatCount(all)}</span></span>
      <button class="button" disabled=${to === all} aria-label=${`${name}s after`} onClick=${() => onGo(from + size)}>›</button>
    </div>
  `
}

/**
 * The numbers, on the way from dA to dZ, of the cell that the page speaks of.
 * @param {{shown: Shown, parts: Record<string, Matrix>, products: import("../lib/gate_words.js").Product[], isNormalised: boolean, layer: number, from: First, name: string}} properties
 */
function Readout({ shown, parts, products, isNormalised, layer, from, name }) {
  const cell = here.value
  const slope = /** @type {Matrix} */ (parts.slope)
  const counts = useMemo(() => countStopped(slope), [slope])
  const place = cell && placesInWindow("dZ", ALIKE, layer, slope, from).find(cell)
  if (!cell || !place) return html`<p class="readout soft" role="status">Point at a cell: the same cell lights in all ${products.length === 1 && !isNormalised ? "three, and its three numbers stand" : "pictures, and its numbers stand"} here.</p>`
  const value = (/** @type {string} */ tensor) => parts[tensor]?.data[place.row * slope.cols + place.col] ?? NaN
  const isPart = !shown.isAllHere || slope.rows < shown.shape[0] || slope.cols < shown.shape[1]
  return html`
    <p class="readout" role="status">
      ${products.map(({ kind, arrives, factor, leaves }, at) => html`${at > 0 && html`<span class="soft">then</span>`}<strong key=${kind} class="gate__product">${productWords(value(arrives), value(factor), value(leaves))}</strong>`)}
      ${isNormalised && html`<span class="soft">then</span><strong class="gate__product">dẐ ${formatNumber(value("dZhat"))} → dZ ${formatNumber(value("dZ"))}</strong>`}
      <span>Unit ${cell.row} of ${name}, example ${example.value ?? cell.col}: ${fateWords(parts.D ? value("D") : null, value("slope"))}${isNormalised ? "; its dZ is also made of its neighbours'" : ""}.</span>
      <span class="soft gate__counted">This unit stops ${counts.perUnit[place.row]} of ${formatCount(slope.cols)} example${slope.cols === 1 ? "" : "s"}${isPart ? " shown" : ""}; this example is stopped at ${counts.perExample[place.col]} of ${formatCount(slope.rows)} units${isPart ? " shown" : ""}.</span>
    </p>
  `
}

/** What became of a gradient. @param {number | null} mask null without dropout @param {number} slope */
function fateWords(mask, slope) {
  if (mask === 0) return "dropped by the mask"
  const passed = slope === 0 ? "stopped" : slope === 1 ? "passed on as it is" : "passed on, weighed by the slope"
  return mask === null ? passed : `kept and made larger by the mask, ${slope === 0 ? "stopped by the slope" : slope === 1 ? "passed on by the slope" : passed}`
}

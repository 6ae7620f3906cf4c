/**
 * Numbers of image data as images: what each example's pixels do to its loss, and what each unit of the first layer looks for and learns.
 *
 *   <Pictures />
 *
 * @import { Matrix, Scale, Trace } from "../types.js"
 * @import { Size } from "../lib/pictures.js"
 */
import { html } from "htm/preact"
import { useMemo, useState } from "preact/hooks"
import { makeScale } from "../draw/color_scales.js"
import { maxAbs } from "../draw/heatmap.js"
import { mixesExamples, NO_PASS_ALONE } from "../lib/cell_words.js"
import { formatNumber } from "../lib/format.js"
import { byLength, columnPicture, lengthOf, rowPicture } from "../lib/pictures.js"
import { hasAccuracy, lossUnit } from "../lib/run_words.js"
import { useAnswer } from "../lib/use_answer.js"
import { lookAtExample } from "../look_actions.js"
import { lookAtBatch, readWindow } from "../readings.js"
import { scaleOf } from "../scales.js"
import { catalog, scheme, session, wholeTrace } from "../state.js"
import { isWhole, matrixOf } from "../tensors.js"
import { Picture } from "./picture.js"
import { Strip } from "./plane_legend.js"
import { ProblemNote } from "./problem.js"

const PAGE = 24

/** @typedef {{of: "examples" | "units", order: "magnitude" | "index", range: "shared" | "own", page: number}} Choice */

export function Pictures() {
  const [choice, setChoice] = useState(/** @type {Choice} */ ({ of: "examples", order: "magnitude", range: "shared", page: 0 }))
  const now = wholeTrace.value
  const size = session.value?.dataset.image
  if (!now) return null
  if (!size) {
    return html`<p class="batch__nothing soft">The examples of ${session.value?.config.dataset.name ?? "this data"} are no pictures. With images, as digits, each example's dA[0] and each first-layer unit's W and dW is drawn here in the image's own shape.</p>`
  }
  const choose = (/** @type {Partial<Choice>} */ part) => setChoice({ ...choice, page: 0, ...part })
  const View = choice.of === "examples" ? Examples : Units
  return html`
    <section class="pictures" aria-label="Pictures">
      <div class="pictures__bar">
        <${Select} label="Show" value=${choice.of} options=${[["examples", "input and dA[0] of each example"], ["units", "W and dW of each unit of layer 1"]]} onChoose=${(/** @type {any} */ of) => choose({ of })} />
        <${Select} label="Sort" value=${choice.order} options=${[["magnitude", "largest gradient first"], ["index", "in order"]]} onChoose=${(/** @type {any} */ order) => choose({ order })} />
        <${Select} label="Scale" value=${choice.range} options=${[["shared", "one for all"], ["own", "each its own"]]} onChoose=${(/** @type {any} */ range) => setChoice({ ...choice, range })} />
      </div>
      <${View} now=${now} size=${size} choice=${choice} onPage=${(/** @type {number} */ page) => setChoice({ ...choice, page })} />
    </section>
  `
}

/** @param {{label: string, value: string, options: [string, string][], onChoose: (value: string) => void}} properties */
function Select({ label, value, options, onChoose }) {
  return html`
    <label class="batch__sort">
      <span class="soft">${label}</span>
      <select value=${value} onChange=${(/** @type {any} */ event) => onChoose(event.currentTarget.value)}>${options.map(([key, title]) => html`<option key=${key} value=${key} selected=${key === value}>${title}</option>`)}</select>
    </label>
  `
}

/** @typedef {{now: Trace, size: Size, choice: Choice, onPage: (page: number) => void}} ViewProperties */

/** @param {ViewProperties} properties */
function Examples({ now, size, choice, onPage }) {
  const { A, dA } = now.layers[0] ?? {}
  if (!A || !dA || !isWhole(A) || !isWhole(dA)) {
    return html`<p class="batch__nothing soft">This batch of ${now.batch.size} is too large to come pixel by pixel: it was pooled for the lens. A smaller batch is drawn here.</p>`
  }
  const [input, gradient] = [matrixOf(A), matrixOf(dA)]
  const pictures = useMemo(() => Array.from({ length: gradient.cols }, (_, col) => columnPicture(gradient, col, size)), [gradient, size])
  const names = session.value?.dataset.class_names ?? []
  const drawn = shownOf(pictures, choice)
  const isMixed = mixesExamples(now)
  const scale = useShared("backward", maxAbs(gradient.data))
  return html`
    <p class="pictures__legend soft">Left the input; right its gradient dA[0]: which pixels, were their numbers larger, would raise ${isMixed ? "the losses of the batch (+) or lower them" : "the loss of that example (+) or lower it"} (−). <${Ends} scale=${scale} choice=${choice} unit=${`${lossUnit(session.value, catalog.value)} for each 1 of a pixel`.trim()} />${isMixed && ` ${NO_PASS_ALONE}`}</p>
    <ul class="pictures__grid">
      ${drawn.map((col) => {
        const [picture] = [/** @type {Matrix} */ (pictures[col])]
        const label = now.batch.labels?.[col] ?? 0
        const name = hasAccuracy(session.value) ? `${col}: ${names[label] ?? `class ${label}`}` : `example ${col}`
        return html`
          <li key=${col} class="pair">
            <div class="pair__pictures">
              <${Picture} matrix=${columnPicture(input, col, size)} scale=${scaleOf(now, "A", 0, "own", "linear", scheme.value)} words=${`Input of example ${col}`} cellOf=${(/** @type {number} */ row) => ({ tensor: "A", layer: 0, row, col })} />
              <${Picture} matrix=${picture} scale=${scaleFor(picture, choice, scale)} words=${`dA[0] of example ${col}`} cellOf=${(/** @type {number} */ row) => ({ tensor: "dA", layer: 0, row, col })} />
            </div>
            ${isMixed ? html`<span class="pair__name">${name}</span>` : html`<button class="pair__name link" title="Its pass alone" onClick=${() => lookAtExample(col)}>${name}</button>`}
            <span class="pair__size soft">‖dA‖ ${formatNumber(lengthOf(picture), 2)}</span>
          </li>
        `
      })}
    </ul>
    <${Pager} count=${pictures.length} page=${choice.page} onPage=${onPage} what="examples" />
  `
}

/** @param {ViewProperties} properties */
function Units({ now, size, choice, onPage }) {
  const { W, dW, size: count = 0 } = now.layers[1] ?? {}
  if (!W || !dW) return null
  if (!isWhole(W) || !isWhole(dW)) return html`<${FetchedUnits} now=${now} size=${size} choice=${choice} onPage=${onPage} count=${count} />`
  return html`<${UnitPairs} W=${matrixOf(W)} dW=${matrixOf(dW)} first=${0} count=${count} size=${size} choice=${choice} onPage=${onPage} />`
}

/** Where the tensors came pooled, the rows of one page at full precision. @param {ViewProperties & {count: number}} properties */
function FetchedUnits({ now, size, choice, onPage, count }) {
  const first = choice.page * PAGE
  const rows = /** @type {[number, number]} */ ([first, Math.min(count, first + PAGE)])
  const cols = /** @type {[number, number]} */ ([0, size.rows * size.cols])
  const { last, retry } = useAnswer(wholeTrace, String(first), async (_, signal) => {
    const of = lookAtBatch()
    const [W, dW] = await Promise.all([readWindow(of, "W", 1, rows, cols, signal), readWindow(of, "dW", 1, rows, cols, signal)])
    return { W, dW, first }
  })
  if (last?.problem) return html`<${ProblemNote} problem=${last.problem} onRetry=${retry} />`
  if (!last?.answer || last.answer.first !== first) return html`<p class="soft" role="status">Asking for the weights…</p>`
  return html`
    <p class="pictures__legend soft">Layer 1 is too large to come whole, so its units stand in order, a page at a time.</p>
    <${UnitPairs} key=${now.step} W=${matrixOf(last.answer.W)} dW=${matrixOf(last.answer.dW)} first=${first} count=${count} size=${size} choice=${choice} onPage=${onPage} />
  `
}

/** @param {{W: Matrix, dW: Matrix, first: number, count: number, size: Size, choice: Choice, onPage: (page: number) => void}} properties `first` is the unit of the first row */
function UnitPairs({ W, dW, first, count, size, choice, onPage }) {
  const isPage = W.rows < count
  const pictures = useMemo(() => Array.from({ length: dW.rows }, (_, row) => rowPicture(dW, row, size)), [dW, size])
  const drawn = isPage ? pictures.map((_, row) => row) : shownOf(pictures, choice)
  const [weights, gradients] = [useShared("parameter", maxAbs(W.data)), useShared("backward", maxAbs(dW.data))]
  return html`
    <p class="pictures__legend soft">
      Left the unit's weights W: an input that looks like it excites the unit. <${Ends} scale=${weights} choice=${choice} unit="" />
      Right their gradient dW: plain descent moves the weights against it. <${Ends} scale=${gradients} choice=${choice} unit=${lossUnit(session.value, catalog.value)} />
    </p>
    <ul class="pictures__grid">
      ${drawn.map((row) => {
        const unit = first + row
        const picture = /** @type {Matrix} */ (pictures[row])
        const own = rowPicture(W, row, size)
        return html`
          <li key=${unit} class="pair">
            <div class="pair__pictures">
              <${Picture} matrix=${own} scale=${scaleFor(own, choice, weights)} words=${`W of unit ${unit}`} cellOf=${(/** @type {number} */ col) => ({ tensor: "W", layer: 1, row: unit, col })} />
              <${Picture} matrix=${picture} scale=${scaleFor(picture, choice, gradients)} words=${`dW of unit ${unit}`} cellOf=${(/** @type {number} */ col) => ({ tensor: "dW", layer: 1, row: unit, col })} />
            </div>
            <span class="pair__name">unit ${unit}</span>
            <span class="pair__size soft">‖dW‖ ${formatNumber(lengthOf(picture), 2)}</span>
          </li>
        `
      })}
    </ul>
    <${Pager} count=${count} page=${choice.page} onPage=${onPage} what="units" />
  `
}

/** Which pictures stand on the page. @param {Matrix[]} pictures @param {Choice} choice */
function shownOf(pictures, { order, page }) {
  const positions = order === "magnitude" ? byLength(pictures.map(lengthOf)) : pictures.map((_, at) => at)
  return positions.slice(page * PAGE, (page + 1) * PAGE)
}

/** @param {"backward" | "parameter"} kind @param {number} extent @returns {Scale} */
function useShared(kind, extent) {
  const now = scheme.value
  return useMemo(() => makeScale({ kind, scheme: now, extent }), [kind, extent, now])
}

/** @param {Matrix} picture @param {Choice} choice @param {Scale} shared */
const scaleFor = (picture, { range }, shared) => (range === "shared" ? shared : makeScale({ kind: shared.kind, scheme: shared.scheme, extent: maxAbs(picture.data) }))

/** @param {{scale: Scale, choice: Choice, unit: string}} properties */
function Ends({ scale, choice, unit }) {
  return choice.range === "shared" ? html`<span class="pictures__ends"><${Strip} scale=${scale} middle=${0} /> ${unit}</span>` : html`<span class="pictures__ends">Each picture's strongest colour is its own largest number.</span>`
}

/** @param {{count: number, page: number, onPage: (page: number) => void, what: string}} properties */
function Pager({ count, page, onPage, what }) {
  if (count <= PAGE) return null
  const last = Math.ceil(count / PAGE) - 1
  return html`
    <p class="pictures__pager">
      <button class="button" disabled=${page === 0} onClick=${() => onPage(page - 1)}>Previous</button>
      <span>${page * PAGE + 1} to ${Math.min(count, (page + 1) * PAGE)} of ${count} ${what}</span>
      <button class="button" disabled=${page >= last} onClick=${() => onPage(page + 1)}>Next</button>
    </p>
  `
}

/**
 * Why element by element: dA, the slope g'(Z) and dZ of a hidden layer side by side, cell for cell; what is stopped is hatched.
 *
 *   <Gate />
 *
 * @import { Cell, Matrix, SessionPhase, Tensor, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useMemo, useState } from "preact/hooks"
import * as actions from "../actions.js"
import { makeScale } from "../draw/color_scales.js"
import { maxAbs, toMatrix } from "../draw/heatmap.js"
import { cellSize } from "../lib/cell_sizes.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { countStopped, factWords, productWords, windowOf } from "../lib/gate_words.js"
import { mark, stopsBetween } from "../lib/notation.js"
import { placesInWindow } from "../lib/places.js"
import { useAnswer } from "../lib/use_answer.js"
import { useWidth } from "../lib/use_size.js"
import { sharedExtent } from "../scales.js"
import { example, phase, scaleMode, scaleRange, scheme, selected, session, trace } from "../state.js"
import { extentOf, isWhole, matrixOf } from "../tensors.js"
import { CellGrid, HatchSwatch, here } from "./cell_grid.js"
import { Equation } from "./equation.js"
import { COUNTS, ExampleCounts, UnitCounts } from "./gate_counts.js"
import { ProblemNote } from "./problem.js"
import { ScaleStrip } from "./scale_strip.js"
import { Symbol } from "./symbol.js"

const MOST = { rows: 256, cols: 64 } // of a layer at once: more would be too small to point at
const SIGN = 30 // for ⊙ and =

/**
 * What is drawn: three windows of the same cells, whole numbers all.
 * @typedef {{dA: Matrix, slope: Matrix, dZ: Matrix, all: Matrix | null, stopped: number, first: {row: number, col: number}, shape: readonly [number, number]}} Shown
 */

export function Gate() {
  const now = trace.value
  const [chosen, setChosen] = useState(() => firstLayer(now))
  if (!now || !session.value) return null
  const last = now.layers.length - 1
  const layer = Math.min(chosen, last)
  const part = session.value.phases.find((one) => one.tensor === "dZ" && one.layer === layer)
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
      ${layer === last
        ? html`<${Output} now=${now} layer=${layer} part=${part} />`
        : stopsBetween(session.value.phases, layer).length
          ? html`<${More} layer=${layer} phases=${session.value.phases} />`
          : html`<${Hidden} key=${layer} layer=${layer} part=${part} />`}
    </section>
  `
}

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

/** Where dZ is not dA times the slope alone, the three side by side would not add up: its phases in their order. @param {{layer: number, phases: SessionPhase[]}} properties */
function More({ layer, phases }) {
  const way = phases.filter((one) => one.layer === layer && (stopsBetween([one], layer).length > 0 || one.tensor === "dZ"))
  return html`
    <div class="gate__none">
      <h3>More than a slope</h3>
      <p>Between dA and dZ of this layer there is more than the activation's slope. Phase by phase, from dA to dZ:</p>
      ${way.map((one) => html`<p key=${one.tensor}><${Equation} latex=${mark(null, one.whole)} /><br /><span class="soft">${one.why}</span></p>`)}
    </div>
  `
}

/** @param {{layer: number, part: SessionPhase | undefined}} properties */
function Hidden({ layer, part }) {
  const [box, room] = useWidth()
  const [first, setFirst] = useState({ row: 0, col: 0 })
  const most = { rows: MOST.rows, cols: room < 600 ? MOST.cols / 2 : MOST.cols }
  const dA = trace.value?.layers[layer]?.dA
  const window = dA && isWhole(dA) ? "" : `${first.row} ${first.col} ${most.cols}` // what comes whole is cut here
  const { last, isCurrent, retry } = useAnswer(trace, `${layer} ${window}`, (about, signal) => read(about, layer, first, most, signal))

  // where the page speaks of a cell of this layer, that cell is in sight
  useEffect(() => {
    const cell = selected.value
    if (!cell || cell.layer !== layer || !/^d?[AZ]$/.test(cell.tensor)) return
    setFirst({ row: Math.floor(cell.row / most.rows) * most.rows, col: Math.floor(cell.col / most.cols) * most.cols })
  }, [selected.value, most.cols])

  const shown = last?.about.layers[layer] ? last.answer : null // a run with fewer layers may have come meanwhile
  return html`
    <div class="gate__body" ref=${box}>
      ${last?.problem && html`<${ProblemNote} problem=${last.problem} onRetry=${retry} />`}
      ${last && shown && room > 0 && html`<${Picture} about=${last.about} isCurrent=${isCurrent} shown=${shown} layer=${layer} part=${part} room=${room} wanted=${first} most=${most} onMove=${setFirst} />`}
      ${!last && html`<p class="gate__wait soft" role="status">Reading the slopes…</p>`}
    </div>
  `
}

/**
 * The three, one after the other where they don't come whole: the product of two pooled pictures is not the picture of the product.
 * @param {Trace} about @param {number} layer @param {{row: number, col: number}} first @param {{rows: number, cols: number}} most @param {AbortSignal} signal @returns {Promise<Shown | null>}
 */
async function read(about, layer, first, most, signal) {
  const { dA, dZ } = about.layers[layer] ?? {}
  if (!dA || !dZ) return null
  const [rows, cols] = dA.shape
  const isGone = () => trace.peek() !== about
  if (isWhole(dA) && isWhole(dZ)) {
    // a slope that would come pooled is asked for as a window of all of it
    const slope = await (rows <= 256 && cols <= 256 ? actions.readSlope(layer, signal) : actions.readWindow("slope", layer, [0, rows], [0, cols], signal))
    if (!slope) return null
    const all = toMatrix(slope)
    return { dA: matrixOf(dA), slope: all, dZ: matrixOf(dZ), all, stopped: slope.stats.zeros, first: { row: 0, col: 0 }, shape: dA.shape }
  }
  const slope = await actions.readSlope(layer, signal)
  const windows = []
  for (const name of ["dA", "slope", "dZ"]) {
    if (isGone()) return null
    windows.push(await actions.readWindow(name, layer, [first.row, Math.min(rows, first.row + most.rows)], [first.col, Math.min(cols, first.col + most.cols)], signal))
  }
  if (isGone()) return null
  const [a, g, z] = windows.map((part) => toMatrix(/** @type {Tensor} */ (part)))
  return { dA: /** @type {Matrix} */ (a), slope: /** @type {Matrix} */ (g), dZ: /** @type {Matrix} */ (z), all: null, stopped: slope.stats.zeros, first, shape: dA.shape }
}

/**
 * @param {{about: Trace, isCurrent: boolean, shown: Shown, layer: number, part: SessionPhase | undefined, room: number,
 *   wanted: {row: number, col: number}, most: {rows: number, cols: number}, onMove: (first: {row: number, col: number}) => void}} properties
 */
function Picture({ about, isCurrent, shown, layer, part, room, wanted, most, onMove }) {
  const { shape } = shown
  const isAllHere = shown.all !== null // came whole
  const from = isAllHere ? { row: wanted.row < shape[0] ? wanted.row : 0, col: wanted.col < shape[1] ? wanted.col : 0 } : shown.first
  const { dA, slope, dZ } = useMemo(() => {
    if (!isAllHere) return shown
    const rows = /** @type {[number, number]} */ ([from.row, Math.min(shape[0], from.row + most.rows)])
    const cols = /** @type {[number, number]} */ ([from.col, Math.min(shape[1], from.col + most.cols)])
    return { dA: windowOf(shown.dA, rows, cols), slope: windowOf(shown.slope, rows, cols), dZ: windowOf(shown.dZ, rows, cols) }
  }, [shown, from.row, from.col, most.cols])
  const counts = useMemo(() => countStopped(shown.all ?? shown.slope), [shown])
  const stopped = useMemo(() => Uint8Array.from(slope.data, (value) => (value === 0 ? 1 : 0)), [slope])

  const mode = scaleMode.value
  const range = scaleRange.value
  const of = about.layers[layer]
  const gradients = useMemo(() => {
    const extent = range === "shared" ? sharedExtent(about, "backward") : Math.max(...[of?.dA, of?.dZ].map((tensor) => (tensor ? extentOf(tensor) : 0)))
    return makeScale({ kind: "backward", scheme: scheme.value, extent, mode })
  }, [about, layer, range, mode, scheme.value])
  const slopes = useMemo(() => {
    const isSigned = slope.data.some((value) => value < 0)
    return makeScale({ kind: "forward", scheme: scheme.value, extent: Math.max(1, maxAbs(slope.data)), signed: isSigned })
  }, [slope, scheme.value])

  const size = cellSize(dA.rows, dA.cols, Math.max(96, (room - COUNTS - 2 * SIGN) / 3), 512)
  const places = (/** @type {string} */ tensor) => placesInWindow(tensor, ["A", "Z", "dA", "dZ"], layer, dA, from)
  const perUnit = isAllHere ? counts.perUnit.slice(from.row, from.row + dA.rows) : counts.perUnit
  const perExample = isAllHere ? counts.perExample.slice(from.col, from.col + dA.cols) : counts.perExample
  const examples = isAllHere ? shape[1] : dA.cols
  const units = isAllHere ? shape[0] : dA.rows
  const name = of?.name ?? `layer ${layer}`
  const alone = about === trace.value ? example.value : null
  const closed = isAllHere ? counts.closed : []
  return html`
    <div class="gate__head">
      ${part && html`<p class="gate__equation"><${Equation} latex=${mark(null, part.whole)} /></p>`}
      <ul class="legend">
        <li><${HatchSwatch} />stopped: slope 0</li>
        <li><span class="soft">dA, dZ in nats</span> <${ScaleStrip} scale=${gradients} from=${`−${formatNumber(gradients.domain[1], 2)}`} to=${`+${formatNumber(gradients.domain[1], 2)}`} /></li>
        <li><span class="soft">slope</span> <${ScaleStrip} scale=${slopes} from=${formatNumber(slopes.domain[0], 2)} to=${formatNumber(slopes.domain[1], 2)} /></li>
      </ul>
    </div>
    ${about.step !== trace.value?.step && html`<p class="gate__late soft">Step ${about.step}: the page is further on, at step ${trace.value?.step}.</p>`}
    ${!shown.all && html`<p class="gate__late">These ${formatCount(shape[0])} × ${formatCount(shape[1])} numbers are too many for one picture, and pooled pictures don't multiply: the largest dA of a block and its largest slope may be of two cells. So this is a part of them, every number as it is.</p>`}
    <${Pagers} shape=${shape} from=${from} most=${most} onMove=${onMove} />
    <div class="gate__scroll" data-late=${isCurrent ? undefined : ""}>
      <div class="gate__maps" style=${{ gridTemplateColumns: `max-content ${SIGN}px max-content ${SIGN}px max-content ${COUNTS}px` }}>
        <p class="gate__name"><${Symbol} tensor="dA" layer=${layer} /> <span class="soft">arrives</span></p>
        <span></span>
        <p class="gate__name"><${Equation} latex=${`g'(${mark("Z", `Z^{[${layer}]}`)})`} /> <span class="soft">slope</span></p>
        <span></span>
        <p class="gate__name"><${Symbol} tensor="dZ" layer=${layer} /> <span class="soft">passes</span></p>
        <p class="gate__axis">stopped examples,<br />of ${formatCount(examples)}${isAllHere ? "" : " shown"}</p>

        <${CellGrid} matrix=${dA} scale=${gradients} size=${size} name=${`dA of ${name}`} hatched=${stopped} hatch="over" ...${places("dA")} />
        <span class="gate__sign" aria-label="times, element by element">⊙</span>
        <${CellGrid} matrix=${slope} scale=${slopes} size=${size} name=${`Slope of ${name}`} ...${places("dZ")} />
        <span class="gate__sign" aria-label="equals">=</span>
        <${CellGrid} matrix=${dZ} scale=${gradients} size=${size} name=${`dZ of ${name}`} hatched=${stopped} ...${places("dZ")} />
        <${UnitCounts} counts=${perUnit} of=${examples} height=${size.height} from=${from} layer=${layer} />

        <p class="gate__axis gate__axis--below">stopped units of each example, of ${formatCount(units)}${isAllHere ? "" : " shown"}</p>
        <${ExampleCounts} counts=${perExample} of=${units} width=${size.width} from=${from} layer=${layer} />
      </div>
    </div>
    <${Readout} shown=${{ dA, slope, dZ }} layer=${layer} from=${from} perUnit=${perUnit} perExample=${perExample} examples=${examples} units=${units} name=${name} isPart=${!isAllHere} />
    <div class="gate__words">
      <p>${part?.why}</p>
      <p>
        ${factWords({ stopped: shown.stopped, cells: shape[0] * shape[1], closed: isAllHere ? closed.length : null }, name, part?.title ?? "the activation", alone)}
        ${closed.length > 0 && alone === null && html` ${closed.length === 1 ? "It is" : "They are"} ${doors(closed, layer)}`}
      </p>
    </div>
  `
}

const LISTED = 10

/** Units as doors to their rows. @param {number[]} units @param {number} layer */
function doors(units, layer) {
  const listed = units.slice(0, LISTED)
  const more = units.length - listed.length
  return listed.map((unit, at) => {
    const after = at < listed.length - 1 ? "," : more ? "" : "."
    return html`<span key=${unit} class="gate__door-of"><button class="gate__door" onClick=${() => actions.select({ tensor: "dZ", layer, row: unit, col: 0 })}>unit ${unit}</button>${after}</span>${after === "," ? " " : more && at === listed.length - 1 ? ` and ${formatCount(more)} more.` : ""}`
  })
}

/** @param {{shape: readonly [number, number], from: {row: number, col: number}, most: {rows: number, cols: number}, onMove: (first: {row: number, col: number}) => void}} properties */
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
 * The three numbers of the cell that the page speaks of.
 * @param {{shown: {dA: Matrix, slope: Matrix, dZ: Matrix}, layer: number, from: {row: number, col: number}, perUnit: number[], perExample: number[], examples: number, units: number, name: string, isPart: boolean}} properties
 */
function Readout({ shown, layer, from, perUnit, perExample, examples, units, name, isPart }) {
  const cell = here.value
  const place = cell && placesInWindow("dZ", ["A", "Z", "dA"], layer, shown.dZ, from).find(cell)
  if (!cell || !place) return html`<p class="readout soft" role="status">Point at a cell: the same cell lights in all three, and its three numbers stand here.</p>`
  const at = place.row * shown.dZ.cols + place.col
  const [dA, slope, dZ] = [shown.dA, shown.slope, shown.dZ].map(({ data }) => data[at] ?? NaN)
  return html`
    <p class="readout" role="status">
      <strong class="gate__product">${productWords(dA ?? NaN, slope ?? NaN, dZ ?? NaN)}</strong>
      <span>Unit ${cell.row} of ${name}, example ${example.value ?? cell.col}: ${slope === 0 ? "stopped" : slope === 1 ? "passed on as it is" : "passed on, weighed by the slope"}.</span>
      <span class="soft">This unit stops ${perUnit[place.row]} of ${formatCount(examples)} example${examples === 1 ? "" : "s"}${isPart ? " shown" : ""}; this example is stopped at ${perExample[place.col]} of ${formatCount(units)} units${isPart ? " shown" : ""}.</span>
    </p>
  `
}

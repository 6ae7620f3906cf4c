/**
 * How much the examples of the batch agree on each gradient: the cancellation index of every cell of dW and db, unit and layer.
 *
 *   <Agreement />
 *
 * @import { Cancellation, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useMemo } from "preact/hooks"
import { hint, select } from "../cell_actions.js"
import { makeScale } from "../draw/color_scales.js"
import { byChance, indexCells, indexText, indexWords, layerWords, pulling, rankUnits } from "../lib/agreement_data.js"
import { cellSize } from "../lib/cell_sizes.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { placesOf } from "../lib/places.js"
import { useAnswer } from "../lib/use_answer.js"
import { useWidth } from "../lib/use_size.js"
import { lookAtBatch, readCancellation } from "../readings.js"
import { example, scheme, trace, wholeTrace } from "../state.js"
import { matrixOf } from "../tensors.js"
import { CellGrid, HatchSwatch, here } from "./cell_grid.js"
import { MatrixTable } from "./matrix_table.js"
import { ProblemNote } from "./problem.js"
import { ScaleStrip } from "./scale_strip.js"
import { Symbol } from "./symbol.js"

const BIAS = 12 // pixels a bias is wide
const UNITS = 92 // pixels for the bars of the units
const RANKED = 5

export function Agreement() {
  const [box, room] = useWidth()
  const { last, isCurrent, retry } = useAnswer(wholeTrace, "", (_, signal) => readCancellation(lookAtBatch(), signal))
  const scale = useMemo(() => makeScale({ kind: "backward", scheme: scheme.value, extent: 1, signed: false }), [scheme.value])
  const told = last?.answer
  return html`
    <section class="agreement" aria-label="Examples' agreement" ref=${box}>
      <div class="agreement__head">
        <p class="agreement__lead">
          Every gradient of a weight is a mean of what the examples say, one number each. The cancellation index <span class="agreement__formula">|Σ| ∕ Σ|·|</span> is how much of it is left in the
          sum: <strong>1</strong>, all examples pull the weight the same way; <strong>0</strong>, they cancel, and it stays where it is although they pull.
        </p>
        <ul class="legend">
          <li><${ScaleStrip} scale=${scale} from="0 they cancel" to="1 they agree" /></li>
          <li><${HatchSwatch} />no example pulls</li>
        </ul>
      </div>
      ${example.value !== null && html`<p class="agreement__note">The page shows example ${example.value} alone; one example can't disagree. This is about the whole batch that it is part of.</p>`}
      ${last?.problem && html`<${ProblemNote} problem=${last.problem} onRetry=${retry} />`}
      ${!last && html`<p class="agreement__wait soft" role="status">Asking the examples…</p>`}
      ${last && told && room > 0 && html`<${Shown} about=${last.about} told=${told} isCurrent=${isCurrent} room=${room} scale=${scale} />`}
    </section>
  `
}

/** @param {{about: Trace, told: Cancellation, isCurrent: boolean, room: number, scale: import("../types.js").Scale}} properties */
function Shown({ about, told, isCurrent, room, scale }) {
  const { examples } = told
  const name = (/** @type {number} */ layer) => about.layers[layer]?.name ?? `layer ${layer}`
  const ranked = useMemo(() => rankUnits(told, about, RANKED), [told])
  const cells = useMemo(
    () => told.layers.map(({ index, dW, db }) => ({ index, dW: indexCells(dW.cells, about.layers[index]?.dW), db: indexCells(db.cells, about.layers[index]?.db) })),
    [told],
  )
  return html`
    <p class="agreement__facts">
      Of what the ${formatCount(examples)} examples of ${told.step === trace.value?.step ? "this batch" : `step ${told.step}`} pull at the weights, this much is
      left: <strong>${told.layers.map(({ index, dW }) => layerWords(dW.layer, index === about.layers.length - 1 ? "the output layer" : name(index))).join(", ")}</strong>.
      ${examples > 1 && html`<span class="soft"> If k examples pulled at random, about 1/√k of it would be: ${formatNumber(byChance(examples), 2)} for ${examples === 2 ? "both" : `all ${formatCount(examples)}`}${examples >= 16 ? `, ${formatNumber(byChance(4), 2)} for 4` : ""}.</span>`}
    </p>
    <div class="agreement__layers" data-late=${isCurrent ? undefined : ""}>
      ${told.layers.map(({ index, dW, db }, position) => {
        const of = cells[position]
        return of && html`<${Layer} key=${index} about=${about} layer=${index} name=${name(index)} told=${{ dW, db }} cells=${of} room=${room} scale=${scale} />`
      })}
    </div>
    <${Readout} cells=${cells} examples=${examples} about=${about} name=${name} />
    ${ranked.least.length > 0 &&
    html`
      <div class="agreement__ranks">
        <${Rank} title="Units whose examples agree least" units=${ranked.least} about=${about} name=${name} />
        <${Rank} title="Units whose examples agree most" units=${ranked.most} about=${about} name=${name} />
      </div>
    `}
  `
}

/** @typedef {ReturnType<typeof indexCells>} Cells */

/** @param {{about: Trace, layer: number, name: string, told: {dW: import("../types.js").CancellationOf, db: import("../types.js").CancellationOf}, cells: {dW: Cells, db: Cells}, room: number, scale: import("../types.js").Scale}} properties */
function Layer({ about, layer, name, told, cells: { dW, db }, room, scale }) {
  const size = cellSize(dW.matrix.rows, dW.matrix.cols, Math.min(560, room - UNITS - BIAS - 40), 512)
  // one column, in rows as high as those beside it
  const biasSize = { width: Math.max(BIAS, Math.min(size.width, 56)), height: (dW.matrix.rows * size.height) / db.matrix.rows }
  const [rows, cols] = dW.matrix.shape
  const isPooled = dW.matrix.rows * dW.matrix.cols < rows * cols
  return html`
    <section class="agreement__layer" aria-label=${name}>
      <h3 class="agreement__title">
        ${name}<span class="agreement__index"><${Symbol} tensor="dW" layer=${layer} /> ${indexText(told.dW.layer)}</span><span class="agreement__index"><${Symbol} tensor="db" layer=${layer} /> ${indexText(told.db.layer)}</span>
      </h3>
      <div class="agreement__scroll">
        <div class="agreement__maps" style=${{ gridTemplateColumns: `max-content minmax(2rem, max-content) ${UNITS}px` }}>
          <p class="agreement__name">dW <span class="soft">${rows}×${cols}</span></p>
          <p class="agreement__name">db</p>
          <p class="agreement__name">each unit<span class="soft">, its dW</span></p>
          <${CellGrid} matrix=${dW.matrix} scale=${scale} size=${size} hatched=${dW.idle} name=${`Cancellation index of dW of ${name}`} ...${placesOf("dW", layer, dW.matrix)} />
          <${CellGrid} matrix=${db.matrix} scale=${scale} size=${biasSize} hatched=${db.idle} name=${`Cancellation index of db of ${name}`} ...${placesOf("db", layer, db.matrix)} />
          <${Units} about=${about} layer=${layer} units=${told.dW.units.map(Number)} height=${dW.matrix.rows * size.height} />
        </div>
      </div>
      ${/** @type {const} */ ([["dW", dW], ["db", db]]).map(([tensor, { matrix, idle }]) => html`
        <${MatrixTable} key=${tensor} matrix=${matrix} name=${`Cancellation index of ${tensor} of ${name}`} rows="unit" cols=${tensor === "db" ? "column" : layer === 1 ? "feature" : "from unit"} at=${placesOf(tensor, layer, matrix).at} words=${(/** @type {number} */ value, /** @type {number} */ at) => (idle[at] === 1 || Number.isNaN(value) ? "none pulls" : null)} />
      `)}
      ${isPooled && html`<p class="soft agreement__pooled">A square stands for a block of cells and shows the largest index in it: less agreement may hide behind it, never more.</p>`}
    </section>
  `
}

/** The index of each unit's weights together, as bars from 0 to 1. @param {{about: Trace, layer: number, units: number[], height: number}} properties */
function Units({ about, layer, units, height }) {
  const row = height / units.length
  const hasText = row >= 11
  const bar = hasText ? row - 3 : row > 2 ? row - 1 : row
  const wide = UNITS - 40
  return html`
    <svg class="agreement__units" width=${UNITS} height=${height} role="img" aria-label=${`Index of each unit: ${units.map((index, unit) => `unit ${unit}, ${indexText(index)}`).join("; ")}`}>
      <path class="agreement__base" d=${`M.5 0v${height}`} /><path class="agreement__end" d=${`M${wide + 0.5} 0v${height}`} />
      ${units.map((index, unit) => {
        const y = unit * row
        const open = () => select(largestOf(about, layer, unit))
        return html`
          <g key=${unit}>
            ${Number.isFinite(index) && html`<rect class="agreement__bar" x="0" y=${y + (row - bar) / 2} width=${Math.max(1, index * wide)} height=${bar} />`}
            ${hasText && html`<text class="agreement__number" x=${(Number.isFinite(index) ? index * wide : 0) + 4} y=${y + row / 2}>${indexText(index)}</text>`}
            <rect class="agreement__slot" x="0" y=${y} width=${UNITS} height=${row} onPointerEnter=${() => hint(largestOf(about, layer, unit))} onPointerLeave=${() => hint(null)} onClick=${open} />
          </g>
        `
      })}
    </svg>
  `
}

/** A unit's door: the weight that it would move most. @param {Trace} about @param {number} layer @param {number} unit */
function largestOf(about, layer, unit) {
  const tensor = about.layers[layer]?.dW
  if (!tensor) return { tensor: "dW", layer, row: unit, col: 0 }
  const { rows, cols, data } = matrixOf(tensor)
  const row = Math.floor((unit * rows) / tensor.shape[0])
  let col = 0
  for (let at = 1; at < cols; at++) if (Math.abs(data[row * cols + at] ?? 0) > Math.abs(data[row * cols + col] ?? 0)) col = at
  return { tensor: "dW", layer, row: unit, col: Math.ceil((col * tensor.shape[1]) / cols) }
}

/** @param {{title: string, units: import("../lib/agreement_data.js").UnitIndex[], about: Trace, name: (layer: number) => string}} properties */
function Rank({ title, units, about, name }) {
  return html`
    <section>
      <h3 class="eyebrow">${title}</h3>
      <ol class="agreement__rank">
        ${units.map(
          ({ layer, unit, index, pulling }) => html`
            <li key=${`${layer}.${unit}`}>
              <button class="agreement__door" onClick=${() => select(largestOf(about, layer, unit))}>
                <span>unit ${unit} <span class="soft">of ${name(layer)}${pulling === null ? "" : ` · ${pulling} pull`}</span></span>
                <span class="agreement__track" aria-hidden="true"><span style=${{ width: `${100 * index}%` }}></span></span>
                <strong>${indexText(index)}</strong>
              </button>
            </li>
          `,
        )}
      </ol>
    </section>
  `
}

/** The index of the cell that the page speaks of. @param {{cells: {index: number, dW: Cells, db: Cells}[], examples: number, about: Trace, name: (layer: number) => string}} properties */
function Readout({ cells, examples, about, name }) {
  const cell = here.value
  const of = cell && cells.find(({ index }) => index === cell.layer)
  const found = of && (cell.tensor === "dW" ? of.dW : cell.tensor === "db" ? of.db : null)
  const place = cell && found && placesOf(cell.tensor, cell.layer, found.matrix).find(cell)
  if (!cell || !found || !place) return html`<p class="readout soft" role="status">Point at a cell for its index; click it, and the inspector shows each example's term.</p>`
  const at = place.row * found.matrix.cols + place.col
  const from = cell.layer === 1 ? `feature ${cell.col}` : `unit ${cell.col} of ${name(cell.layer - 1)}`
  const what = cell.tensor === "dW" ? `weight from ${from} to unit ${cell.row}` : `bias of unit ${cell.row}`
  const who = pulling(about, cell.layer, cell.row, cell.tensor === "dW" ? cell.col : null)
  const isBlock = found.matrix.rows < found.matrix.shape[0] || found.matrix.cols < found.matrix.shape[1]
  return html`
    <p class="readout" role="status">
      <${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} />
      <strong>${indexWords(found.matrix.data[at] ?? NaN, found.idle[at] === 1, examples, isBlock ? null : who)}.</strong>
      <span class="soft">The ${what}${isBlock ? ", or another of its block" : ""}. Step ${about.step}.</span>
    </p>
  `
}

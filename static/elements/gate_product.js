/**
 * One product, element by element: what arrives, its factor (a slope or a mask) and what leaves, as three pictures of the same cells.
 *
 *   <GateProduct about={trace} product={{kind: "slope", arrives: "dA", factor: "slope", leaves: "dZ"}} ... />
 *
 * @import { Matrix, SessionPhase, Trace } from "../types.js"
 * @import { First, Shown } from "../lib/gate_window.js"
 * @import { Product } from "../lib/gate_words.js"
 */
import { html } from "htm/preact"
import { useMemo } from "preact/hooks"
import { select } from "../cell_actions.js"
import { makeScale } from "../draw/color_scales.js"
import { maxAbs } from "../draw/heatmap.js"
import { cellSize } from "../lib/cell_sizes.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { isOverExamples } from "../lib/gate_window.js"
import { ALIKE, countStopped, factWords, maskWords } from "../lib/gate_words.js"
import { mark } from "../lib/notation.js"
import { placesInWindow } from "../lib/places.js"
import { lossUnit } from "../lib/run_words.js"
import { sharedReach } from "../scales.js"
import { catalog, example, scaleMode, scaleRange, scheme, session, trace } from "../state.js"
import { extentOf, tensorOf } from "../tensors.js"
import { CellGrid, HatchSwatch } from "./cell_grid.js"
import { Equation } from "./equation.js"
import { COUNTS, ExampleCounts, UnitCounts } from "./gate_counts.js"
import { MatrixTable } from "./matrix_table.js"
import { ScaleStrip } from "./scale_strip.js"
import { Symbol } from "./symbol.js"

const SIGN = 30 // for ⊙ and =

const WIDEST = 12 // pixels of one column of many

/** The scale of gradients that stand side by side. @param {Trace} about @param {string[]} tensors @param {number} layer */
export function useGradientScale(about, tensors, layer) {
  const mode = scaleMode.value
  const range = scaleRange.value
  return useMemo(() => {
    const found = tensors.map((tensor) => tensorOf(about, tensor, layer))
    const own = Math.max(...found.map((tensor) => (tensor ? extentOf(tensor) : 0)))
    const { extent, floor } = range === "shared" ? sharedReach(about, "backward") : { extent: 0, floor: undefined }
    return makeScale({ kind: "backward", scheme: scheme.value, extent: Math.max(own, extent), floor, mode })
  }, [about, layer, tensors.join(), range, mode, scheme.value])
}

/**
 * @param {{about: Trace, isCurrent: boolean, shown: Shown, parts: Record<string, Matrix>, product: Product, layer: number, part: SessionPhase | undefined,
 *   room: number, from: First, title: string | null}} properties
 */
export function GateProduct({ about, isCurrent, shown, parts, product: { kind, arrives, factor, leaves }, layer, part, room, from, title }) {
  const { shape, isAllHere } = shown
  const [came, by, left] = [arrives, factor, leaves].map((name) => /** @type {Matrix} */ (parts[name]))
  const counts = useMemo(() => countStopped(/** @type {Matrix} */ (shown.parts[factor])), [shown, factor])
  const stopped = useMemo(() => Uint8Array.from(by?.data ?? [], (value) => (value === 0 ? 1 : 0)), [by])
  const gradients = useGradientScale(about, [arrives, leaves], layer)
  const factors = useMemo(() => {
    const data = by?.data ?? new Float64Array()
    return makeScale({ kind: "forward", scheme: scheme.value, extent: Math.max(1, maxAbs(data)), signed: data.some((value) => value < 0) })
  }, [by, scheme.value])
  if (!came || !by || !left) return null

  const column = Math.max(96, (room - COUNTS - 2 * SIGN) / 3)
  const plain = cellSize(by.rows, by.cols, column, 512)
  const size = { ...plain, width: Math.max(plain.width, Math.min(WIDEST, Math.floor(column / by.cols))) }
  const places = (/** @type {string} */ tensor) => placesInWindow(tensor, ALIKE, layer, by, from)
  const perUnit = isAllHere ? counts.perUnit.slice(from.row, from.row + by.rows) : counts.perUnit
  const perExample = isAllHere ? counts.perExample.slice(from.col, from.col + by.cols) : counts.perExample
  const examples = isAllHere ? shape[1] : by.cols
  const units = isAllHere ? shape[0] : by.rows
  const isAnyGone = (shown.zeros[factor] ?? 0) > 0 // a sigmoid stops nothing: there is nothing to count
  const name = about.layers[layer]?.name ?? `layer ${layer}`
  const alone = about === trace.value ? example.value : null
  const [word, gone] = kind === "mask" ? ["mask", "dropped"] : ["slope", "stopped"]
  return html`
    <div class="gate__stage" data-stage=${kind}>
      ${title && html`<h3>${title}</h3>`}
      <div class="gate__head">
        ${part && html`<p class="gate__equation"><${Equation} latex=${mark(null, part.whole)} /></p>`}
        <ul class="legend">
          ${isAnyGone && html`<li><${HatchSwatch} />${gone}: ${word} 0</li>`}
          <li><span class="soft">${arrives}, ${leaves}${lossUnit(session.value, catalog.value) && ` in ${lossUnit(session.value, catalog.value)}`}</span> <${ScaleStrip} scale=${gradients} from=${`−${formatNumber(gradients.domain[1], 2)}`} to=${`+${formatNumber(gradients.domain[1], 2)}`} /></li>
          <li><span class="soft">${word}</span> <${ScaleStrip} scale=${factors} from=${formatNumber(factors.domain[0], 2)} to=${formatNumber(factors.domain[1], 2)} /></li>
        </ul>
      </div>
      <div class="gate__scroll" data-late=${isCurrent ? undefined : ""}>
        <div class="gate__maps" style=${{ gridTemplateColumns: `max-content ${SIGN}px max-content ${SIGN}px max-content ${COUNTS}px` }}>
          <p class="gate__name"><${Symbol} tensor=${arrives} layer=${layer} /> <span class="soft">arrives</span></p>
          <span></span>
          <p class="gate__name">${kind === "mask" ? html`<${Symbol} tensor="D" layer=${layer} />` : html`<${Equation} latex=${slopeLatex(leaves, layer)} />`} <span class="soft">${word}</span></p>
          <span></span>
          <p class="gate__name"><${Symbol} tensor=${leaves} layer=${layer} /> <span class="soft">passes</span></p>
          ${isAnyGone ? html`<p class="gate__axis">${gone} examples,<br />of ${formatCount(examples)}${isAllHere ? "" : " shown"}</p>` : html`<span></span>`}

          <${CellGrid} matrix=${came} scale=${gradients} size=${size} name=${`${arrives} of ${name}`} hatched=${stopped} hatch="over" ...${places(arrives)} />
          <span class="gate__sign" aria-label="times, element by element">⊙</span>
          <${CellGrid} matrix=${by} scale=${factors} size=${size} name=${`${kind === "mask" ? "Mask" : "Slope"} of ${name}`} ...${places(kind === "mask" ? "D" : leaves)} />
          <span class="gate__sign" aria-label="equals">=</span>
          <${CellGrid} matrix=${left} scale=${gradients} size=${size} name=${`${leaves} of ${name}`} hatched=${stopped} ...${places(leaves)} />
          ${isAnyGone && html`<${UnitCounts} counts=${perUnit} of=${examples} height=${size.height} from=${from} layer=${layer} tensor=${leaves} what=${gone} />

          <p class="gate__axis gate__axis--below">${gone} units of each example, of ${formatCount(units)}${isAllHere ? "" : " shown"}</p>
          <${ExampleCounts} counts=${perExample} of=${units} width=${size.width} from=${from} layer=${layer} tensor=${leaves} what=${gone} />`}
        </div>
      </div>
      ${kind !== "mask" && html`<${MatrixTable} matrix=${by} name=${`Slope of ${name}`} rows="unit" cols="example" at=${places(leaves).at} isPart />`}
      <div class="gate__words">
        <p>${part?.why}</p>
        ${kind === "mask"
          ? html`<p>${maskWords({ stopped: shown.zeros.D ?? 0, cells: shape[0] * shape[1] }, name, alone)}</p>`
          : html`<${SlopeFacts} stopped=${shown.zeros.slope ?? 0} shape=${shape} closed=${isAllHere ? counts.closed : null} name=${name} activation=${part?.title ?? "the activation"} isShared=${leaves === "dN" && !isOverExamples(about, layer)} alone=${alone} leaves=${leaves} layer=${layer} />`}
      </div>
    </div>
  `
}

/** g'(Z), or g'(N) behind a normalisation. @param {string} leaves @param {number} layer */
function slopeLatex(leaves, layer) {
  const reads = leaves === "dN" ? "N" : "Z"
  return `g'(${mark(reads, `${reads}^{[${layer}]}`)})`
}

/** @param {{stopped: number, shape: readonly [number, number], closed: number[] | null, name: string, activation: string, isShared: boolean, alone: number | null, leaves: string, layer: number}} properties */
function SlopeFacts({ stopped, shape, closed, name, activation, isShared, alone, leaves, layer }) {
  const units = closed ?? []
  return html`
    <p>
      ${factWords({ stopped, cells: shape[0] * shape[1], closed: closed?.length ?? null }, name, activation, alone, isShared)}
      ${units.length > 0 && alone === null && html` ${units.length === 1 ? "It is" : "They are"} ${doors(units, leaves, layer)}`}
    </p>
  `
}

const LISTED = 10

/** Units as doors to their rows. @param {number[]} units @param {string} tensor @param {number} layer */
function doors(units, tensor, layer) {
  const listed = units.slice(0, LISTED)
  const more = units.length - listed.length
  return listed.map((unit, at) => {
    const after = at < listed.length - 1 ? "," : more ? "" : "."
    return html`<span key=${unit} class="gate__door-of"><button class="gate__door" onClick=${() => select({ tensor, layer, row: unit, col: 0 })}>unit ${unit}</button>${after}</span>${after === "," ? " " : more && at === listed.length - 1 ? ` and ${formatCount(more)} more.` : ""}`
  })
}

/**
 * From dN to dZ through a normalisation, which is not element by element: dN, dZhat, what goes through variance and mean, and dZ.
 *
 *   <GateNorm about={trace} parts={{dN, dZhat, dV, dM, dZ}} layer={1} ... />
 *
 * @import { Matrix, Scale, SessionPhase, Trace } from "../types.js"
 * @import { CellSize } from "../lib/cell_sizes.js"
 * @import { First } from "../lib/gate_window.js"
 */
import { html } from "htm/preact"
import { useMemo } from "preact/hooks"
import { makeScale } from "../draw/color_scales.js"
import { cellSize } from "../lib/cell_sizes.js"
import { formatNumber } from "../lib/format.js"
import { isOverExamples } from "../lib/gate_window.js"
import { ALIKE, normWords } from "../lib/gate_words.js"
import { mark } from "../lib/notation.js"
import { placesInWindow } from "../lib/places.js"
import { lossUnit } from "../lib/run_words.js"
import { catalog, scaleMode, scheme, session } from "../state.js"
import { extentOf, tensorOf } from "../tensors.js"
import { CellGrid } from "./cell_grid.js"
import { Equation } from "./equation.js"
import { useGradientScale } from "./gate_product.js"
import { ScaleStrip } from "./scale_strip.js"
import { Symbol } from "./symbol.js"

const GAPS = 200 // for the signs, and for dV and dM beside dZhat

/** @param {{about: Trace, isCurrent: boolean, parts: Record<string, Matrix>, layer: number, part: SessionPhase | undefined, room: number, from: First}} properties */
export function GateNorm({ about, isCurrent, parts, layer, part, room, from }) {
  const gradients = useGradientScale(about, ["dN", "dZhat", "dZ"], layer)
  const through = { dV: useOwnScale(about, "dV", layer), dM: useOwnScale(about, "dM", layer) }
  const { dN, dZhat, dV, dM, dZ } = parts
  if (!dN || !dZhat || !dV || !dM || !dZ) return null
  const mixes = isOverExamples(about, layer)
  const name = about.layers[layer]?.name ?? `layer ${layer}`
  const size = cellSize(dN.rows, dN.cols, Math.max(96, (room - GAPS) / 3), 512)
  const thin = { width: mixes ? Math.max(14, size.width) : size.width, height: mixes ? size.height : Math.max(14, size.height) }
  const length = (/** @type {string} */ tensor) => formatNumber(Number(tensorOf(about, tensor, layer)?.stats.l2 ?? NaN), 3)
  const words = normWords(mixes)
  const picture = (/** @type {string} */ tensor, /** @type {Matrix} */ matrix, /** @type {Scale} */ scale, /** @type {CellSize} */ of, /** @type {string[]} */ others, /** @type {string} */ says) => html`
    <figure class="gate__part">
      <figcaption class="gate__name"><${Symbol} tensor=${tensor} layer=${layer} /> <span class="soft">${says}</span></figcaption>
      <${CellGrid} matrix=${matrix} scale=${scale} size=${of} name=${`${tensor} of ${name}`} ...${placesInWindow(tensor, others, layer, matrix, { row: matrix.rows < dN.rows ? 0 : from.row, col: matrix.cols < dN.cols ? 0 : from.col })} />
    </figure>
  `
  return html`
    <div class="gate__stage" data-stage="norm">
      <h3>The normalisation: not element by element</h3>
      <div class="gate__head">
        ${part && html`<p class="gate__equation"><${Equation} latex=${mark(null, part.whole)} /></p>`}
        <ul class="legend">
          <li><span class="soft">dN, dẐ, dZ${lossUnit(session.value, catalog.value) && ` in ${lossUnit(session.value, catalog.value)}`}</span> <${ScaleStrip} scale=${gradients} from=${`−${formatNumber(gradients.domain[1], 2)}`} to=${`+${formatNumber(gradients.domain[1], 2)}`} /></li>
          <li class="soft">dV to ±${formatNumber(through.dV.domain[1], 2)}, dM to ±${formatNumber(through.dM.domain[1], 2)}: each on its own scale</li>
        </ul>
      </div>
      <div class="gate__scroll" data-late=${isCurrent ? undefined : ""}>
        <div class="gate__norm">
          ${picture("dN", dN, gradients, size, ALIKE, "arrives")}
          <span class="gate__arrow">⊙ γ<br /><span aria-hidden="true">→</span></span>
          <div class="gate__through" data-along=${mixes ? "rows" : "columns"}>
            ${picture("dZhat", dZhat, gradients, size, ALIKE, "")}
            ${picture("dV", dV, through.dV, thin, [], "")}
            ${picture("dM", dM, through.dM, thin, [], "")}
          </div>
          <span class="gate__arrow">together<br /><span aria-hidden="true">→</span></span>
          ${picture("dZ", dZ, gradients, size, ALIKE, "passes")}
        </div>
      </div>
      <div class="gate__words">
        ${words.map((sentence) => html`<p key=${sentence}>${sentence}</p>`)}
        <p>Lengths (roots of the sums of squares) over the layer: dN ${length("dN")}, dẐ ${length("dZhat")}, dZ ${length("dZ")}. The terms of one number stand in the inspector: choose a cell of dZ.</p>
      </div>
    </div>
  `
}

/** @param {Trace} about @param {string} tensor @param {number} layer */
function useOwnScale(about, tensor, layer) {
  const mode = scaleMode.value
  return useMemo(() => {
    const found = tensorOf(about, tensor, layer)
    return makeScale({ kind: "backward", scheme: scheme.value, extent: found ? extentOf(found) : 0, mode })
  }, [about, tensor, layer, mode, scheme.value])
}

/**
 * A tensor that is one number: written, and a door to it as a cell of a heatmap is.
 *
 *   <Count tensor="tW_next" layer={1} role="writes" />
 */
import { html } from "htm/preact"
import { point, select } from "../cell_actions.js"
import { seen } from "../edit_state.js"
import { formatNumber } from "../lib/format.js"
import { kindOf } from "../lib/notation.js"
import { valueAt } from "../tensors.js"
import { Marks } from "./heatmap.js"
import { Symbol } from "./symbol.js"

/** @param {{tensor: string, layer: number, role?: string}} properties `role` in the phase that is looked at */
export function Count({ tensor, layer, role }) {
  const cell = { tensor, layer, row: 0, col: 0 }
  const value = seen.value && valueAt(seen.value, cell)
  if (value === null) return null
  return html`
    <figure class="heatmap count" data-kind=${kindOf(tensor)} data-role=${role} data-tensor=${tensor} data-layer=${layer}>
      <figcaption class="heatmap__name"><${Symbol} tensor=${tensor} layer=${layer} /></figcaption>
      <button
        class="heatmap__cells count__number"
        id=${`heatmap-${tensor}-${layer}`}
        aria-label=${`${tensor} of layer ${layer}: ${formatNumber(value)}`}
        onPointerEnter=${() => point(cell)}
        onPointerLeave=${() => point(null)}
        onFocus=${() => point(cell)}
        onBlur=${() => point(null)}
        onClick=${() => select(cell)}
      >${formatNumber(value)}<${Marks} tensor=${tensor} layer=${layer} rows=${1} cols=${1} /></button>
    </figure>
  `
}

/**
 * A tensor, small: its picture as a door to its largest number.
 *
 *   <TensorThumb about={trace} tensor="dW" layer={2} width={96} height={24} />
 *
 * @import { Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { drawHeatmap, poolAbsmax } from "../draw/heatmap.js"
import { lookAt } from "../lib/whole_door.js"
import { largestCell } from "../lib/largest_cell.js"
import { scaleOf } from "../scales.js"
import { scaleMode, scaleRange, scheme } from "../state.js"
import { matrixOf, tensorOf } from "../tensors.js"

/** @param {{about: Trace, tensor: string, layer: number, width: number, height: number}} properties in CSS pixels */
export function TensorThumb({ about, tensor, layer, width, height }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  const found = tensorOf(about, tensor, layer)
  const scale = found ? scaleOf(about, tensor, layer, scaleRange.value, scaleMode.value, scheme.value) : null
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d")
    if (context && found && scale) drawHeatmap(context, poolAbsmax(matrixOf(found), height, width), scale, { width, height })
  }, [found, scale, width, height])
  if (!found) return null
  const [rows, cols] = found.shape
  return html`
    <button class="thumb" title="To its largest number" aria-label=${`${tensor}[${layer}], ${rows} by ${cols}: to its largest number`} onClick=${() => lookAt(largestCell(found, tensor, layer))}>
      <canvas ref=${canvas} style=${{ inlineSize: `${width}px`, blockSize: `${height}px` }} aria-hidden="true"></canvas>
    </button>
  `
}

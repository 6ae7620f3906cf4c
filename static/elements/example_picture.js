/**
 * An example of the batch as the picture that it is: a column of A[0].
 *
 *   <ExamplePicture now={trace} col={3} size={[8, 8]} />
 *
 * @import { Matrix, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { drawHeatmap } from "../draw/heatmap.js"
import { scaleOf } from "../scales.js"
import { scheme } from "../state.js"
import { matrixOf } from "../tensors.js"

/** @param {{now: Trace, col: number, size: [number, number]}} properties */
export function ExamplePicture({ now, col, size: [rows, cols] }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d")
    const input = now.layers[0]?.A
    if (!context || !input) return
    const batch = matrixOf(input)
    const data = Float64Array.from({ length: rows * cols }, (_, at) => batch.data[at * batch.cols + col] ?? NaN)
    const nonFinite = data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0)
    /** @type {Matrix} */
    const picture = { rows, cols, data, exact: true, shape: [rows, cols], nonFinite }
    drawHeatmap(context, picture, scaleOf(now, "A", 0, "own", "linear", scheme.value), { width: context.canvas.clientWidth, height: context.canvas.clientHeight })
  }, [now, col, rows, cols, scheme.value])
  return html`<canvas class="example__picture" ref=${canvas}></canvas>`
}

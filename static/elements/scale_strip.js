/**
 * A colour scale with what its ends mean, and ticks between.
 *
 *   <ScaleStrip scale={scale} from="0" to="1" ticks={[{value: 0.18, text: "by chance"}]} />
 */
import { html } from "htm/preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { legendColors } from "../draw/color_scales.js"

/** @param {{scale: import("../types.js").Scale, from: string, to: string, ticks?: {value: number, text: string}[]}} properties */
export function ScaleStrip({ scale, from, to, ticks = [] }) {
  const strip = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  useLayoutEffect(() => {
    const context = strip.current?.getContext("2d")
    if (!context) return
    const image = context.createImageData(context.canvas.width, 1)
    new Uint32Array(image.data.buffer).set(legendColors(scale, context.canvas.width))
    context.putImageData(image, 0, 0)
  }, [scale])
  return html`
    <span class="scale-strip">
      <span>${from}</span>
      <span class="scale-strip__colors">
        <canvas width="101" height="1" ref=${strip} aria-hidden="true"></canvas>
        ${ticks.map(({ value, text }) => html`<span key=${value} class="scale-strip__tick" style=${{ left: `${100 * scale.position(value)}%` }}><span>${text}</span></span>`)}
      </span>
      <span>${to}</span>
    </span>
  `
}

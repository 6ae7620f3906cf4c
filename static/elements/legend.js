/** A colour scale with its ends and its unit: always in sight, beside the lane that it belongs to. */
import { html } from "htm/preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { legendColors, makeScale } from "../draw/color_scales.js"
import { formatNumber } from "../lib/format.js"
import { lossUnit } from "../lib/run_words.js"
import { sharedExtent } from "../scales.js"
import { catalog, scaleMode, scaleRange, scheme, session, trace } from "../state.js"

/** @param {string} unit of the loss */
const what = (unit) => ({ forward: "Z, A", parameter: "W, b", backward: `dA, dZ: ${unit}sum over the batch · dW, db: ${unit}mean` })

/** @param {{kind: import("../lib/notation.js").Kind}} properties */
export function Legend({ kind }) {
  const strip = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  const extent = scaleRange.value === "shared" && trace.value ? sharedExtent(trace.value, kind) : 1
  const mode = scaleMode.value
  const now = scheme.value
  const unit = lossUnit(session.value, catalog.value)
  useLayoutEffect(() => {
    const context = strip.current?.getContext("2d")
    if (!context) return
    const colors = legendColors(makeScale({ kind, scheme: now, extent, mode, signed: true }), context.canvas.width)
    const image = context.createImageData(context.canvas.width, 1)
    new Uint32Array(image.data.buffer).set(colors)
    context.putImageData(image, 0, 0)
  }, [kind, extent, mode, now])
  const end = scaleRange.value === "shared" ? formatNumber(extent, 2) : "max"
  return html`
    <p class="legend" data-kind=${kind}>
      <span class="legend__what">${what(unit && `${unit}, `)[kind]}</span>
      <span>−${end}</span><canvas class="legend__strip" width="101" height="1" ref=${strip} aria-hidden="true"></canvas><span>+${end}</span>
    </p>
  `
}

/**
 * A picture of numbers, a door to them: a click leads to the pixel's cell, the keyboard to the largest.
 *
 *   <Picture matrix={picture} scale={scale} words="dA[0] of example 3" cellOf={(pixel) => ({ tensor: "dA", layer: 0, row: pixel, col: 3 })} />
 *
 * @import { Cell, Matrix, Scale } from "../types.js"
 */
import { html } from "htm/preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { cellAt, drawHeatmap } from "../draw/heatmap.js"
import { largestAt } from "../lib/pictures.js"
import { lookAt } from "../lib/whole_door.js"

/** @param {{matrix: Matrix, scale: Scale, words: string, cellOf: (pixel: number) => Cell}} properties */
export function Picture({ matrix, scale, words, cellOf }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d")
    if (context) drawHeatmap(context, matrix, scale, { width: context.canvas.clientWidth, height: context.canvas.clientHeight })
  }, [matrix, scale])
  /** @param {MouseEvent} event */
  const open = (event) => {
    const box = canvas.current?.getBoundingClientRect()
    const hit = box && event.detail > 0 ? cellAt(event.clientX - box.left, event.clientY - box.top, box.width, box.height, matrix.rows, matrix.cols) : null
    lookAt(cellOf(hit ? hit.row * matrix.cols + hit.col : largestAt(matrix.data)))
  }
  return html`
    <button class="picture" aria-label=${`${words}: to its largest number`} title=${`${words}: click a pixel to see where its number came from`} onClick=${open}>
      <canvas ref=${canvas} style=${{ aspectRatio: `${matrix.cols} / ${matrix.rows}` }} aria-hidden="true"></canvas>
    </button>
  `
}

/**
 * One tensor of one run as a heatmap, on a scale that it shares with the other runs; or the difference of two.
 *
 *   <Picture tensor={tensor} at={{tensor: "dW", layer: 2}} scale={scale} room={{width, height}} name="B" />
 *
 * The pointer or the arrow keys point at a cell, a click or Enter chooses it: in all runs.
 */
import { html } from "htm/preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import * as actions from "../../compare_actions.js"
import { chosenCell, pointedCell } from "../../compare_state.js"
import { drawHeatmap, poolAbsmax } from "../../draw/heatmap.js"
import { numberAt, pictureSize } from "../../lib/compare_pictures.js"
import { formatNumber } from "../../lib/format.js"
import { matrixOf } from "../../tensors.js"
import { extremeAt } from "../heatmap.js"

/** @param {{tensor: import("../../types.js").Tensor, at: import("../../types.js").TensorAt, scale: import("../../types.js").Scale, room: {width: number, height: number}, name: string}} properties `name`: whose it is */
export function Picture({ tensor, at, scale, room, name }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null))
  const [rows, cols] = tensor.shape
  const { width, height } = pictureSize(tensor.shape, room)
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d")
    if (!context) return
    const whole = matrixOf(tensor)
    drawHeatmap(context, whole.rows > height || whole.cols > width ? poolAbsmax(whole, height, width) : whole, scale, { width, height })
  }, [tensor, scale, width, height])

  const isHere = (/** @type {import("../../types.js").Cell | null} */ cell) => cell !== null && cell.tensor === at.tensor && cell.layer === at.layer && cell.row < rows && cell.col < cols
  const [chosen, pointed] = [chosenCell.value, pointedCell.value]
  /** @param {PointerEvent} event */
  const pointAt = (event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect()
    const cell = extremeAt(tensor, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, width, height)
    const there = cell && { ...at, ...cell }
    actions.pointCell(there)
    return there
  }
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const here = pointed && isHere(pointed) ? pointed : { ...at, row: 0, col: 0 }
    const by = event.shiftKey ? 10 : 1
    const moves = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-by, 0], ArrowDown: [by, 0], ArrowLeft: [0, -by], ArrowRight: [0, by], Home: [0, -cols], End: [0, cols] })
    const to = moves[event.key]
    const within = (/** @type {number} */ n, /** @type {number} */ count) => Math.max(0, Math.min(count - 1, n))
    if (to) actions.pointCell({ ...at, row: within(here.row + to[0], rows), col: within(here.col + to[1], cols) })
    else if (event.key === "Enter" || event.key === " ") actions.selectCell(here)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const marks = [isHere(chosen) && { kind: "cell", cell: chosen }, isHere(pointed) && { kind: "source", cell: pointed }].filter((one) => one !== false)
  const { min, max, nan, posinf, neginf } = tensor.stats
  const odd = Number(nan) + Number(posinf) + Number(neginf)
  return html`
    <div
      class="heatmap__cells compare__cells"
      tabindex="0"
      role="group"
      aria-roledescription="heatmap"
      data-name=${name}
      data-tensor=${at.tensor}
      data-layer=${at.layer}
      aria-label=${`${at.tensor} of layer ${at.layer}, ${name}, ${rows} by ${cols}, from ${formatNumber(min)} to ${formatNumber(max)}${odd > 0 ? `, ${odd} not finite` : ""}. Arrow keys move from cell to cell.`}
      style=${{ width: `${width}px`, height: `${height}px` }}
      onPointerMove=${pointAt}
      onPointerDown=${(/** @type {PointerEvent} */ event) => {
        const there = pointAt(event)
        if (there) actions.selectCell(there)
      }}
      onPointerLeave=${(/** @type {PointerEvent} */ event) => event.pointerType !== "touch" && actions.pointCell(null)}
      onKeyDown=${move}
      onFocus=${(/** @type {FocusEvent} */ event) => {
        if (/** @type {HTMLElement} */ (event.currentTarget).matches(":focus-visible")) actions.pointCell(chosen && isHere(chosen) ? chosen : { ...at, row: 0, col: 0 })
      }}
      onBlur=${() => actions.pointCell(null)}
    >
      <canvas ref=${canvas} aria-hidden="true"></canvas>
      ${marks.map(({ kind, cell }) => cell && html`<span key=${kind} class="heatmap__mark" data-mark=${kind} style=${{ left: `${(100 * cell.col) / cols}%`, width: `${100 / cols}%`, top: `${(100 * cell.row) / rows}%`, height: `${100 / rows}%` }}></span>`)}
    </div>
  `
}

/** What a screen reader is told of the cell that the keyboard points at. @param {{cell: import("../../types.js").Cell, tensors: readonly [string, import("../../types.js").Tensor | null][]}} properties */
export const cellWords = ({ cell, tensors }) => `Row ${cell.row}, column ${cell.col}: ${tensors.map(([name, tensor]) => `${name} ${formatNumber(numberAt(tensor, cell))}`).join(", ")}.`

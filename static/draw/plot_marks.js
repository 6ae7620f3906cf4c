/**
 * What uPlot does not draw: the step that is looked at, what was done to the run, numbers without a height, and names at the ends of curves.
 * All of it on uPlot's own canvas, after its curves, in device pixels.
 *
 * @import uPlot from "uplot"
 * @import { Mark } from "../types.js"
 * @import { Oddity } from "../lib/curve_data.js"
 */
import { apart, sideBySide } from "../lib/curve_data.js"

const EDGE = 5 // CSS pixels from a mark of no height to the edge of the plot

/** The step that is looked at: a line over the plot's height. @param {uPlot} plot @param {number} step @param {string} color */
export function drawLooked({ ctx, bbox, valToPos }, step, color) {
  const x = Math.round(valToPos(step, "x", true)) + 0.5
  const size = 4 * devicePixelRatio
  ctx.save()
  ctx.strokeStyle = ctx.fillStyle = color
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([]) // the last curve's dashes are still set, and a dashed line would be a fork
  ctx.beginPath()
  ctx.moveTo(x, bbox.top)
  ctx.lineTo(x, bbox.top + bbox.height)
  ctx.stroke()
  ctx.beginPath()
  ctx.moveTo(x - size, bbox.top - size)
  ctx.lineTo(x + size, bbox.top - size)
  ctx.lineTo(x, bbox.top + size * 0.5)
  ctx.fill()
  ctx.restore()
}

/** An action acts between two steps, so there its line stands. @param {uPlot} plot @param {readonly Mark[]} marks @param {string} color */
export function drawActions({ ctx, bbox, valToPos }, marks, color) {
  ctx.save()
  ctx.strokeStyle = color
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio])
  for (const { step } of marks) {
    const x = Math.round(valToPos(step + 0.5, "x", true)) + 0.5
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}

/**
 * Zeros of a logarithmic axis at the foot, infinities at the end they lie beyond, NaN as a cross on top; one a pixel is enough.
 * @param {uPlot} plot @param {readonly {index: number, kind: Oddity}[]} oddities @param {string} color
 */
export function drawOddities({ ctx, bbox, data, valToPos }, oddities, color) {
  const size = 3 * devicePixelRatio
  const [top, foot] = [bbox.top + EDGE * devicePixelRatio, bbox.top + bbox.height - EDGE * devicePixelRatio]
  const drawn = new Set()
  ctx.save()
  ctx.fillStyle = ctx.strokeStyle = color
  ctx.lineWidth = 1.5 * devicePixelRatio
  for (const { index, kind } of oddities) {
    const x = Math.round(valToPos(data[0][index] ?? 0, "x", true))
    if (drawn.has(`${kind}${x}`)) continue
    drawn.add(`${kind}${x}`)
    ctx.beginPath()
    if (kind === "nan") {
      for (const way of [-1, 1]) {
        ctx.moveTo(x - size, top - way * size)
        ctx.lineTo(x + size, top + way * size)
      }
      ctx.stroke()
    } else if (kind === "zero") {
      ctx.arc(x, foot, size * 0.8, 0, 2 * Math.PI)
      ctx.stroke()
    } else {
      const [y, way] = kind === "infinity" ? [top, 1] : [foot, -1]
      ctx.moveTo(x - size, y + way * size)
      ctx.lineTo(x + size, y + way * size)
      ctx.lineTo(x, y - way * size)
      ctx.fill()
    }
  }
  ctx.restore()
}

const NAME = { gap: 12, after: 5, width: 16 } // CSS pixels: between two names, behind a line's end, and as wide as one may be

/** Each curve's name behind its last point, also where that is not the last step; of those that end side by side, as far as there is room for all. @param {uPlot} plot @param {readonly {label: string, color: string}[]} curves of the plot's columns, in their order; "" is not drawn @param {string} paper around a name, so that it is read where other lines go on */
export function drawNames({ ctx, bbox, data, valToPos }, curves, paper) {
  const named = curves.flatMap((curve, position) => {
    const column = /** @type {(number | null)[]} */ (data[position + 1] ?? [])
    const last = column.findLastIndex((value) => value !== null)
    return curve.label && last >= 0 ? [{ ...curve, x: valToPos(data[0][last] ?? 0, "x", true), y: valToPos(column[last] ?? 0, "y", true) }] : []
  })
  ctx.save()
  ctx.font = `600 ${11 * devicePixelRatio}px 'Inter Variable', system-ui, sans-serif`
  ctx.textBaseline = "middle"
  ctx.setLineDash([])
  ctx.lineJoin = "round"
  ctx.lineWidth = 4 * devicePixelRatio
  ctx.strokeStyle = paper
  ctx.textAlign = "left" // uPlot's axes leave it as they need it
  for (const group of sideBySide(named, NAME.width * devicePixelRatio)) {
    const isInside = (group[0]?.x ?? 0) < bbox.left + bbox.width - 1 // where marks of no height may follow, along the edge
    const places = apart(group.map(({ y }) => y), NAME.gap * devicePixelRatio, bbox.top + (isInside ? 3 * EDGE * devicePixelRatio : 0), bbox.top + bbox.height)
    group.forEach(({ label, color, x }, position) => {
      ctx.fillStyle = color
      if (!places) return
      const at = /** @type {const} */ ([x + NAME.after * devicePixelRatio, places[position] ?? 0])
      ctx.strokeText(label, ...at)
      ctx.fillText(label, ...at)
    })
  }
  ctx.restore()
}

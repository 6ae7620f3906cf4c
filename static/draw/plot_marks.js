/**
 * What uPlot does not draw: the step that is looked at, what was done to the run, numbers without a height, and names at the ends of curves.
 * All of it on uPlot's own canvas, after its curves, in device pixels.
 *
 * @import uPlot from "uplot"
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

const DASH = 3 // CSS pixels

/**
 * An action acts between two steps, so there its line stands. Where it is not of all curves, its dashes have the colours of those that it is of,
 * in turn, and their names stand beside its top, as far as there is room.
 * @param {uPlot} plot @param {readonly {step: number, names: readonly {label: string, color: string}[]}[]} marks in the order of their steps @param {string} color of what is of all @param {string} paper around a name
 */
export function drawActions({ ctx, bbox, valToPos }, marks, color, paper) {
  const unit = devicePixelRatio
  let free = bbox.left // where the next name may begin
  ctx.save()
  ctx.font = nameFont()
  ctx.textBaseline = "top"
  ctx.textAlign = "left"
  ctx.lineJoin = "round"
  for (const { step, names } of marks) {
    const x = Math.round(valToPos(step + 0.5, "x", true)) + 0.5
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    const colors = names.length > 0 ? names.map((name) => name.color) : [color]
    ctx.lineWidth = unit
    ctx.setLineDash([DASH * unit, (2 * colors.length - 1) * DASH * unit])
    colors.forEach((own, at) => {
      ctx.strokeStyle = own
      ctx.lineDashOffset = -2 * at * DASH * unit
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
    })
    let left = x + 3 * unit
    if (left < free) continue
    ctx.lineWidth = 4 * unit
    ctx.strokeStyle = paper
    ctx.setLineDash([])
    for (const { label, color: own } of names) {
      ctx.fillStyle = own
      ctx.strokeText(label, left, bbox.top + 2 * unit)
      ctx.fillText(label, left, bbox.top + 2 * unit)
      left += 9 * unit
    }
    free = left
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

const nameFont = () => `600 ${11 * devicePixelRatio}px 'Inter Variable', system-ui, sans-serif`
const NAME = { gap: 12, after: 5, width: 16 } // CSS pixels: between two names, behind a line's end, and as wide as one may be

/** Each curve's name behind its last point, also where that is not the last step; of those that end side by side, as far as there is room for all. @param {uPlot} plot @param {readonly {label: string, color: string}[]} curves of the plot's columns, in their order; "" is not drawn @param {string} paper around a name, so that it is read where other lines go on */
export function drawNames({ ctx, bbox, data, valToPos }, curves, paper) {
  const named = curves.flatMap((curve, position) => {
    const column = /** @type {(number | null)[]} */ (data[position + 1] ?? [])
    const last = column.findLastIndex((value) => value !== null)
    return curve.label && last >= 0 ? [{ ...curve, x: valToPos(data[0][last] ?? 0, "x", true), y: valToPos(column[last] ?? 0, "y", true) }] : []
  })
  ctx.save()
  ctx.font = nameFont()
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

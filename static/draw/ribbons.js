/**
 * The gradient flow as geometry: from the loss on the right back to the input on the left. Draws nothing.
 *
 * A column for each layer, a node for each of its strongest units and one band for the rest. A node's height is its gradient on a
 * scale that all columns share; it splits into what passed (a ribbon further back) and what was stopped (a stub with a blunt
 * end, one for the slope and a shorter one for the mask of dropout). Where a layer is normalised, a bar of its own beside the node is
 * what the normalisation makes of what passed, and the ribbons leave from there. At each end a ribbon takes its share of the node, so nothing overlaps; its own number is its `value`.
 * The numbers and the tensors that must be whole: flow_numbers.js.
 *
 * @typedef {import("../types.js").Trace} Trace
 * @typedef {import("./flow_numbers.js").FlowColumn} FlowColumn
 * @typedef {import("./flow_numbers.js").FlowNode} FlowNode
 *
 * @typedef {{y: number, h: number, value: number}} Part
 * @typedef {{text: string, x: number, y: number, anchor: "start"|"middle"|"end"}} Label y is the baseline
 *
 * @typedef {Part & {kind: "mask"|"slope", path: string, cap: string}} Stop its stub's area and its end cap as SVG paths
 * @typedef {Part & {x: number, w: number, from: number, path: string}} Norm the bar of Σ|dZ|; `from` is Σ|dN|, `path` the area between what passed and it
 *
 * @typedef {object} FlowUnit
 * @property {number|null} unit null for the band
 * @property {number} count of units: 1, or how many the band holds
 * @property {number[]} members
 * @property {number} x left edge of the node
 * @property {number} y
 * @property {number} w
 * @property {number} h
 * @property {number} value
 * @property {Part} passed
 * @property {Part} stopped
 * @property {Stop[]} stops what it was stopped by; none where nothing was
 * @property {Norm|null} norm null where the layer is not normalised
 * @property {number} amplified
 * @property {number} onward
 * @property {number} received
 * @property {boolean} nonFinite
 * @property {{x: number, y: number, w: number, h: number}} slot where a pointer means this unit, also when h is 0
 * @property {Label|null} label null where there is no room (then on hover)
 *
 * @typedef {object} FlowColumnGeometry
 * @property {number} layer
 * @property {string} name of the layer
 * @property {"dA"|"dZ"} tensor whose magnitudes the heights are
 * @property {number} x left edge of its nodes
 * @property {number} w
 * @property {number} total finite part of the sum over all units
 * @property {number} passed
 * @property {number} stopped
 * @property {number} byMask
 * @property {number} bySlope
 * @property {{from: number, to: number}|null} norm Σ|dN| and Σ|dZ|; null where the layer is not normalised
 * @property {number} amplified
 * @property {Label} heading
 * @property {FlowUnit[]} units
 *
 * @typedef {object} Ribbon
 * @property {{layer: number, unit: number|null}} from layer L + 1 is the loss
 * @property {{layer: number, unit: number|null}} to
 * @property {number} value the edge's number
 * @property {number} share of all that its target receives, 0 to 1
 * @property {number} width at its target
 * @property {number} fromWidth at its source
 * @property {string} path a closed SVG path
 * @property {boolean} nonFinite
 *
 * @typedef {object} FlowGeometry
 * @property {number} width
 * @property {number} height
 * @property {FlowColumnGeometry[]} columns layers 0..L
 * @property {Ribbon[]} ribbons weakest first, so that the strongest are drawn on top
 * @property {{x: number, y: number, w: number, h: number, value: number|string, total: number, label: Label}} loss
 * @property {{mode: "linear"|"log", max: number, unit: string, pixelsPerUnit: number|null, threshold: number|null}} scaleInfo
 */

import { formatNumber, tensorLabel } from "../lib/format.js"
import { flowNumbers } from "./flow_numbers.js"

export { unitEdges } from "./flow_numbers.js"

export const defaults = {
  strongest: 12,
  padding: 8,
  nodeWidth: 12,
  headingHeight: 20,
  fontSize: 11,
  charWidth: 6.2, // of a digit at that size, generously: labels must never be cut
  labelHeight: 12,
  wideLabelHeight: 14,
  largestGap: 18,
  gapShare: 0.5, // of the height, at most, for the gaps between nodes
  stubShare: 0.24, // of the distance of two columns
  longestStub: 46,
  maskShare: 0.55, // of a stub's length: the mask comes first on the way
  normWidth: 4,
  nonFiniteHeight: 2,
  logDecades: 5,
}

export const UNIT = "Σ|dA| over the batch"

/**
 * @param {Trace} trace
 * @param {object} options
 * @param {number} options.width
 * @param {number} options.height
 * @param {"linear"|"log"} [options.scale] in log, a node's height is logarithmic and its parts are their shares of it
 * @param {number} [options.strongest]
 * @param {number} [options.max] the largest column sum of the range of steps looked at (scaleInfo.max of each), so that
 *   heights can be compared between steps
 * @returns {{geometry: FlowGeometry, reason: null}|{geometry: null, reason: string}}
 */
export function flowGeometry(trace, { width, height, scale = "linear", strongest = defaults.strongest, max = 0 }) {
  const L = trace.layers.length - 1
  if (L < 1) return { geometry: null, reason: "the trace has no layers" }
  const frame = frameOf(width, height, L)
  if (!frame) return { geometry: null, reason: `${width} by ${height} is too small for ${L + 2} columns` }
  const numbers = flowNumbers(trace, strongest)
  if (!numbers.columns) return { geometry: null, reason: numbers.reason }

  const totals = numbers.columns.map(({ nodes }) => finiteSum(nodes, reachOf))
  const shared = Math.max(max, ...totals)
  const heights = heightScale(scale, shared, numbers.columns, frame)
  const columns = numbers.columns.map((column) => placeColumn(column, trace, frame, heights.of))
  const loss = placeLoss(trace, frame, columns[L])
  const ribbons = [
    ...numbers.columns.flatMap((column) => {
      const from = columns[column.layer + 1]
      const to = columns[column.layer]
      return from && to ? ribbonsBetween(column, from, to, frame) : []
    }),
    ...ribbonsFromLoss(loss, columns[L], L),
  ].sort((one, other) => one.width - other.width)

  return {
    geometry: {
      width, height, columns, ribbons, loss,
      scaleInfo: { mode: scale, max: shared, unit: UNIT, pixelsPerUnit: heights.pixelsPerUnit, threshold: heights.threshold },
    },
    reason: null,
  }
}

/** @typedef {{width: number, top: number, room: number, spacing: number, stub: number, nodeX: (layer: number) => number}} Frame */

/** Where columns stand; layer L + 1 is the loss. @param {number} width @param {number} height @param {number} L @returns {Frame|null} */
function frameOf(width, height, L) {
  const { padding, nodeWidth, headingHeight, labelHeight, stubShare, longestStub } = defaults
  const spacing = (width - 2 * padding - nodeWidth) / (L + 1)
  const top = headingHeight + labelHeight
  const room = height - top - padding
  if (!(spacing > 2 * nodeWidth && room > 4)) return null
  const stub = Math.min(longestStub, spacing * stubShare)
  return { width, top, room, spacing, stub, nodeX: (layer) => padding + layer * spacing }
}

/** The most that stands below one another at a node: what arrives, or what a normalisation made of it above what was stopped. @param {FlowNode} node */
const reachOf = ({ behind, value, stopped, onward }) => (behind === null ? value : Math.max(value, onward + stopped))

/** The gap between the nodes of a column. @param {number} nodes @param {number} room */
function gapOf(nodes, room) {
  return nodes > 1 ? Math.min(defaults.largestGap, (room * defaults.gapShare) / (nodes - 1)) : 0
}

/**
 * Value to height, the same for all columns: linear so that the largest column fits, or logarithmic so that the largest
 * conceivable node (the shared maximum) fits as often as the fullest column has nodes.
 * @param {"linear"|"log"} mode @param {number} max @param {FlowColumn[]} columns @param {Frame} frame
 */
function heightScale(mode, max, columns, { room }) {
  const free = Math.min(...columns.map(({ nodes }) => {
    const broken = nodes.filter(({ nonFinite }) => nonFinite).length
    const left = room - gapOf(nodes.length, room) * (nodes.length - 1) - broken * defaults.nonFiniteHeight
    return Math.max(0, left)
  }))
  if (max === 0) return { of: () => 0, pixelsPerUnit: null, threshold: null }
  if (mode === "linear") {
    return { of: (/** @type {number} */ value) => (value / max) * free, pixelsPerUnit: free / max, threshold: null }
  }
  const threshold = max * 10 ** -defaults.logDecades
  // under a normalisation, two logarithmic heights can stand below one another
  const most = Math.max(1, ...columns.map(({ nodes }) => nodes.length * (nodes.some(({ behind }) => behind !== null) ? 2 : 1)))
  const ends = Math.log1p(10 ** defaults.logDecades)
  return {
    of: (/** @type {number} */ value) => (Math.log1p((value / max) * 10 ** defaults.logDecades) / ends) * (free / most),
    pixelsPerUnit: null,
    threshold,
  }
}

/**
 * @param {FlowColumn} column @param {Trace} trace @param {Frame} frame @param {(value: number) => number} heightOf
 * @returns {FlowColumnGeometry}
 */
function placeColumn({ layer, nodes }, trace, frame, heightOf) {
  const x = frame.nodeX(layer)
  const gap = gapOf(nodes.length, frame.room)
  const heights = nodes.map((node) => {
    const h = node.nonFinite ? defaults.nonFiniteHeight : heightOf(node.value)
    const onward = node.nonFinite || node.behind === null ? null : heightOf(node.onward)
    return { h, onward, reach: onward === null ? h : Math.max(h, onward + (node.value ? (h * node.stopped) / node.value : 0)) }
  })
  const used = heights.reduce((sum, { reach }) => sum + reach, 0) + gap * Math.max(0, nodes.length - 1)
  let y = frame.top + Math.max(0, (frame.room - used) / 2)
  const units = nodes.map((node, at) => {
    const { h, onward, reach } = heights[at] ?? { h: 0, onward: null, reach: 0 }
    const unit = placeUnit(node, x, y, h, onward, reach, gap, layer, frame)
    y += reach + gap
    return unit
  })
  const tensor = trace.layers[layer]?.dA ? "dA" : "dZ"
  return {
    layer, name: trace.layers[layer]?.name ?? "", tensor, x, w: defaults.nodeWidth, units,
    total: finiteSum(nodes, (node) => node.value), passed: finiteSum(nodes, (node) => node.passed),
    stopped: finiteSum(nodes, (node) => node.stopped), byMask: finiteSum(nodes, (node) => node.byMask),
    bySlope: finiteSum(nodes, (node) => node.bySlope), amplified: finiteSum(nodes, (node) => node.amplified),
    norm: nodes.some(({ behind }) => behind !== null) ? { from: finiteSum(nodes, (node) => node.behind ?? 0), to: finiteSum(nodes, (node) => node.onward) } : null,
    heading: headingOf(layer, tensor, trace, frame),
  }
}

/**
 * @param {FlowNode} node @param {number} x @param {number} y @param {number} h @param {number|null} onward the height of Σ|dZ| behind a normalisation
 * @param {number} reach the height of all that stands here @param {number} gap @param {number} layer @param {Frame} frame
 * @returns {FlowUnit}
 */
function placeUnit(node, x, y, h, onward, reach, gap, layer, frame) {
  const split = node.nonFinite || node.value === 0 ? 1 : node.passed / node.value
  const passed = { y, h: h * split, value: node.passed }
  const stopped = { y: y + passed.h, h: h - passed.h, value: node.stopped }
  return {
    unit: node.unit, count: node.count, members: node.members, x, y, w: defaults.nodeWidth, h, value: node.value,
    passed, stopped, stops: stopsOf(node, x, stopped, Math.max(0, (onward ?? 0) - passed.h), gap, layer, frame),
    norm: onward === null ? null : normOf(node, x, passed, onward, frame),
    amplified: node.amplified, onward: node.onward, received: node.received, nonFinite: node.nonFinite,
    slot: slotOf(x, y, reach, gap, layer, frame),
    label: unitLabel(node, x, y, gap, frame),
  }
}

/**
 * From what passed, an area grows or shrinks to the bar of what the normalisation sends on. @param {FlowNode} node @param {number} x
 * @param {Part} passed @param {number} h @param {Frame} frame @returns {Norm}
 */
function normOf({ behind, onward }, x, passed, h, { stub }) {
  const w = Math.min(defaults.normWidth, stub / 4)
  const end = x - stub
  return { x: end, w, y: passed.y, h, value: onward, from: behind ?? 0, path: h > 0 || passed.h > 0 ? areaPath(x, passed.y, passed.h, end + w, passed.y, h) : "" }
}

/**
 * Stubs leave the node to the left, sink a little away from what passes, and end at a cap that is taller than themselves: that of the
 * slope, and below it that of the mask, which is shorter. They stay within the gap below the node.
 * @param {FlowNode} node @param {number} x @param {Part} part all that was stopped @param {number} sunk how far a normalisation makes them give way
 * @param {number} gap @param {number} layer @param {Frame} frame @returns {Stop[]}
 */
function stopsOf({ byMask, bySlope }, x, { y, h, value }, sunk, gap, layer, frame) {
  if (!(value > 0) || h === 0 || layer === 0) return []
  const drop = Math.min(3, gap * 0.3)
  const over = Math.min(2, gap * 0.2) // less than drop, so that the cap does not touch what passes
  const between = byMask > 0 && bySlope > 0 ? Math.min(2, gap * 0.15) : 0
  const thick = Math.min(3, frame.stub / 4)
  let top = y
  return /** @type {const} */ ([["slope", bySlope, frame.stub, drop], ["mask", byMask, frame.stub * defaults.maskShare, drop + between]]).flatMap(([kind, stopped, long, below]) => {
    if (!(stopped > 0)) return []
    const own = (h * stopped) / value
    const from = top
    top += own
    const end = x - long
    // a shorter stub has to give way where the longer one above it does: all sink over the same distance
    const path = areaPath(x, from, own, end, from + sunk + below, own)
    return [{ kind, y: from, h: own, value: stopped, path, cap: rectPath(end - thick, from + sunk + below - over, thick, own + 2 * over) }]
  })
}

/** @param {number} x @param {number} y @param {number} h @param {number} gap @param {number} layer @param {Frame} frame */
function slotOf(x, y, h, gap, layer, { stub }) {
  const left = layer === 0 ? 0 : stub
  return { x: x - left, y: y - gap / 2, w: left + defaults.nodeWidth, h: h + gap }
}

/** Above its node, where the gap is high enough. @param {FlowNode} node @param {number} x @param {number} y @param {number} gap @param {Frame} frame @returns {Label|null} */
function unitLabel(node, x, y, gap, frame) {
  if (gap > 0 && gap < defaults.labelHeight) return null
  const texts = node.unit === null ? [`+${node.count} more units`, `+${node.count} more`, `+${node.count}`] : [`${node.unit}`]
  const low = gap > 0 && gap < defaults.wideLabelHeight // a wide text would touch the stub above it
  return fitLabel(low ? texts.slice(-1) : texts, x + defaults.nodeWidth / 2, y - 2, frame)
}

/** @param {number} layer @param {"dA"|"dZ"} tensor @param {Trace} trace @param {Frame} frame @returns {Label} */
function headingOf(layer, tensor, trace, frame) {
  const { name = "", size = 0 } = trace.layers[layer] ?? {}
  const label = tensorLabel(tensor, layer)
  const texts = [`${label} · ${name} · ${size} ${size === 1 ? "unit" : "units"}`, `${label} · ${name}`, label, `${layer}`]
  const y = defaults.headingHeight - 6
  const x = frame.nodeX(layer) + defaults.nodeWidth / 2
  return fitLabel(texts, x, y, frame) ?? { text: "", x, y, anchor: "middle" }
}

/**
 * The longest text that has room beside those of the neighbouring columns and stays inside the picture.
 * @param {string[]} texts longest first @param {number} x centre @param {number} y baseline @param {Frame} frame @returns {Label|null}
 */
function fitLabel(texts, x, y, { spacing, width }) {
  for (const text of texts) {
    const long = text.length * defaults.charWidth
    const reach = (spacing - 4) / 2 // to each side of the centre
    const [left, right] = [Math.min(x, reach), Math.min(width - x, reach)]
    if (long > left + right) continue
    if (long / 2 > left) return { text, x: x - left, y, anchor: "start" }
    if (long / 2 > right) return { text, x: x + right, y, anchor: "end" }
    return { text, x, y, anchor: "middle" }
  }
  return null
}

/** @param {Trace} trace @param {Frame} frame @param {FlowColumnGeometry|undefined} output */
function placeLoss(trace, frame, output) {
  const L = trace.layers.length - 1
  const h = (output?.units ?? []).reduce((sum, unit) => sum + unit.h, 0)
  const [x, y] = [frame.nodeX(L + 1), frame.top + (frame.room - h) / 2]
  const centre = x + defaults.nodeWidth / 2
  const label = fitLabel([`loss ${formatNumber(trace.loss)}`, "loss"], centre, defaults.headingHeight - 6, frame)
    ?? { text: "", x: centre, y: defaults.headingHeight - 6, anchor: /** @type {const} */ ("middle") }
  return { x, y, w: defaults.nodeWidth, h, value: trace.loss, total: output?.total ?? 0, label }
}

/** @param {FlowColumn} column whose edges these are @param {FlowColumnGeometry} from @param {FlowColumnGeometry} to @param {Frame} frame @returns {Ribbon[]} */
function ribbonsBetween({ edges }, from, to, frame) {
  const sent = from.units.map(() => 0)
  const received = to.units.map(() => 0)
  for (const edge of edges) {
    if (!Number.isFinite(edge.value)) continue
    sent[edge.from] = (sent[edge.from] ?? 0) + edge.value
    received[edge.to] = (received[edge.to] ?? 0) + edge.value
  }
  const leaves = from.units.map(({ norm, passed }) => norm ?? passed)
  const leaving = leaves.map(({ y }) => y)
  const arriving = to.units.map(({ y }) => y)
  const right = to.x + defaults.nodeWidth
  // edges come source by source and target by target, so ribbons leave and arrive in the order of the nodes
  return edges.flatMap((edge) => {
    const source = from.units[edge.from]
    const target = to.units[edge.to]
    if (!source || !target || edge.value === 0) return []
    const nonFinite = !Number.isFinite(edge.value)
    const leavingShare = nonFinite ? 0 : edge.value / (sent[edge.from] ?? 1)
    const share = nonFinite ? 0 : edge.value / (received[edge.to] ?? 1)
    const fromWidth = nonFinite ? 0 : (leaves[edge.from]?.h ?? 0) * leavingShare
    const width = nonFinite ? 0 : target.h * share
    const [fromY, toY] = [leaving[edge.from] ?? 0, arriving[edge.to] ?? 0]
    leaving[edge.from] = fromY + fromWidth
    arriving[edge.to] = toY + width
    return [{
      from: { layer: from.layer, unit: source.unit }, to: { layer: to.layer, unit: target.unit },
      value: edge.value, share, width, fromWidth, nonFinite,
      path: ribbonPath(source.norm?.x ?? from.x, from.x - frame.stub, fromY, fromWidth, right, toY, width),
    }]
  })
}

/** @param {{x: number, y: number, total: number}} loss @param {FlowColumnGeometry|undefined} output @param {number} L @returns {Ribbon[]} */
function ribbonsFromLoss(loss, output, L) {
  let y = loss.y
  return (output?.units ?? []).flatMap((target) => {
    const fromY = y
    y += target.h
    if (target.value === 0) return []
    return [{
      from: { layer: L + 1, unit: null }, to: { layer: L, unit: target.unit }, value: target.value, share: 1,
      width: target.h, fromWidth: target.h, nonFinite: target.nonFinite,
      path: areaPath(loss.x, fromY, target.h, target.x + defaults.nodeWidth, target.y, target.h),
    }]
  })
}

/** @param {FlowNode[]} nodes @param {(node: FlowNode) => number} of */
function finiteSum(nodes, of) {
  return nodes.reduce((sum, node) => (Number.isFinite(of(node)) ? sum + of(node) : sum), 0)
}

/**
 * Straight past the stub of what was stopped, then a curve to the target.
 * @param {number} x0 @param {number} bend @param {number} y0 @param {number} h0 @param {number} x1 @param {number} y1 @param {number} h1
 */
function ribbonPath(x0, bend, y0, h0, x1, y1, h1) {
  const middle = (bend + x1) / 2
  return `M${r(x0)} ${r(y0)}H${r(bend)}C${r(middle)} ${r(y0)} ${r(middle)} ${r(y1)} ${r(x1)} ${r(y1)}V${r(y1 + h1)}`
    + `C${r(middle)} ${r(y1 + h1)} ${r(middle)} ${r(y0 + h0)} ${r(bend)} ${r(y0 + h0)}H${r(x0)}Z`
}

/** The area between two curves. @param {number} x0 @param {number} y0 @param {number} h0 @param {number} x1 @param {number} y1 @param {number} h1 */
function areaPath(x0, y0, h0, x1, y1, h1) {
  return ribbonPath(x0, x0, y0, h0, x1, y1, h1)
}

/** @param {number} x @param {number} y @param {number} w @param {number} h */
function rectPath(x, y, w, h) {
  return `M${r(x)} ${r(y)}H${r(x + w)}V${r(y + h)}H${r(x)}Z`
}

/** Hundredths of a pixel. @param {number} value */
function r(value) {
  return Math.round(value * 100) / 100
}

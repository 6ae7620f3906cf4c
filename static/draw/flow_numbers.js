/**
 * The numbers of the gradient flow, before any of them is a width.
 *
 * One measure throughout, because it adds up: the sum of magnitudes over the batch. A unit's gradient Σ|dA| splits exactly into
 *
 *     byMask  = Σ max(|dA| - |dG|, 0)            what the mask of dropout drops, where there is one; the rest is kept
 *     bySlope = Σ kept max(1 - |dZ| / |dG|, 0)   what the activation's derivative stops of that (|dG| is |dA| without a mask)
 *     passed  = what is left; stopped = byMask + bySlope
 *
 * and passed + amplified = Σ|dZ|: what a mask adds to what it keeps, or a slope above 1. Where a layer is normalised, dN is read for dZ
 * up to here: what the normalisation makes of Σ|dN| is no part of dA that stops or passes, as it mixes cells. It is `onward`, Σ|dZ|.
 *
 * An edge from unit k of layer l back to unit j of layer l-1 carries Σ_i |W[l][k,j] dZ[l][k,i]| = |W[l][k,j]| Σ|dZ[l][k]|.
 * The edges into a unit sum to `received`, which is `value` or more: terms of opposite sign cancel in dA.
 *
 * Needed whole (not as views): W[l] and dZ[l] of every layer 1..L, dA[l] of every layer 0..L-1; dA[L], dG[l] and dN[l] where there are some.
 *
 * @typedef {import("../types.js").Trace} Trace
 * @typedef {import("../types.js").Tensor} Tensor
 * @typedef {import("../types.js").Matrix} Matrix
 *
 * @typedef {object} FlowNode one unit, or all that are not shown on their own (unit null)
 * @property {number|null} unit
 * @property {number} count of units
 * @property {number[]} members
 * @property {number} value Σ|dA| (Σ|dZ| at an output layer joined with its loss)
 * @property {number} passed
 * @property {number} stopped byMask + bySlope
 * @property {number} byMask 0 without dropout
 * @property {number} bySlope
 * @property {number} amplified
 * @property {number|null} behind Σ|dN|, what the normalisation is given; null where the layer is not normalised
 * @property {number} onward Σ|dZ|, what the edges further back are made of; 0 at the input
 * @property {number} received what the edges into it sum to, before signs cancel
 * @property {boolean} nonFinite one of its numbers is NaN or infinite, and so is its sum
 *
 * @typedef {object} FlowEdge
 * @property {number} from index of a node of the column on the side of the loss
 * @property {number} to index of a node of this column
 * @property {number} value
 *
 * @typedef {object} FlowColumn
 * @property {number} layer
 * @property {FlowNode[]} nodes units by number, the rest last
 * @property {FlowEdge[]} edges into its nodes, from those of layer + 1; none at the output layer
 */

import { toMatrix } from "./heatmap.js"

/**
 * @param {Trace} trace
 * @param {number} strongest how many units a column shows on their own, 1 or more
 * @returns {{columns: FlowColumn[], reason: null}|{columns: null, reason: string}} columns of layers 0..L
 */
export function flowNumbers(trace, strongest) {
  const read = readTensors(trace)
  if (read.reason !== null) return { columns: null, reason: read.reason }
  const { W, dA, dG, dN, dZ } = read
  const L = trace.layers.length - 1

  const columns = trace.layers.map((layer, l) => {
    const units = layer.size === 0 ? [] : unitSums(/** @type {Matrix} */ (dA[l] ?? dZ[l]), dG[l] ?? null, dN[l] ?? null, dZ[l] ?? null)
    return { layer: l, nodes: collect(units, strongest), edges: /** @type {FlowEdge[]} */ ([]) }
  })
  for (let l = L; l >= 1; l--) {
    const from = /** @type {FlowColumn} */ (columns[l])
    const to = /** @type {FlowColumn} */ (columns[l - 1])
    to.edges = edgesBetween(from.nodes, to.nodes, /** @type {Matrix} */ (W[l]), /** @type {Matrix} */ (dZ[l]))
    for (const edge of to.edges) /** @type {FlowNode} */ (to.nodes[edge.to]).received += edge.value
  }
  for (const node of columns[L]?.nodes ?? []) node.received = node.value // straight from the loss
  return { columns, reason: null }
}

/**
 * All edges of one unit, strongest first: from the layer nearer to the loss, and on to the layer before.
 * @param {Trace} trace
 * @param {number} layer 0..L
 * @param {number} unit
 * @returns {{received: {layer: number, unit: number, value: number}[], sent: {layer: number, unit: number, value: number}[]}|null}
 *   null where a tensor it needs is missing or a view
 */
export function unitEdges(trace, layer, unit) {
  const read = readTensors(trace)
  if (read.reason !== null) return null
  const { W, dZ } = read
  const [W_next, dZ_next] = [W[layer + 1], dZ[layer + 1]]
  const [W_own, dZ_own] = [W[layer], dZ[layer]]
  const received = W_next && dZ_next
    ? Array.from({ length: W_next.rows }, (_, k) =>
      ({ layer: layer + 1, unit: k, value: Math.abs(W_next.data[k * W_next.cols + unit] ?? 0) * rowSum(dZ_next, k) }))
    : []
  const onward = dZ_own ? rowSum(dZ_own, unit) : 0
  const sent = W_own
    ? Array.from({ length: W_own.cols }, (_, j) =>
      ({ layer: layer - 1, unit: j, value: Math.abs(W_own.data[unit * W_own.cols + j] ?? 0) * onward }))
    : []
  return { received: received.sort(byStrength), sent: sent.sort(byStrength) }
}

/** @param {Trace} trace */
function readTensors(trace) {
  /** @type {(Matrix|undefined)[]} */ const W = []
  /** @type {(Matrix|undefined)[]} */ const dA = []
  /** @type {(Matrix|undefined)[]} */ const dG = []
  /** @type {(Matrix|undefined)[]} */ const dN = []
  /** @type {(Matrix|undefined)[]} */ const dZ = []
  const L = trace.layers.length - 1
  for (let l = 0; l <= L; l++) {
    const layer = trace.layers[l]
    const wanted = /** @type {const} */ ([["W", W, l > 0], ["dZ", dZ, l > 0], ["dA", dA, l < L], ["dG", dG, false], ["dN", dN, false]])
    for (const [name, matrices, needed] of wanted) {
      const tensor = layer?.[name]
      if (!tensor && !needed) continue
      if (!tensor) return { reason: `${name}[${l}] is not in the trace` }
      if (!tensor.values) return { reason: `${name}[${l}] came as a reduced view; its sums need every number` }
      matrices[l] = toMatrix(tensor)
    }
  }
  return { W, dA, dG, dN, dZ, reason: null }
}

/**
 * @param {Matrix} arriving dA, or dZ where the layer has no dA
 * @param {Matrix|null} masked dG
 * @param {Matrix|null} normalised dN
 * @param {Matrix|null} onward dZ; null at the input, where all that arrives is kept
 * @returns {FlowNode[]} one for each unit
 */
function unitSums(arriving, masked, normalised, onward) {
  const { rows, cols } = arriving
  const behind = normalised ?? onward // the slope
  return Array.from({ length: rows }, (_, unit) => {
    let [value, passed, byMask, bySlope, amplified] = [0, 0, 0, 0, 0]
    for (let at = unit * cols; at < (unit + 1) * cols; at++) {
      const came = Math.abs(arriving.data[at] ?? 0)
      const unmasked = masked ? Math.abs(masked.data[at] ?? 0) : came
      const kept = Math.min(came, unmasked)
      const went = behind ? Math.abs(behind.data[at] ?? 0) : came
      // of what a mask made larger, the slope's share; without one, a plain minimum, which is exact
      const left = kept === unmasked ? Math.min(kept, went) : kept * Math.min(1, went / unmasked)
      value += came
      passed += left
      byMask += came - kept
      bySlope += kept - left
      amplified += went - left
    }
    const sum = onward ? rowSum(onward, unit) : 0
    return {
      unit, count: 1, members: [unit], value, passed, stopped: byMask + bySlope, byMask, bySlope, amplified,
      behind: normalised ? rowSum(normalised, unit) : null, onward: sum, received: 0,
      nonFinite: !Number.isFinite(value + sum + passed),
    }
  })
}

/**
 * The strongest as they are, in the order of their numbers; the others as one band.
 * What is not finite counts as strongest: it must not vanish in a band.
 * @param {FlowNode[]} units
 * @param {number} strongest
 * @returns {FlowNode[]}
 */
function collect(units, strongest) {
  if (units.length <= strongest) return units
  const ranked = [...units].sort((one, other) =>
    Number(other.nonFinite) - Number(one.nonFinite) || (one.nonFinite ? 0 : other.value - one.value)
    || /** @type {number} */ (one.unit) - /** @type {number} */ (other.unit))
  const shown = ranked.slice(0, strongest).sort((one, other) => (one.unit ?? 0) - (other.unit ?? 0))
  const rest = ranked.slice(strongest)
  const sum = (/** @type {(node: FlowNode) => number} */ of) => rest.reduce((total, node) => total + of(node), 0)
  const band = {
    unit: null, count: rest.length, members: rest.flatMap(({ members }) => members).sort((one, other) => one - other),
    value: sum((node) => node.value), passed: sum((node) => node.passed), stopped: sum((node) => node.stopped),
    byMask: sum((node) => node.byMask), bySlope: sum((node) => node.bySlope),
    behind: rest[0]?.behind === null ? null : sum((node) => node.behind ?? 0), amplified: sum((node) => node.amplified), onward: sum((node) => node.onward), received: 0, nonFinite: false,
  }
  band.nonFinite = !Number.isFinite(band.value + band.onward)
  return [...shown, band]
}

/**
 * @param {FlowNode[]} from of layer l
 * @param {FlowNode[]} to of layer l-1
 * @param {Matrix} W of layer l, (n_l, n_{l-1})
 * @param {Matrix} dZ of layer l
 * @returns {FlowEdge[]}
 */
function edgesBetween(from, to, W, dZ) {
  const column = new Int32Array(W.cols) // unit of layer l-1 -> its node
  to.forEach(({ members }, at) => members.forEach((unit) => { column[unit] = at }))
  return from.flatMap((node, at) => {
    const values = new Float64Array(to.length)
    for (const k of node.members) {
      const onward = rowSum(dZ, k)
      for (let j = 0; j < W.cols; j++) {
        const target = column[j] ?? 0
        values[target] = (values[target] ?? 0) + Math.abs(W.data[k * W.cols + j] ?? 0) * onward
      }
    }
    return Array.from(values, (value, target) => ({ from: at, to: target, value }))
  })
}

/** Σ|row|. @param {Matrix} matrix @param {number} row */
function rowSum({ data, cols }, row) {
  let sum = 0
  for (let at = row * cols; at < (row + 1) * cols; at++) sum += Math.abs(data[at] ?? 0)
  return sum
}

/** @param {{value: number}} one @param {{value: number}} other */
function byStrength(one, other) {
  return other.value - one.value
}

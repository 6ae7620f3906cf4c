/**
 * A trace as its derivation: the ordered phases, and which cells a cell was computed from. Pure.
 *
 * @typedef {import("./types.js").Trace} Trace
 * @typedef {import("./types.js").LayerTrace} LayerTrace
 * @typedef {import("./types.js").Phase} Phase
 * @typedef {import("./types.js").Cell} Cell
 * @typedef {import("./types.js").Region} Region
 * @typedef {import("./types.js").TensorName} TensorName
 * @typedef {import("./types.js").TensorAt} TensorAt
 * @typedef {import("./types.js").EquationAt} EquationAt
 */

import { formatShape } from "./lib/format.js"

/** @type {Record<string, TensorName|undefined>} */
const TWINS = { A: "dA", dA: "A", Z: "dZ", dZ: "Z", W: "dW", dW: "W", b: "db", db: "b" }

/**
 * The phases in the order in which the derivation is written: forward for l = 1..L, the loss, then for l = L..1
 * dZ, dW, db and the dA of the layer before; at last the update, where the trace has one.
 * @param {Trace} trace
 * @param {{output?: string, loss?: string, optimizer?: string, layer?: string}} [names] of the session's
 *   ingredients in the catalogue; a trace names its activations only. `output` is the pair of activation and loss.
 * @returns {Phase[]}
 */
export function phasesOf(trace, names = {}) {
  const { output = "softmax_cross_entropy", loss = "cross_entropy", optimizer = "sgd", layer: kind = "dense" } = names
  const L = trace.layers.length - 1
  const joined = !trace.layers[L]?.dA // activation and loss are differentiated together
  /** @type {Phase[]} */
  const phases = []

  for (let l = 1; l <= L; l++) {
    phases.push(phase("Z", l, "forward", { from: "layers", name: kind, tensor: "Z", layer: l },
      [at("W", l), at("A", l - 1), at("b", l)]))
    phases.push(phase("A", l, "forward", l === L && joined
      ? { from: "outputs", name: output, tensor: "A", layer: l }
      : { from: "activations", name: activationOf(trace, l), tensor: "A", layer: l }, [at("Z", l)]))
  }

  phases.push({
    key: "loss", name: "loss", layer: L, lane: "loss",
    equation: joined
      ? { from: "outputs", name: output, tensor: "loss", layer: L }
      : { from: "losses", name: loss, tensor: "loss", layer: L },
    reads: [at("A", L), at("Y", L)], writes: [at("loss", L)],
  })
  if (!joined) {
    phases.push(phase("dA", L, "backward", { from: "losses", name: loss, tensor: "dA", layer: L },
      [at("A", L), at("Y", L)]))
  }

  for (let l = L; l >= 1; l--) {
    phases.push(l === L && joined
      ? phase("dZ", l, "backward", { from: "outputs", name: output, tensor: "dZ", layer: l }, [at("A", l), at("Y", l)])
      : phase("dZ", l, "backward", { from: "activations", name: activationOf(trace, l), tensor: "dZ", layer: l },
        [at("dA", l), at("Z", l)]))
    phases.push(phase("dW", l, "backward", { from: "layers", name: kind, tensor: "dW", layer: l },
      [at("dZ", l), at("A", l - 1)]))
    phases.push(phase("db", l, "backward", { from: "layers", name: kind, tensor: "db", layer: l }, [at("dZ", l)]))
    phases.push(phase("dA", l - 1, "backward", { from: "layers", name: kind, tensor: "dA_prev", layer: l },
      [at("W", l), at("dZ", l)]))
  }

  const updated = trace.layers.filter((layer) => layer.W_next)
  if (updated.length > 0) {
    phases.push({
      key: "update", name: "update", layer: 0, lane: "update",
      equation: { from: "optimizers", name: optimizer, tensor: "W_next", layer: 1 },
      reads: updated.flatMap(({ index }) => [at("W", index), at("dW", index), at("b", index), at("db", index)]),
      writes: updated.flatMap(({ index }) => [at("W_next", index), at("b_next", index)]),
    })
  }
  return phases
}

/**
 * The same cell in the other lane: a tensor's cell and its gradient's. Null where there is none.
 * @param {Cell} cell
 * @param {Trace} [trace] with it, the twin is only named if the trace has that tensor (dA[L] may be null)
 * @returns {Cell|null}
 */
export function twinOf(cell, trace) {
  const tensor = TWINS[cell.tensor]
  if (!tensor) return null
  if (trace && !trace.layers[cell.layer]?.[/** @type {"A"} */ (tensor)]) return null
  return { ...cell, tensor }
}

/**
 * What a cell was computed from, as cells, rows and columns of other tensors (for lighting them).
 * Empty for what a step is given: the batch, the targets and the parameters.
 * @param {Cell} cell
 * @param {Trace} trace
 * @returns {Region[]}
 */
export function sourcesOf(cell, trace) {
  const { tensor, layer: l, row: j, col: i } = cell
  const L = trace.layers.length - 1
  const joined = !trace.layers[L]?.dA
  switch (tensor) {
    case "Z": return [region("W", l, j, null), region("A", l - 1, null, i), region("b", l, j, 0)]
    case "A":
      if (l === 0) return []
      return [region("Z", l, mixesUnits(trace, l) ? null : j, i)]
    case "loss": return [region("A", L, null, null), region("Y", L, null, null)]
    case "dA":
      if (l === L) return joined ? [] : [region("A", L, j, i), region("Y", L, j, i)]
      return [region("W", l + 1, null, j), region("dZ", l + 1, null, i)]
    case "dZ":
      if (l === L && joined) return [region("A", L, j, i), region("Y", L, j, i)]
      return [region("dA", l, j, i), region("Z", l, j, i)]
    case "dW": return [region("dZ", l, j, null), region("A", l - 1, i, null)] // its column counts units of layer l-1
    case "db": return [region("dZ", l, j, null)]
    case "W_next": return [region("W", l, j, i), region("dW", l, j, i)]
    case "b_next": return [region("b", l, j, i), region("db", l, j, i)]
    default: return []
  }
}

/**
 * The phase's equation with shapes in the place of letters: "(32×64)·(64×24) + (32×1) = (32×24)".
 * @param {Phase} phase
 * @param {Trace} trace
 * @returns {string}
 */
export function shapeEquation(phase, trace) {
  const m = trace.batch.size
  const n = (/** @type {number} */ l) => trace.layers[l]?.size ?? 0
  const shape = (/** @type {number} */ rows, /** @type {number} */ cols) => `(${formatShape([rows, cols])})`
  const l = phase.layer
  const column = shape(n(l), m)
  switch (phase.name) {
    case "Z": return `${shape(n(l), n(l - 1))}·${shape(n(l - 1), m)} + ${shape(n(l), 1)} = ${column}`
    case "A": return `${column} → ${column}`
    case "loss": return `${column}, ${column} → 1`
    case "dZ":
      return phase.equation.from === "outputs" ? `${column} − ${column} = ${column}` : `${column} ⊙ ${column} = ${column}`
    case "dW": return `${column}·${shape(m, n(l - 1))} = ${shape(n(l), n(l - 1))}`
    case "db": return `${column} → ${shape(n(l), 1)}`
    case "dA":
      return phase.equation.from === "losses"
        ? `${column}, ${column} → ${column}`
        : `${shape(n(l), n(l + 1))}·${shape(n(l + 1), m)} = ${column}`
    case "update":
      return phase.writes.filter(({ tensor }) => tensor === "W_next")
        .map(({ layer }) => `${shape(n(layer), n(layer - 1))} − η·${shape(n(layer), n(layer - 1))}`).join(", ")
    default: return ""
  }
}


/** Softmax reads its whole column; every other activation reads its own cell. @param {Trace} trace @param {number} l */
function mixesUnits(trace, l) {
  return trace.layers[l]?.activation === "softmax"
}

/** @param {Trace} trace @param {number} l */
function activationOf(trace, l) {
  return trace.layers[l]?.activation ?? "identity"
}

/** @param {TensorName} tensor @param {number} layer @returns {TensorAt} */
function at(tensor, layer) {
  return { tensor, layer }
}

/** @param {TensorName} tensor @param {number} layer @param {number|null} row @param {number|null} col @returns {Region} */
function region(tensor, layer, row, col) {
  return { tensor, layer, row, col }
}

/**
 * @param {TensorName} name @param {number} layer @param {"forward"|"backward"} lane
 * @param {EquationAt} equation @param {TensorAt[]} reads
 * @returns {Phase}
 */
function phase(name, layer, lane, equation, reads) {
  return { key: `${name}${layer}`, name, layer, lane, equation, reads, writes: [at(name, layer)] }
}

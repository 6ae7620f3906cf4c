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
 * @typedef {import("./types.js").SessionPhase} SessionPhase
 */

/** @type {Record<string, TensorName|undefined>} */
const TWINS = { A: "dA", dA: "A", Z: "dZ", dZ: "Z", W: "dW", dW: "W", b: "db", db: "b" }

/**
 * The phases as they are played, from those that the session tells: each example's loss and their mean are one, and so is the update.
 * @param {SessionPhase[]} told in the order of the derivation
 * @param {Trace} trace without an update there is no phase for it
 * @returns {Phase[]}
 */
export function phasesOf(told, trace) {
  /** @type {Phase[]} */
  const phases = []
  const hasUpdate = trace.layers.some((layer) => layer.W_next)
  for (const part of told) {
    if (part.lane === "update" && !hasUpdate) continue
    const isJoined = part.lane === "update" || part.tensor === "losses" || part.tensor === "loss"
    const name = part.lane === "update" ? "update" : isJoined ? "loss" : part.tensor
    const before = phases.at(-1)
    if (isJoined && before?.name === name) {
      before.parts.push(part)
      before.writes.push(at(part.tensor, part.layer))
      before.reads.push(...part.reads.filter((read) => !before.writes.some((own) => own.tensor === read.tensor)))
      continue
    }
    phases.push({
      key: isJoined ? name : part.key, name, layer: part.lane === "update" ? 0 : part.layer, lane: part.lane,
      parts: [part], reads: [...part.reads], writes: [at(part.tensor, part.layer)],
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
    case "losses": return [region("A", L, null, i), region("Y", L, null, i)]
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

/** Softmax reads its whole column; every other activation reads its own cell. @param {Trace} trace @param {number} l */
function mixesUnits(trace, l) {
  return trace.layers[l]?.activation === "softmax"
}

/** @param {TensorName} tensor @param {number} layer @returns {TensorAt} */
function at(tensor, layer) {
  return { tensor, layer }
}

/** @param {TensorName} tensor @param {number} layer @param {number|null} row @param {number|null} col @returns {Region} */
function region(tensor, layer, row, col) {
  return { tensor, layer, row, col }
}

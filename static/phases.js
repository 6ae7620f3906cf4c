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
import { isOfUpdate, partsOf } from "./lib/tensor_names.js"
import { updateParts } from "./lib/update_phases.js"
import { tensorOf } from "./tensors.js"

/**
 * The phases as they are played, from those that the session tells: each example's loss and their mean are one, and so is each kind of tensor
 * that the update makes, in all layers.
 * @param {SessionPhase[]} told in the order of the derivation
 * @param {Trace} trace without an update there is no phase for it
 * @returns {Phase[]}
 */
export function phasesOf(told, trace) {
  const pass = told.filter(({ lane }) => lane === "forward" || lane === "backward").map((part) => phaseOf(part.layer, [part]))
  const loss = told.filter(({ lane }) => lane === "loss")
  const forward = pass.filter(({ lane }) => lane === "forward")
  const hasUpdate = trace.layers.some((layer) => layer.W_next)
  return [
    ...forward,
    ...(loss[0] ? [{ ...phaseOf(loss[0].layer, loss), key: "loss", name: "loss" }] : []),
    ...pass.slice(forward.length),
    ...(hasUpdate ? updateParts(told.filter(({ lane }) => lane === "update")) : []).map((parts) => phaseOf(0, parts)),
  ]
}

/** One phase of several equations; what these hand to each other it does not read. @param {number} layer @param {SessionPhase[]} parts one or more @returns {Phase} */
function phaseOf(layer, parts) {
  const { key, tensor, lane } = /** @type {SessionPhase} */ (parts[0])
  const writes = parts.map((part) => at(part.tensor, part.layer))
  const reads = parts.flatMap((part) => part.reads).filter((read) => !writes.some((own) => own.tensor === read.tensor && own.layer === read.layer))
  return { key, name: tensor, layer, lane, parts, reads, writes }
}

/**
 * The same cell in the other lane: a tensor's cell and its gradient's. Null where there is none.
 * @param {Cell} cell
 * @param {Trace} [trace] with it, the twin is only named if the trace has that tensor (dA[L] may be null)
 * @returns {Cell|null}
 */
export function twinOf(cell, trace) {
  const parts = partsOf(cell.tensor)
  if (!parts || parts.isNext || parts.letter === "D" || (parts.mark !== "" && parts.mark !== "d")) return null
  const tensor = parts.mark === "d" ? parts.letter : `d${parts.letter}`
  if (trace && !trace.layers[cell.layer]?.[/** @type {"A"} */ (tensor)]) return null
  return { ...cell, tensor }
}

/**
 * What a cell was computed from, as cells, rows and columns of other tensors (for lighting them).
 * Empty for what a step is given: the batch, the targets and the parameters.
 * @param {Cell} cell
 * @param {Trace} trace
 * @param {readonly SessionPhase[]} [told] by the session: what an update reads, its optimizer's equation says
 * @returns {Region[]}
 */
export function sourcesOf(cell, trace, told = []) {
  const { tensor, layer: l, row: j, col: i } = cell
  if (isOfUpdate(tensor)) return sourcesOfUpdate(cell, trace, told)
  const normalised = Boolean(trace.layers[l]?.N)
  const dropped = Boolean(trace.layers[l]?.D)
  if (normalised && (NORMALISATION.includes(tensor) || tensor === "dZ")) return sourcesOfNormalised(cell, trace)
  const L = trace.layers.length - 1
  const joined = !trace.layers[L]?.dA
  switch (tensor) {
    case "Z": return [region("W", l, j, null), region("A", l - 1, null, i), region("b", l, j, 0)]
    case "A":
      if (l === 0) return []
      if (dropped) return [region("D", l, j, i), region("G", l, j, i)]
      return [region(normalised ? "N" : "Z", l, mixesUnits(trace, l) ? null : j, i)]
    case "G": return [region(normalised ? "N" : "Z", l, j, i)]
    case "dG": return [region("D", l, j, i), region("dA", l, j, i)]
    case "dN": return [region(dropped ? "dG" : "dA", l, j, i), region("N", l, j, i)]
    case "loss": return [region("A", L, null, null), region("Y", L, null, null)]
    case "losses": return [region("A", L, null, i), region("Y", L, null, i)]
    case "dA":
      if (l === L) return joined ? [] : [region("A", L, j, i), region("Y", L, j, i)]
      return [region("W", l + 1, null, j), region("dZ", l + 1, null, i)]
    case "dZ":
      if (l === L && joined) return [region("A", L, j, i), region("Y", L, j, i)]
      return [region(dropped ? "dG" : "dA", l, j, i), region("Z", l, j, i)]
    case "dW": return [region("dZ", l, j, null), region("A", l - 1, i, null)] // its column counts units of layer l-1
    case "db": return [region("dZ", l, j, null)]
    default: return []
  }
}

const NORMALISATION = ["M", "V", "Zhat", "N", "dgamma", "dbeta", "dZhat", "dV", "dM"]

/** What a normalisation read for a cell. @param {Cell} cell @param {Trace} trace @returns {Region[]} */
function sourcesOfNormalised({ tensor, layer: l, row: j, col: i }, trace) {
  const perUnit = Boolean(trace.layers[l]?.rM) // a mean of each unit over the batch; else of each example over the units
  const own = (/** @type {string} */ name) => region(name, l, j, i)
  const line = (/** @type {string} */ name) => (perUnit ? region(name, l, j, null) : region(name, l, null, i))
  const one = (/** @type {string} */ name) => (perUnit ? region(name, l, j, 0) : region(name, l, 0, i))
  const ofUnit = (/** @type {string} */ name) => region(name, l, j, 0)
  switch (tensor) {
    case "M": return [line("Z")]
    case "V": return [line("Z"), one("M")]
    case "Zhat": return [own("Z"), one("M"), one("V")]
    case "N": return [ofUnit("gamma"), own("Zhat"), ofUnit("beta")]
    case "dgamma": return [region("dN", l, j, null), region("Zhat", l, j, null)]
    case "dbeta": return [region("dN", l, j, null)]
    case "dZhat": return [ofUnit("gamma"), own("dN")]
    case "dV": return [line("dZhat"), line("Z"), one("M"), one("V")]
    case "dM": return [line("dZhat"), one("V")]
    default: return [own("dZhat"), one("V"), one("dV"), own("Z"), one("M"), one("dM")]
  }
}

/** An update works cell by cell: what its equation reads, at the same place; a count has one number for all of them.
 * @param {Cell} cell @param {Trace} trace @param {readonly SessionPhase[]} told @returns {Region[]} */
function sourcesOfUpdate({ tensor, layer, row, col }, trace, told) {
  const reads = told.find((phase) => phase.tensor === tensor && phase.layer === layer)?.reads ?? []
  return reads.map((read) => {
    const [rows = 1, cols = 1] = tensorOf(trace, read.tensor, read.layer)?.shape ?? []
    return region(read.tensor, read.layer, Math.min(row, rows - 1), Math.min(col, cols - 1))
  })
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

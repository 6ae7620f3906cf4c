/**
 * What the gradient flow says, in words: for the line below it, for ears, and for a flow of nothing.
 *
 * @import { Trace } from "../types.js"
 * @import { FlowColumnGeometry, FlowGeometry, FlowUnit } from "../draw/ribbons.js"
 */
import { unitEdges } from "../draw/flow_numbers.js"
import { formatNumber } from "./format.js"

/** @param {number} part @param {number} whole @returns {string} 39 %; "under 1 %" where rounding would say none of something */
export function percent(part, whole) {
  if (!(whole > 0)) return "0 %"
  const share = (100 * part) / whole
  if (share > 0 && share < 1) return "under 1 %"
  if (share < 100 && share > 99) return "over 99 %"
  return `${Math.round(share)} %`
}

/** @param {Trace} trace @param {number} layer */
const nameOf = (trace, layer) => {
  if (layer === 0) return "the input"
  return layer === trace.layers.length - 1 ? "the output layer" : (trace.layers[layer]?.name ?? `layer ${layer}`)
}

/** @param {Trace} trace @param {number} layer */
const activationOf = (trace, layer) => (trace.layers[layer]?.activation === "relu" ? "ReLU" : (trace.layers[layer]?.activation ?? "the activation"))

/** Whether a unit of a column has a number that is NaN or infinite: then no sum says how much reaches it. @param {FlowColumnGeometry} column */
export const isBroken = ({ units }) => units.some(({ nonFinite }) => nonFinite)

/** What of a column is summed, or that it can't be. @param {FlowColumnGeometry} column @param {number} value @param {number} [digits] */
export const sumOf = (column, value, digits) => (isBroken(column) ? "not finite" : formatNumber(value, digits))

/** The whole flow in a sentence or two. @param {Trace} trace @param {FlowGeometry} geometry @returns {string} */
export function summaryOf(trace, { columns }) {
  const hidden = columns.slice(1, -1).reverse()
  const parts = hidden.length > 3 && hidden.every((column) => column.total > 0 && !isBroken(column)) ? [rangeOf(trace, hidden)] : hidden.map((column) =>
    isBroken(column) ? `what reaches ${nameOf(trace, column.layer)} is not finite` : column.total > 0 ? `of what reaches ${nameOf(trace, column.layer)}, ${layerWords(trace, column)}` : `nothing reaches ${nameOf(trace, column.layer)}`,
  )
  const [input, output] = [columns[0], columns.at(-1)]
  // apart from its loss, an output's activation stops as any other: often the most of all
  if (output?.tensor === "dA" && output.bySlope > 0 && !isBroken(output)) parts.unshift(`of what reaches ${nameOf(trace, output.layer)}, ${layerWords(trace, output)}`)
  const start = `${output && isBroken(output) ? "what is not finite" : formatNumber(output?.total)} leaves the loss`
  const end = `${input && isBroken(input) ? "what is not finite" : input?.total ? formatNumber(input.total) : "nothing"} arrives at the input`
  return `${[start, ...parts, end].join("; ")}. Sums of magnitudes over the batch of ${trace.batch.size}.`
}

/** What mask, slope and normalisation do to what reaches a layer. @param {Trace} trace @param {FlowColumnGeometry} column */
function layerWords(trace, { layer, total, byMask, bySlope, norm }) {
  const stopped = `${percent(bySlope, total)} is stopped by ${activationOf(trace, layer)}`
  const dropped = trace.layers[layer]?.dG ? `${percent(byMask, total)} is dropped by the mask, ` : ""
  return `${dropped}${stopped}${norm ? `, and the normalisation makes ${formatNumber(norm.from, 3)} into ${formatNumber(norm.to, 3)}` : ""}`
}

/** Of many layers, the two ends. @param {Trace} trace @param {FlowColumnGeometry[]} hidden @returns {string} */
function rangeOf(trace, hidden) {
  const ranked = [...hidden].sort((one, other) => one.stopped / one.total - other.stopped / other.total)
  const end = (/** @type {FlowColumnGeometry | undefined} */ column) => (column ? `${percent(column.stopped, column.total)} (${nameOf(trace, column.layer)})` : "")
  return `the ${hidden.length} hidden layers ${trace.layers.some(({ dG }) => dG) ? "drop or stop" : "stop"} from ${end(ranked[0])} to ${end(ranked.at(-1))} of what reaches them`
}

/** One unit's numbers. @param {Trace} trace @param {FlowColumnGeometry} column @param {FlowUnit} unit @returns {string} */
export function unitWords(trace, column, unit) {
  const { layer } = column
  const what = layer === 0 ? ["Feature", "features"] : ["Unit", "units"]
  const who = unit.unit === null ? `${unit.count} more ${what[1]} of ${nameOf(trace, layer)} together` : `${what[0]} ${unit.unit} of ${nameOf(trace, layer)}`
  const said = [`${who}: Σ|${column.tensor}| ${formatNumber(unit.value)}`]
  if (layer > 0 && column.tensor === "dA") {
    said.push(`${formatNumber(unit.passed.value)} passes`)
    const isMasked = Boolean(trace.layers[layer]?.dG)
    const by = (/** @type {"mask" | "slope"} */ kind) => unit.stops.find((stop) => stop.kind === kind)?.value ?? 0
    const share = (/** @type {number} */ value) => `${formatNumber(value)} (${percent(value, unit.value)})`
    if (isMasked) said.push(`${share(by("mask"))} is dropped by the mask`)
    said.push(`${share(isMasked ? by("slope") : unit.stopped.value)} is stopped by ${activationOf(trace, layer)}`)
    if (unit.amplified > 0) said.push(`${formatNumber(unit.amplified)} is added${isMasked ? ", as the mask makes larger what it keeps" : ""}`)
    if (unit.norm) said.push(`the normalisation makes Σ|dN| ${formatNumber(unit.norm.from)} into Σ|dZ| ${formatNumber(unit.norm.value)}`)
  }
  const source = unit.unit === null ? null : unitEdges(trace, layer, unit.unit)?.received[0]
  if (source && source.value > 0) said.push(`most comes from unit ${source.unit} of ${nameOf(trace, source.layer)} (${formatNumber(source.value)})`)
  return `${said.join("; ")}.`
}

/**
 * Why nothing flows back beyond some layer; null where something reaches every layer.
 * @param {Trace} trace @param {FlowGeometry} geometry @returns {string|null}
 */
export function whyNothing(trace, { columns }) {
  const dry = [...columns].reverse().find(({ total, units }) => total === 0 && units.every(({ nonFinite }) => !nonFinite))
  if (!dry) return null
  const last = trace.layers.length - 1
  if (dry.layer === last) return "The loss sends nothing back: every prediction of this batch equals its target to the last digit."
  const next = trace.layers[dry.layer + 1]
  if (next?.dZ && isZero(next.dZ)) {
    const open = openCells(next)
    return open === 0
      ? `Nothing passes ${nameOf(trace, dry.layer + 1)}: its ${next.D ? "mask and its activation stop" : "activation stops"} all of its units for every example of this batch.`
      : `Nothing passes ${nameOf(trace, dry.layer + 1)}: wherever a unit of it is not stopped, the gradient that reaches it is exactly 0${open === null ? "" : ` (${open} of ${next.dZ.shape[0] * next.dZ.shape[1]} cells)`}.`
  }
  if (next?.W && isZero(next.W)) return `Nothing leaves ${nameOf(trace, dry.layer + 1)} towards the input: every weight of W[${dry.layer + 1}] is exactly 0, and dA[${dry.layer}] = Wᵀ dZ.`
  return `Nothing reaches ${nameOf(trace, dry.layer)}: what the units after it send cancels to 0.`
}

/**
 * Why no ribbon has a width although something flows: its numbers are not finite. Null where some are.
 * @param {Trace} trace @param {FlowGeometry} geometry @returns {string|null}
 */
export function whyBroken(trace, { columns, scaleInfo }) {
  const broken = columns.filter(isBroken)
  if (scaleInfo.max > 0 || broken.length === 0) return null
  const names = broken.length === columns.length ? "every layer" : broken.map(({ layer }) => nameOf(trace, layer)).reverse().join(", ")
  return `What reaches ${names} is NaN or infinite, and a ribbon's width is a finite number. Health says what broke first, and in which step.`
}

/** Cells of a layer whose mask and activation let a gradient pass; null where that can't be told from here. @param {import("../types.js").LayerTrace} layer */
function openCells({ activation, Z, N, D }) {
  const entered = N ?? Z
  if (activation !== "relu" || !entered?.values || (D && !D.values)) return null
  const kept = D?.values?.flat()
  return entered.values.flat().filter((value, at) => Number(value) > 0 && (!kept || Number(kept[at]) > 0)).length
}

/** @param {import("../types.js").Tensor} tensor */
const isZero = ({ shape, stats }) => stats.zeros === shape[0] * shape[1]

/**
 * How tensors are written: their kind (which is their colour), and an equation of the register set for one layer.
 *
 * @import { Cell } from "../types.js"
 */

/** @typedef {"forward" | "parameter" | "backward"} Kind */

/** @param {string} tensor @returns {Kind} */
export function kindOf(tensor) {
  if (tensor.startsWith("d")) return "backward"
  return /^\\?([Wb]|gamma|beta)/.test(tensor) ? "parameter" : "forward"
}

/** A tensor's letter as it is read: γ for gamma, Ẑ for Zhat. @param {string} tensor */
export const letterOf = (tensor) => tensor.replace("_next", "′").replace("gamma", "γ").replace("beta", "β").replace("Zhat", "Ẑ")

/** What a dropout or a normalisation puts between dA and dZ of a hidden layer. @param {readonly {tensor: string, layer: number}[]} phases @param {number} layer */
export const stopsBetween = (phases, layer) => phases.filter((one) => one.layer === layer && /^d(G|N|Zhat|V|M)$/.test(one.tensor))

/**
 * LaTeX with its tensors in the colours of their kinds, for KaTeX with `trust`.
 * @param {string | null} tensor whose LaTeX it is; null marks every tensor in it
 * @param {string} latex
 * @returns {string}
 */
export function mark(tensor, latex) {
  // in braces of its own, so that what stands beside it keeps its distance
  if (tensor !== null) return `{\\htmlClass{${kindOf(tensor)}}{${latex}}}`
  return latex.replace(SYMBOL, (_, name, above, below = "") => mark(name, name + above + below))
}

/** A tensor in LaTeX: its letter, its layer above and, where there is one, its cell below. */
const SYMBOL = /(?<![A-Za-z\\])(d?(?:[AZWbDGNMV]|\\hat\{Z\}|\\gamma|\\beta)|r[MV])(\^\{(?:[^{}]|\{[^{}]*\})*\})(_\{[^{}]*\})?/g

/**
 * A matrix form with the shape of each tensor under it: W^{[1]} with (32 by 64) below.
 * @param {string} latex with layers as numbers
 * @param {(tensor: string, layer: number) => readonly [number, number] | null} shapeOf
 */
export function withShapes(latex, shapeOf) {
  const under = (/** @type {string} */ symbol, /** @type {readonly [number, number] | null} */ shape) =>
    shape ? `\\underset{\\scriptstyle\\;\\; ${shape[0]} \\times ${shape[1]}\\;\\;}{${symbol}}` : symbol
  return latex
    .replace(SYMBOL, (_, name, above, below = "") => {
      const layer = below ? undefined : /\[(\d+)\]/.exec(above)?.[1] // one number of a tensor has no shape
      const isColumn = above.includes("(i)")
      const shape = layer === undefined ? null : shapeOf(name.replace("\\hat{Z}", "Zhat").replace("\\", ""), Number(layer))
      // a transposed tensor has its shape the other way round, a single example one column
      const shown = shape && (above.includes("\\top") ? /** @type {const} */ ([shape[1], shape[0]]) : isColumn ? /** @type {const} */ ([shape[0], 1]) : shape)
      return under(mark(name, name + above + below), shown)
    })
    .replace(/(?<![A-Za-z\\{])Y(?![A-Za-z_])/g, () => under("Y", shapeOf("Y", 0)))
}

/**
 * What the number in a cell is, in words. Units and examples are counted from 0, as in the API.
 *
 * @param {Cell} cell @param {number} last L @param {number | null} [alone] the one example that is looked at alone
 */
export function describeCell({ tensor, layer, row, col: column }, last, alone = null) {
  const hasExample = /^(d?[AZ]|Y|losses)$/.test(tensor)
  const col = hasExample && alone !== null ? alone : column
  const loss = alone === null ? "the mean loss" : `the loss of example ${alone} alone`
  const isInput = layer === 0
  const unit = isInput ? `Feature ${row}` : `Unit ${row} of ${layer === last ? "the output layer" : `layer ${layer}`}`
  const from = layer === 1 ? `feature ${col}` : `unit ${col} of layer ${layer - 1}`
  switch (tensor) {
    case "A":
      return isInput ? `${unit} of example ${col}.` : `What ${lower(unit)} passes on for example ${col}.`
    case "Z":
      return `${unit} on example ${col}, before its activation.`
    case "W":
      return `The weight from ${from} to ${lower(unit)}.`
    case "b":
      return `The bias of ${lower(unit)}.`
    case "dA":
      return `How the loss of example ${col} changes with ${isInput ? lower(unit) : `what ${lower(unit)} passes on`}.`
    case "dZ":
      return `How the loss of example ${col} changes with ${lower(unit)} before its activation.`
    case "dW":
      return `How ${loss} changes with the weight from ${from} to ${lower(unit)}.`
    case "db":
      return `How ${loss} changes with the bias of ${lower(unit)}.`
    case "W_next":
      return `The weight from ${from} to ${lower(unit)} after this step's update.`
    case "b_next":
      return `The bias of ${lower(unit)} after this step's update.`
    case "M":
    case "V":
    case "rM":
    case "rV":
    case "rM_next":
    case "rV_next":
      return `The ${tensor.startsWith("r") ? "running " : ""}${tensor.includes("M") ? "mean" : "variance"} of ${layer === last ? "the output layer" : `layer ${layer}`}'s Z${tensor.endsWith("_next") ? " after this step" : ""}.`
    case "Zhat":
      return `${unit} on example ${col}, moved to mean 0 and variance 1.`
    case "N":
      return `${unit} on example ${col}, normalised, scaled and shifted: what its activation reads.`
    case "D":
      return `The mask on ${lower(unit)} for example ${col}: 0 where it was dropped.`
    case "G":
      return `${unit} on example ${col} behind its activation, before the mask.`
    case "dG":
    case "dN":
    case "dZhat":
      return `How the loss of example ${col} changes with ${lower(unit)} ${tensor === "dG" ? "before the mask" : tensor === "dN" ? "before its activation" : "normalised, before scale and shift"}.`
    case "dgamma":
      return `How ${loss} changes with the scale gamma of ${lower(unit)}.`
    case "dbeta":
      return `How ${loss} changes with the shift beta of ${lower(unit)}.`
    case "dV":
    case "dM":
      return `How the losses of the batch change with this ${tensor === "dM" ? "mean" : "variance"}.`
    case "Y":
      return `The target of unit ${row} for example ${col}.`
    case "losses":
      return `The loss of example ${col}, in nats.`
    case "loss":
      return alone === null ? "The mean of the losses of the batch, in nats." : `The loss of example ${alone}, in nats.`
    default:
      return ""
  }
}

/** @param {string} text */
const lower = (text) => text.charAt(0).toLowerCase() + text.slice(1)

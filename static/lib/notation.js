/**
 * How tensors are written: their kind (which is their colour), and an equation of the register set for one layer.
 *
 * @import { Cell } from "../types.js"
 */

/** @typedef {"forward" | "parameter" | "backward"} Kind */

/** @param {string} tensor @returns {Kind} */
export function kindOf(tensor) {
  if (tensor.startsWith("d")) return "backward"
  return /^[Wb]/.test(tensor) ? "parameter" : "forward"
}

/**
 * An equation of the register with its layer filled in and its tensors marked with their kind, for KaTeX with `trust`.
 *
 * @param {string} latex as it stands in the register, for a layer l of L
 * @param {number} layer @param {number} last L
 */
export function setForLayer(latex, layer, last) {
  return latex
    .replaceAll("[l-1]", `[${layer - 1}]`)
    .replaceAll("[l]", `[${layer}]`)
    .replaceAll("[L]", `[${last}]`)
    .replace(/(?<![A-Za-z\\{])(d?[AZWb])(\^\{(?:[^{}]|\{[^{}]*\})*\})/g, (_, name, above) => `\\htmlClass{${kindOf(name)}}{${name}${above}}`)
}

/**
 * What the number in a cell is, in words. Units and examples are counted from 0, as in the API.
 *
 * @param {Cell} cell @param {number} last L
 */
export function describeCell({ tensor, layer, row, col }, last) {
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
      return `How the mean loss changes with the weight from ${from} to ${lower(unit)}.`
    case "db":
      return `How the mean loss changes with the bias of ${lower(unit)}.`
    default:
      return ""
  }
}

/** @param {string} text */
const lower = (text) => text.charAt(0).toLowerCase() + text.slice(1)

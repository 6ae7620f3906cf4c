/**
 * The names that the derivation of a network has: those of every network, and those that its ingredients add. Pure.
 *
 * @import { Trace } from "../types.js"
 */

/** How many rows and columns: a row a unit and a column an example, as weights and biases, one column, one row, or one number. @typedef {"pass" | "parameters" | "units" | "examples" | "one"} Shape */
/** @typedef {{tensors: string[], shape: Shape, meaning: string}} Name */

/** @type {Name[]} */
const ALWAYS = [
  { tensors: ["W", "b"], shape: "parameters", meaning: "weights and biases, the parameters" },
  { tensors: ["Z", "A"], shape: "pass", meaning: "before the activation, and after it" },
  { tensors: ["dZ", "dA"], shape: "pass", meaning: "gradients of the sum of the losses" },
  { tensors: ["dW", "db"], shape: "parameters", meaning: "gradients of the mean loss" },
]

/** @param {Trace} trace @returns {Name[]} in the order of the pass */
export function namesOf({ layers }) {
  const has = (/** @type {string} */ tensor) => layers.some((layer) => Boolean(/** @type {any} */ (layer)[tensor]))
  const statistic = has("rM") ? "units" : "examples"
  /** @type {Name[]} */
  const added = [
    { tensors: ["gamma", "beta"], shape: "units", meaning: "scale and shift of a normalisation, parameters as well" },
    { tensors: ["M", "V"], shape: statistic, meaning: `mean and variance of Z, of each ${statistic === "units" ? "unit over the batch" : "example over the units"}` },
    { tensors: ["Zhat", "N"], shape: "pass", meaning: "normalised; then scaled and shifted, which the activation reads" },
    { tensors: ["rM", "rV"], shape: "units", meaning: "running mean and variance, which predictions use" },
    { tensors: ["G", "D"], shape: "pass", meaning: "what the activation makes, and the mask that makes A of it" },
    { tensors: ["dG", "dN", "dZhat"], shape: "pass", meaning: "gradients of the sum of the losses" },
    { tensors: ["dM", "dV"], shape: statistic, meaning: "gradients of the sum of the losses" },
    { tensors: ["dgamma", "dbeta"], shape: "units", meaning: "gradients of the mean loss" },
    { tensors: ["gW", "gb"], shape: "parameters", meaning: "what the update takes in the place of dW and db" },
    { tensors: ["vW", "vb"], shape: "parameters", meaning: "velocities, which the optimizer holds" },
    { tensors: ["mW", "mb"], shape: "parameters", meaning: "running means of the gradients, which the optimizer holds" },
    { tensors: ["sW", "sb"], shape: "parameters", meaning: "squares of the gradients, gathered, which the optimizer holds" },
    { tensors: ["tW", "tb"], shape: "one", meaning: "how many steps the optimizer has counted" },
  ]
  return [...ALWAYS, ...added.map((name) => ({ ...name, tensors: name.tensors.filter(has) })).filter(({ tensors }) => tensors.length > 0)]
}

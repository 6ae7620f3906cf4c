/** What an optimizer or clipping makes of a parameter and its gradient, in a few words. Pure. */
import { partsOf } from "./tensor_names.js"

const WHOSE = /** @type {Record<string, string>} */ ({ W: "the weights", b: "the biases", gamma: "the scales", beta: "the shifts" })

/** @param {{tensor: string, family: string}} phase of the update */
export function aboutUpdate({ tensor, family }) {
  const { mark = "", letter = "", isNext = false } = partsOf(tensor) ?? {}
  const whose = WHOSE[letter] ?? `the ${letter === "M" ? "means" : "variances"}`
  switch (mark) {
    case "": return isNext ? `${whose} after the update` : whose
    case "h": return `the gradient of ${whose}, edited`
    case "g": return `the gradient of ${whose}, ${family === "clipping" ? "clipped" : "edited"}`
    case "v": return `the velocity of ${whose}`
    case "m": return `the running mean of the gradient of ${whose}`
    case "s": return `the squares of the gradient of ${whose}, gathered`
    case "t": return `how many steps ${whose} have taken`
    case "r": return `the running mean of ${whose}`
    default: return `what is remembered of ${whose}`
  }
}

/**
 * How tensors are written: their kind (which is their colour), and an equation of the register set for one layer.
 *
 * @import { Kind } from "../types.js"
 */
import { axesOf, isGradient, isHeld, isParameter, partsOf } from "./tensor_names.js"

/** @param {string} tensor @returns {Kind} */
export function kindOf(tensor) {
  const parts = partsOf(tensor)
  if (!parts) return "forward"
  if (isGradient(parts)) return "backward"
  return isHeld(parts) ? "held" : isParameter(parts.letter) ? "parameter" : "forward"
}

/** A tensor's letter as it is read: γ for gamma, Ẑ for Zhat. @param {string} tensor */
export const letterOf = (tensor) => tensor.replace("_next", "′").replace("gamma", "γ").replace("beta", "β").replace("Zhat", "Ẑ")

/** A tensor's letter in LaTeX. @param {string} tensor */
export const latexOf = (tensor) => tensor.replace("_next", "'").replace("Zhat", String.raw`\hat{Z}`).replace(/gamma|beta/, String.raw`\$& `)

/**
 * LaTeX with its tensors in the colours of their kinds, for KaTeX with `trust`.
 * @param {string | null} tensor whose LaTeX it is; null marks every tensor in it
 * @param {string} latex
 * @returns {string}
 */
export function mark(tensor, latex) {
  // in braces of its own, so that what stands beside it keeps its distance
  if (tensor !== null) return `{\\htmlClass{${kindOf(tensor)}}{${latex}}}`
  return latex.replace(SYMBOL, (_, name, above, below = "") => mark(named(name), symbolOf(name, above, below)))
}

/** A tensor in LaTeX: its letter, its layer above and, where there is one, its cell below. Without a layer above, a letter is no tensor: the gamma of a schedule is raised to a power. */
const SYMBOL = /(?<![A-Za-z\\])([a-z]?(?:\\hat\{Z\}|\\gamma|\\beta|[ADGMNVWZb])'?)(\^\{\[(?:[^{}]|\{[^{}]*\})*\})(_\{[^{}]*\})?/g

/** A tensor's name from its letter in LaTeX. @param {string} latex */
const named = (latex) => latex.replace(String.raw`\hat{Z}`, "Zhat").replace("\\", "").replace("'", "_next")

/** What becomes of a tensor is a letter of its own, whose layer stands above its prime. @param {string} name @param {string} above @param {string} below */
const symbolOf = (name, above, below) => (name.endsWith("'") ? `{${name}}` : name) + above + below

/**
 * An update's equation in the names that the page has: what it makes has a prime, and so have the states that this step has already made.
 * In the register an arrow makes anew what is on its left.
 * @param {string} latex @param {readonly string[]} reads the tensors that it reads
 */
export function primed(latex, reads) {
  const [made, of, ...more] = latex.split(String.raw` \leftarrow `)
  if (made === undefined || of === undefined || more.length > 0) return latex
  const prime = (/** @type {string} */ text, /** @type {(tensor: string) => boolean} */ isMade) =>
    text.replace(SYMBOL, (_, name, above, below = "") => (isMade(named(name)) ? `${name}'` : name) + above + below)
  return `${prime(made, () => true)} = ${prime(of, (tensor) => reads.includes(`${tensor}_next`) && !reads.includes(tensor))}`
}

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
      const isRow = below === "_{j,:}"
      const layer = below && !isRow ? undefined : /\[(\d+)\]/.exec(above)?.[1] // one number of a tensor has no shape
      const tensor = named(name)
      const shape = layer === undefined || axesOf(tensor) === "one" ? null : shapeOf(tensor, Number(layer))
      return under(mark(tensor, symbolOf(name, above, below)), shape && shapeOfPart(shape, above, isRow))
    })
    .replace(/(?<![A-Za-z\\{])Y(?![A-Za-z_])/g, () => under("Y", shapeOf("Y", 0)))
}

/** A transposed tensor has its shape the other way round, a single example one column, a single unit one row.
 * @param {readonly [number, number]} shape @param {string} above @param {boolean} isRow @returns {readonly [number, number]} */
function shapeOfPart([rows, cols], above, isRow) {
  if (above.includes("\\top")) return [cols, rows]
  return above.includes("(i)") ? [rows, 1] : isRow ? [1, cols] : [rows, cols]
}

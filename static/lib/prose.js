/** The letters of the mathematics in a sentence of plain text, so that prose can set them as the equations do. Pure. */
import { partsOf } from "./tensor_names.js"

/** Running text, a tensor's name, or any other letter: an index, a size, a parameter of an ingredient. @typedef {{kind: "text" | "tensor" | "letter", text: string}} Piece */

/** By their names, as texts spell them. */
const GREEK = /** @type {Record<string, string>} */ ({
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", eta: "η", lambda: "λ", mu: "μ", pi: "π", rho: "ρ", sigma: "σ",
})

// a word by itself; what follows an apostrophe is the end of one
const WORD = /(?<!['’\w])(?:([A-Za-z]+)(\d?)|n_(prev))(?!\w)/g

/**
 * The text in pieces, which together are the text again.
 * @param {string} text
 * @param {readonly string[]} own the letters of its ingredient's parameters in LaTeX: softplus has a \beta of its own, which is no tensor
 * @returns {Piece[]}
 */
export function piecesOf(text, own = []) {
  /** @type {Piece[]} */
  const pieces = []
  let from = 0
  for (const { 0: word, 1: name = "n", 2: digit, index } of text.matchAll(WORD)) {
    const kind = digit ? (name in GREEK ? "letter" : "text") : kindOf(name, text.slice(0, index), own)
    if (kind === "text") continue
    if (index > from) pieces.push({ kind: "text", text: text.slice(from, index) })
    pieces.push({ kind, text: word })
    from = index + word.length
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) })
  return pieces
}

/** @param {string} name @param {string} before what stands before it @param {readonly string[]} own @returns {Piece["kind"]} */
function kindOf(name, before, own) {
  if (name === "a" || name === "I") return "text"
  if (name === "A" && /(?:^|[.:?!] )$/.test(before)) return "text" // the article: the tensor never begins a sentence
  const isOwn = own.includes(name) || own.includes(`\\${name}`)
  if (!isOwn && (name === "X" || name === "Y" || partsOf(name))) return "tensor"
  return name.length === 1 || name in GREEK ? "letter" : "text"
}

/** A letter as it is read, and what stands below it: β and 1 for "beta1". @param {string} word @returns {{letter: string, below: string}} */
export function letterIn(word) {
  const [, name = "n", digit = "", previous = ""] = new RegExp(WORD).exec(word) ?? []
  return { letter: GREEK[name] ?? name, below: digit || previous }
}

// as `tensorLabel` writes it
const NAMED = /\b([a-z]?(?:Zhat|gamma|beta|[ADGMNVWZb])(?:_next)?)\[(\d+)\]/g

/** A sentence with its tensors apart: "dW[2] times 0" is dW of layer 2, and " times 0". @param {string} text @returns {(string | {tensor: string, layer: number})[]} */
export function namedPieces(text) {
  /** @type {(string | {tensor: string, layer: number})[]} */
  const pieces = []
  let from = 0
  for (const match of text.matchAll(NAMED)) {
    if (match.index > from) pieces.push(text.slice(from, match.index))
    pieces.push({ tensor: match[1] ?? "", layer: Number(match[2]) })
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push(text.slice(from))
  return pieces
}

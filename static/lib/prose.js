/** The letters of the mathematics in a sentence of plain text, so that prose can set them as the equations do. Pure. */

/** Running text, a tensor's name or an index. @typedef {{kind: "text" | "tensor" | "letter", text: string}} Piece */

// "A" at the start of a sentence is the article; the tensor never stands there
const MATHEMATICS = /(?<!['’])\b(?:(?<tensor>d(?:Zhat|gamma|beta|[AZWbNGMV])|Zhat|gamma|beta|[WYZ]|(?<!^|[.:?!] )A)|(?<letter>[ijkmlL]))\b(?!['’])/g

/** @param {string} text @returns {Piece[]} which together are the text again */
export function piecesOf(text) {
  /** @type {Piece[]} */
  const pieces = []
  let from = 0
  for (const match of text.matchAll(MATHEMATICS)) {
    if (match.index > from) pieces.push({ kind: "text", text: text.slice(from, match.index) })
    pieces.push({ kind: match.groups?.tensor ? "tensor" : "letter", text: match[0] })
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) })
  return pieces
}

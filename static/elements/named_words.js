/**
 * A sentence in which tensors are set as the equations have them: dW[2] in "dW[2] times 0".
 *
 *   <NamedWords text=${editWords(action, entries)} />
 */
import { html } from "htm/preact"
import { namedPieces } from "../lib/prose.js"
import { Symbol } from "./symbol.js"

/** @param {{text: string}} properties */
export function NamedWords({ text }) {
  return namedPieces(text).map((piece) => (typeof piece === "string" ? piece : html`<${Symbol} tensor=${piece.tensor} layer=${piece.layer} />`))
}

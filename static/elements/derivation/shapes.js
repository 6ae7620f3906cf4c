/**
 * A matrix form with the layers of this network, the shape of each tensor under it.
 *
 *   <Shapes phase={phase} />
 *
 * @import { SessionPhase, Trace } from "../../types.js"
 */
import { html } from "htm/preact"
import { withShapes } from "../../lib/notation.js"
import { trace } from "../../state.js"
import { tensorOf } from "../../tensors.js"
import { Equation } from "../equation.js"
import { Wide } from "../wide.js"

/** @param {{phase: SessionPhase}} properties */
export function Shapes({ phase }) {
  const now = /** @type {Trace} */ (trace.value)
  const shapeOf = (/** @type {string} */ tensor, /** @type {number} */ layer) => (tensor === "Y" ? now.batch.Y.shape : (tensorOf(now, tensor, layer)?.shape ?? null))
  return html`
    <div class="shapes">
      <p class="shapes__caption eyebrow">Shapes here</p>
      <${Wide} label=${`Shapes of ${phase.key}`}><${Equation} latex=${withShapes(phase.whole, shapeOf)} display /></${Wide}>
    </div>
  `
}

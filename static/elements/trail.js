/** The path of blame: the cells that a person has walked through, each a way back. */
import { html } from "htm/preact"
import { useEffect, useRef } from "preact/hooks"
import { walk } from "../cell_actions.js"
import { trail } from "../state.js"
import { Symbol } from "./symbol.js"

/** @param {{isPointing: boolean}} properties `isPointing`: the card speaks of another cell for a moment, so the path steps back */
export function Trail({ isPointing }) {
  const path = trail.value
  const list = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => {
    if (list.current) list.current.scrollLeft = list.current.scrollWidth
  }, [path])
  if (path.length < 2) return null
  return html`
    <nav class="trail" aria-label="Path of blame" data-pointing=${isPointing ? "" : undefined}>
      <ol class="trail__list" ref=${list}>
        ${path.map(
          (cell, at) => html`
            <li key=${at}>
              ${at > 0 && html`<span class="trail__from" aria-hidden="true">‹</span>`}
              <button class="trail__cell" aria-current=${at === path.length - 1 ? "step" : undefined} onClick=${() => walk(cell)}>
                <${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} />
              </button>
            </li>
          `,
        )}
      </ol>
    </nav>
  `
}

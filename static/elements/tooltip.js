/** The number under the pointer, and its twin's, beside the pointer and always on screen. */
import { signal } from "@preact/signals"
import { html } from "htm/preact"
import { useEffect, useLayoutEffect, useRef } from "preact/hooks"
import { seen, view, whatIf } from "../edit_state.js"
import { formatNumber } from "../lib/format.js"
import { twinOf } from "../phases.js"
import { pointed } from "../state.js"
import { isWhole, tensorOf, valueAt } from "../tensors.js"
import { Symbol } from "./symbol.js"

/** Where the pointer is, in the window; null where the keyboard points. @type {import("@preact/signals").Signal<{x: number, y: number} | null>} */
export const pointerAt = signal(null)

export function Tooltip() {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const at = pointerAt.value
  const cell = pointed.value
  useEffect(() => {
    /** A tap anywhere else lets go of what a tap pointed at. @param {PointerEvent} event */
    const letGo = (event) => {
      if (/** @type {HTMLElement} */ (event.target).closest(".heatmap__cells")) return
      pointerAt.value = null
    }
    addEventListener("pointerdown", letGo)
    return () => removeEventListener("pointerdown", letGo)
  }, [])
  useLayoutEffect(() => {
    if (!box.current || !at) return
    const { width, height } = box.current.getBoundingClientRect()
    const x = at.x + 16 + width > innerWidth ? at.x - 16 - width : at.x + 16
    const floor = document.querySelector(".cell-bar")?.getBoundingClientRect().top || innerHeight // a bar that is not shown has its top at 0
    const y = at.y + 16 + height > floor ? at.y - 16 - height : at.y + 16
    box.current.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`
  })
  if (!at || !cell || !seen.value) return null
  const twin = twinOf(cell, seen.value)
  const twinValue = twin && valueAt(seen.value, twin)
  return html`
    <div class="tooltip" ref=${box} aria-hidden="true">
      ${whatIf.value && html`<p class="eyebrow">what if · ${view.value}</p>`}
      <${Line} cell=${cell} value=${valueAt(seen.value, cell)} isBlock=${isPooled(cell)} />
      ${twin && twinValue !== null && html`<${Line} cell=${twin} value=${twinValue} isBlock=${isPooled(twin)} />`}
    </div>
  `
}

/** @param {import("../types.js").Cell} cell */
function isPooled(cell) {
  const tensor = seen.value && tensorOf(seen.value, cell.tensor, cell.layer)
  return tensor !== null && !isWhole(tensor)
}

/** @param {{cell: import("../types.js").Cell, value: number | null, isBlock: boolean}} properties `isBlock`: the number is the extreme of the block that the cell is in */
function Line({ cell, value, isBlock }) {
  return html`
    <p><${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} /><span>${isBlock && html`<span class="soft">its block</span> `}${value === null ? "–" : formatNumber(value, 5)}</span></p>
  `
}

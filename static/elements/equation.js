/**
 * An equation, typeset by KaTeX once; its slots are numbers that change in place.
 *
 *   <Equation latex="..." />                               symbols alone; screen readers get its MathML
 *   <LiveEquation latex="..." slots={["0.2"]} label="..." />   with numbers; screen readers get the label
 *   <LiveEquation ... cells={cells} onCell={open} onHint={light} />   whose numbers are doors to their cells for who points; the keyboard has the terms below
 *
 * @import { CellValue } from "../types.js"
 */
import { html } from "htm/preact"
import katex from "katex"
import { useLayoutEffect, useRef } from "preact/hooks"

/** @type {Map<string, HTMLElement>} what was set before: the same equations come back with every cell */
const known = new Map()

/**
 * @param {HTMLElement} place @param {string} latex @param {boolean} display @param {"html" | "htmlAndMathml"} output
 */
function typeset(place, latex, display, output) {
  const key = `${output} ${display} ${latex}`
  let set = known.get(key)
  if (!set) {
    set = document.createElement("span")
    // `trust` for \htmlClass alone, which carries the colour of a tensor's kind and the numbers of slots
    katex.render(latex, set, {
      displayMode: display,
      throwOnError: false,
      strict: false,
      output,
      trust: (context) => context.command === "\\htmlClass",
    })
    if (known.size > 500) known.clear()
    known.set(key, set)
  }
  place.replaceChildren(...[...set.childNodes].map((node) => node.cloneNode(true)))
}

/** @param {{latex: string, display?: boolean}} properties */
export function Equation({ latex, display = false }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null))
  useLayoutEffect(() => {
    if (place.current) typeset(place.current, latex, display, "htmlAndMathml")
  }, [latex, display])
  return html`<span class="equation" ref=${place}></span>`
}

/**
 * @param {{latex: string, slots: string[], label: string, display?: boolean, cells?: (CellValue | null)[],
 *   onCell?: (cell: CellValue) => void, onHint?: (cell: CellValue | null) => void}} properties
 */
export function LiveEquation({ latex, slots, label, display = false, cells, onCell, onHint }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null))
  const found = useRef(/** @type {HTMLElement[]} */ ([]))
  useLayoutEffect(() => {
    if (!place.current) return
    typeset(place.current, latex, display, "html")
    found.current = []
    for (const element of place.current.querySelectorAll(".slot")) {
      const index = /slot-(\d+)/.exec(element.className)?.[1]
      if (index !== undefined && element instanceof HTMLElement) found.current[Number(index)] = element
    }
  }, [latex, display])
  useLayoutEffect(() => {
    slots.forEach((text, index) => {
      const element = found.current[index]
      if (element && element.textContent !== text) element.textContent = text
    })
  }, [latex, display, slots.join("|")])
  /** @param {Event} event */
  const cellOf = ({ target }) => cells?.[found.current.findIndex((slot) => target instanceof Node && slot?.contains(target))] ?? null
  const doors = onCell && {
    onClick: (/** @type {Event} */ event) => {
      const cell = cellOf(event)
      if (cell) onCell(cell)
    },
    onPointerOver: (/** @type {Event} */ event) => onHint?.(cellOf(event)),
    onPointerLeave: () => onHint?.(null),
  }
  return html`<span class="equation"><span ref=${place} aria-hidden="true" data-doors=${onCell ? "" : undefined} ...${doors}></span><span class="visually-hidden">${label}</span></span>`
}

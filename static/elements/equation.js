/**
 * An equation of the register, typeset by KaTeX.
 *
 *   <Equation latex="..." display />
 */
import { html } from "htm/preact"
import katex from "katex"
import { useLayoutEffect, useRef } from "preact/hooks"

/** @param {{latex: string, display?: boolean}} properties */
export function Equation({ latex, display = false }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null))
  useLayoutEffect(() => {
    if (!place.current) return
    // `trust` for \htmlClass alone, which carries the colour of a tensor's kind
    katex.render(latex, place.current, {
      displayMode: display,
      throwOnError: false,
      strict: false,
      trust: (context) => context.command === "\\htmlClass",
    })
  }, [latex, display])
  return html`<span class="equation" ref=${place}></span>`
}

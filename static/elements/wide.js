/**
 * An equation, which scrolls inside its own box where the page is narrower than it is.
 *
 *   <Wide label="Equation 2"><Equation latex="..." display /></Wide>
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { moreOf } from "../lib/use_scroll.js"

/** @param {{label: string, look?: string, isBusy?: boolean, children?: any}} properties `look` is its class; `isBusy` while its numbers are on their way */
export function Wide({ label, look = "wide", isBusy, children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const [more, setMore] = useState(/** @type {string | undefined} */ (undefined)) // on which sides
  const measure = () => {
    if (!box.current) return
    const { scrollLeft: left, clientWidth: width, scrollWidth: whole } = box.current
    setMore(moreOf({ left, width, whole }))
  }
  // once all is laid out: to measure each as it is set would lay out the page again for every equation
  useEffect(() => { measure() })
  useEffect(() => {
    const observer = new ResizeObserver(measure)
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  // what scrolls must be reachable by keyboard, and then has a name
  const isCut = more !== undefined
  return html`<div class=${`${look} more`} data-more=${more} onScroll=${measure} ref=${box} aria-busy=${isBusy} tabindex=${isCut ? 0 : undefined} role=${isCut ? "group" : undefined} aria-label=${isCut ? `${label}; scrolls sideways` : undefined}>${children}</div>`
}

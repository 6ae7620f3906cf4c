/**
 * An equation, which scrolls inside its own box where the page is narrower than it is.
 *
 *   <Wide label="Equation 2"><Equation latex="..." display /></Wide>
 */
import { html } from "htm/preact"
import { useLayoutEffect, useState } from "preact/hooks"
import { useWidth } from "../lib/use_size.js"

/** @param {{label: string, look?: string, isBusy?: boolean, children?: any}} properties `look` is its class; `isBusy` while its numbers are on their way */
export function Wide({ label, look = "wide", isBusy, children }) {
  const [box, width] = useWidth()
  const [isCut, setIsCut] = useState(false)
  useLayoutEffect(() => {
    if (box.current) setIsCut(box.current.scrollWidth > box.current.clientWidth + 1)
  })
  // what scrolls must be reachable by keyboard, and then has a name
  return html`<div class=${look} ref=${box} aria-busy=${isBusy} data-width=${width} tabindex=${isCut ? 0 : undefined} role=${isCut ? "group" : undefined} aria-label=${isCut ? `${label}; scrolls sideways` : undefined}>${children}</div>`
}

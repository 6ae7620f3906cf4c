/** The keyboard stays in a part of the page whose parts come and go. */
import { useEffect, useRef } from "preact/hooks"

/**
 * Where what a keyboard had come to is taken away, the part's heading has the focus, and Tab goes on from there.
 * Whoever has a pointer, or went elsewhere, is left in peace.
 * @returns {{box: {current: HTMLElement | null}, heading: {current: HTMLElement | null}, isByKeyboard: {current: boolean}}} refs of the part and of its heading,
 *   which takes the focus by `tabindex="-1"`; and whether what has the focus there came to it by keyboard, which a browser does not tell once a key is pressed
 */
export function useKeptFocus() {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const heading = useRef(/** @type {HTMLElement | null} */ (null))
  const isByKeyboard = useRef(false)
  useEffect(() => {
    const part = box.current
    if (!part) return
    let last = /** @type {HTMLElement | null} */ (null)
    const note = (/** @type {FocusEvent} */ event) => {
      const target = /** @type {HTMLElement} */ (event.target)
      isByKeyboard.current = target.matches(":focus-visible")
      last = isByKeyboard.current ? target : null
    }
    // also said of what is just being taken away, or can't be pressed for now
    const forget = () => setTimeout(() => last?.isConnected && !last.matches(":disabled") && document.activeElement !== last && (last = null))
    const watcher = new MutationObserver(() => {
      if (last && !last.isConnected && document.activeElement === document.body) heading.current?.focus()
    })
    watcher.observe(part, { childList: true, subtree: true })
    part.addEventListener("focusin", note)
    part.addEventListener("focusout", forget)
    return () => {
      watcher.disconnect()
      part.removeEventListener("focusin", note)
      part.removeEventListener("focusout", forget)
    }
  }, [])
  return { box, heading, isByKeyboard }
}

/** How far a box is scrolled sideways, and how much there is of it. */
import { useEffect, useState } from "preact/hooks"

/** `left` of `whole` pixels are past, and `width` are in sight. @typedef {{left: number, width: number, whole: number}} Scroll */

/**
 * @param {{current: HTMLElement | null}} box
 * @param {readonly unknown[]} [about] what its content is made from: it is measured again where that changes
 * @returns {Scroll} zeros before the first layout
 */
export function useScroll(box, about = []) {
  const [scroll, setScroll] = useState({ left: 0, width: 0, whole: 0 })
  const measure = () => {
    if (!box.current) return
    const { scrollLeft: left, clientWidth: width, scrollWidth: whole } = box.current
    setScroll((before) => (before.left === left && before.width === width && before.whole === whole ? before : { left, width, whole }))
  }
  useEffect(measure, about)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    element.addEventListener("scroll", measure, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener("scroll", measure)
    }
  }, [box.current])
  return scroll
}

/** On which sides there is more than is in sight: for `data-more`. @param {Scroll} scroll @returns {string | undefined} */
export function moreOf({ left, width, whole }) {
  const sides = [left > 1 && "start", left + width < whole - 1 && "end"].filter(Boolean)
  return sides.length > 0 ? sides.join(" ") : undefined
}

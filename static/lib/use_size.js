/** How wide an element is, and stays. */
import { useLayoutEffect, useRef, useState } from "preact/hooks"

/** @returns {[{current: HTMLElement | null}, number]} a ref, and the width of its element in CSS pixels; 0 before the first layout */
export function useWidth() {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    setWidth(Math.floor(element.clientWidth))
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [box, width]
}

/** Whether an element is out of the part of the window where one reads. */
import { useEffect, useState } from "preact/hooks"

/**
 * @param {string} id of the element @param {string} margins of the window that don't count as reading it, as an IntersectionObserver has them
 * @param {readonly unknown[]} [about] what the element is there by: it is looked for again where that changes
 * @returns {boolean} false until it is known
 */
export function useOutOfSight(id, margins, about = []) {
  const [isOut, setIsOut] = useState(false)
  useEffect(() => {
    const element = document.getElementById(id)
    if (!element) return
    const observer = new IntersectionObserver((entries) => setIsOut(!entries.at(-1)?.isIntersecting), { rootMargin: margins })
    observer.observe(element)
    return () => observer.disconnect()
  }, about)
  return isOut
}

/** Whether an element is out of the part of the window where one reads. */
import { useEffect, useState } from "preact/hooks"

/**
 * @param {string} id of an element that is there all along @param {string} margins of the window that don't count as reading it, as an IntersectionObserver has them
 * @returns {boolean} false until it is known
 */
export function useOutOfSight(id, margins) {
  const [isOut, setIsOut] = useState(false)
  useEffect(() => {
    const element = document.getElementById(id)
    if (!element) return
    const observer = new IntersectionObserver((entries) => setIsOut(!entries.at(-1)?.isIntersecting), { rootMargin: margins })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return isOut
}

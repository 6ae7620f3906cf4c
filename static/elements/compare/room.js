/** How wide pictures may be: as their place on the page, or as a line on paper. */
import { PAPER } from "../../lib/paper.js"
import { useWidth } from "../../lib/use_size.js"
import { isOnPaper } from "../../state.js"

/** @returns {[{current: HTMLElement | null}, number]} a ref to their place, and CSS pixels; 0 before the first layout */
export function useRoom() {
  const [box, width] = useWidth()
  return [box, isOnPaper.value ? PAPER : width]
}

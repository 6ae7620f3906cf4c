/** Bringing into sight what a button opens elsewhere on the page. */
import { nextFrame } from "./lib/next_frame.js"

const AIR = 8 // pixels between what is scrolled to and what sticks above it

/** How much of the window's top is covered by what sticks there: the whole transport, on a phone its buttons. */
function covered() {
  const heights = [".page__transport", ".transport__buttons"].map((name) => document.querySelector(name)?.getBoundingClientRect().height ?? 0)
  return heights.find((height) => height > 0) ?? 0
}

/** Scrolls the page so that an element begins right under what sticks above it. @param {Element} element */
export function scrollUnderTransport(element) {
  const top = Math.floor(scrollY + element.getBoundingClientRect().top - covered())
  scrollTo({ top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" })
}

/** Shows the open view below the lens, and leads the keyboard to its tab. */
export async function showTabs() {
  await nextFrame() // it is another now
  const list = document.querySelector(".tabs__list")
  const tab = list?.querySelector("[aria-selected=true]")
  if (tab instanceof HTMLElement) tab.focus({ preventScroll: true })
  if (list) scrollUnderTransport(list)
}

/** Shows what the inspector has now from its beginning; where it is out of sight, a bar at the window's foot tells the number. */
export async function showInspectorsTop() {
  await nextFrame()
  document.getElementById("inspector")?.firstElementChild?.scrollTo({ top: 0 })
}

/** Shows the inspector, and leads the keyboard to it: what was pressed in it may be gone. */
export async function showInspector() {
  await showInspectorsTop()
  const inspector = document.getElementById("inspector")
  const { top = 0 } = inspector?.firstElementChild?.getBoundingClientRect() ?? {}
  if (!inspector) return
  inspector.focus({ preventScroll: true })
  // beside the lens it stays where one reads
  if (top < covered() - AIR || top > innerHeight / 2) scrollUnderTransport(inspector)
}

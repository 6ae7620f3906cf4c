/** Drawing the page for paper, and for the screen again. */
import { batch } from "@preact/signals"
import * as state from "./state.js"

/** Draws for paper whenever the page is printed, or shown as it would be. */
export function keepPrintable() {
  const paper = matchMedia("print")
  addEventListener("beforeprint", () => {
    // views that were measured on the screen are printed as they are there, as much smaller as the paper is
    const panel = document.querySelector(".tabs__panel, .compare .plot")
    if (panel) document.documentElement.style.setProperty("--panel", String(Math.max(panel.clientWidth, ...widest(panel))))
    draw(true)
  })
  addEventListener("afterprint", () => draw(false))
  paper.addEventListener("change", () => draw(paper.matches))
}

/** What a view would have scrolled sideways for: a sheet has it whole. @param {Element} panel */
const widest = (panel) => [...panel.querySelectorAll(".more")].map(({ scrollWidth }) => scrollWidth)

/** @type {"light" | "dark"} */
let before = "light"

/** @param {boolean} isOnPaper */
function draw(isOnPaper) {
  if (isOnPaper === state.isOnPaper.value) return
  if (isOnPaper) before = state.scheme.value
  else document.documentElement.style.removeProperty("--panel")
  batch(() => {
    state.isOnPaper.value = isOnPaper
    state.scheme.value = isOnPaper ? "light" : before
  })
}

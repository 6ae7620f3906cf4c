/** Light or dark. */
import { effect } from "@preact/signals"
import { kept } from "./kept.js"
import * as state from "./state.js"

/** @param {"light" | "dark"} scheme the person's own choice, kept in this browser */
export function chooseScheme(scheme) {
  kept.setItem("backscope-scheme", scheme)
  state.scheme.value = scheme
}

/** Follows the system's scheme until the person chooses. */
export function followScheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)")
  const follow = () => {
    const chosen = kept.getItem("backscope-scheme")
    state.scheme.value = chosen === "light" || chosen === "dark" ? chosen : dark.matches ? "dark" : "light"
  }
  follow()
  dark.addEventListener("change", follow)
  effect(() => {
    document.documentElement.dataset.scheme = state.scheme.value
  })
}

/**
 * A button that puts something on the clipboard, and says whether it did.
 *
 *   <CopyButton what={() => copyLink()} title="...">Copy link</CopyButton>
 */
import { html } from "htm/preact"
import { useEffect, useState } from "preact/hooks"
import { toProblem } from "../problems.js"

const SAID = 2000 // milliseconds that the button says what it did

/** @param {{what: () => Promise<void>, title?: string, children?: unknown}} properties */
export function CopyButton({ what, title, children }) {
  const [said, setSaid] = useState(/** @type {"" | "copied" | "busy"} */ (""))
  const [problem, setProblem] = useState(/** @type {import("../state.js").Problem | null} */ (null))
  useEffect(() => {
    if (said !== "copied") return
    const wait = setTimeout(() => setSaid(""), SAID)
    return () => clearTimeout(wait)
  }, [said])
  const copy = async () => {
    setSaid("busy")
    setProblem(null)
    try {
      await what()
      setSaid("copied")
    } catch (error) {
      setSaid("")
      // a browser that forbids the clipboard is no mistake of ours
      setProblem(error instanceof DOMException ? { title: "Not copied", message: "This browser does not let the page use the clipboard.", field: null } : toProblem(error))
    }
  }
  return html`
    <span class="copy">
      <button class="button" title=${title} onClick=${copy} disabled=${said === "busy"}>${said === "copied" ? "Copied" : children}</button>
      <span class="visually-hidden" role="status">${said === "copied" ? "Copied to the clipboard" : ""}</span>
      ${problem && html`<span class="copy__problem" role="alert">${problem.message}</span>`}
    </span>
  `
}

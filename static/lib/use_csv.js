/**
 * A CSV file in the form, looked at by the server whenever it, or how it is to be read, changes.
 *
 * @import { Values } from "./form_values.js"
 * @import { CsvPreview } from "../types.js"
 */
import { useEffect, useState } from "preact/hooks"
import { toProblem } from "../problems.js"
import { previewCsv } from "../readings.js"
import { previewRequest } from "./csv_values.js"
import { pageMessage } from "./field_words.js"

/** `preview` is that of `text`; it stays while the next one is under way, so that nothing jumps. @typedef {{status: "none" | "busy" | "ready" | "failed", text: string, preview: CsvPreview | null, problem: import("../state.js").Problem | null}} CsvState */

/** @type {CsvState} */
const NONE = { status: "none", text: "", preview: null, problem: null }

/** @param {Values} values @param {boolean} isCsv @param {(changes: Values) => void} onPropose takes what the server proposes where nothing was chosen @returns {CsvState} */
export function useCsv(values, isCsv, onPropose) {
  const [state, setState] = useState(NONE)
  const request = isCsv ? previewRequest(values) : null
  const key = request ? JSON.stringify(request) : ""
  useEffect(() => {
    if (!request) return setState(NONE)
    const text = values["dataset.text"] ?? ""
    const stop = new AbortController()
    setState((before) => ({ ...before, status: "busy", problem: null }))
    previewCsv(request, stop.signal).then(
      (preview) => {
        if (stop.signal.aborted) return
        setState({ status: "ready", text, preview, problem: null })
        if (!values["dataset.target"] && preview.target) onPropose({ "dataset.target": preview.target })
      },
      (error) => {
        if (stop.signal.aborted) return
        const { field, message, ...problem } = toProblem(error)
        // what another file held is not shown under the name of this one
        setState((before) => ({ status: "failed", text, preview: before.text === text ? before.preview : null, problem: { ...problem, field: field && `dataset.${field}`, message: pageMessage(field, message) } }))
      },
    )
    return () => stop.abort()
  }, [key])
  return state
}

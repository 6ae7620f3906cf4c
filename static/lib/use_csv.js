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

/** `preview` stays while the next one is under way, so that nothing jumps. @typedef {{status: "none" | "busy" | "ready" | "failed", preview: CsvPreview | null, problem: import("../state.js").Problem | null}} CsvState */

/** @type {CsvState} */
const NONE = { status: "none", preview: null, problem: null }

/** @param {Values} values @param {boolean} isCsv @param {(changes: Values) => void} onPropose takes what the server proposes where nothing was chosen @returns {CsvState} */
export function useCsv(values, isCsv, onPropose) {
  const [state, setState] = useState(NONE)
  const request = isCsv ? previewRequest(values) : null
  const key = request ? JSON.stringify(request) : ""
  useEffect(() => {
    if (!request) return setState(NONE)
    const stop = new AbortController()
    setState((before) => ({ ...before, status: "busy", problem: null }))
    previewCsv(request, stop.signal).then(
      (preview) => {
        if (stop.signal.aborted) return
        setState({ status: "ready", preview, problem: null })
        if (!values["dataset.target"] && preview.target) onPropose({ "dataset.target": preview.target })
      },
      (error) => {
        if (stop.signal.aborted) return
        const problem = toProblem(error)
        setState((before) => ({ status: "failed", preview: before.preview, problem: { ...problem, field: problem.field && `dataset.${problem.field}` } }))
      },
    )
    return () => stop.abort()
  }, [key])
  return state
}

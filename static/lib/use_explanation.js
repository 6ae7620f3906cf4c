/** Where the number in a cell came from, asked for when the page has come to rest on it. */
import { useEffect, useRef, useState } from "preact/hooks"
import { toProblem } from "../problems.js"
import { explain, look } from "../readings.js"
import { example, returns, session, trace } from "../state.js"

/** @import { Cell, Explanation } from "../types.js" */

const REST = 60 // milliseconds that a pointer rests on a cell before the server is asked

/**
 * @param {Cell | null} cell
 * @param {{limit?: number, offset?: number, order?: "index" | "magnitude"}} [terms]
 * @returns {{explanation: Explanation | null, m: number, isCurrent: boolean, problem: import("../state.js").Problem | null}}
 *   the answer last given with its number of examples, and whether it is this cell's of this step; an answer for another step stays
 *   until its own has come, one for another example or for the batch does not
 */
export function useExplanation(cell, { limit = 12, offset = 0, order = "magnitude" } = {}) {
  const [answer, setAnswer] = useState(/** @type {{key: string, of: string, m: number, explanation: Explanation | null, problem: import("../state.js").Problem | null} | null} */ (null))
  const step = trace.value?.step
  const of = `${session.value?.id} ${example.value}`
  const place = cell ? `${cell.tensor}.${cell.layer}.${cell.row}.${cell.col}` : ""
  const about = look()
  const before = useRef("")
  const m = trace.value?.batch.size ?? 1
  const key = cell && session.value ? [session.value.id, step, example.value, cell.tensor, cell.layer, cell.row, cell.col, order, offset, limit].join() : ""
  useEffect(() => {
    if (!cell || !key) return
    const life = new AbortController()
    const isAnother = before.current !== "" && before.current !== place // a pointer on its way rests first; another step does not wait
    before.current = place
    const wait = setTimeout(() => {
      explain(about, cell, { order, offset, limit }, life.signal)
        .then((explanation) => setAnswer({ key, of, m, explanation, problem: null }))
        .catch((error) => life.signal.aborted || setAnswer({ key, of, m, explanation: null, problem: toProblem(error) }))
    }, isAnother ? REST : 0)
    return () => {
      clearTimeout(wait)
      life.abort()
    }
  }, [key, returns.value]) // without an answer, again when the server is back
  const isCurrent = answer?.key === key && key !== ""
  const known = answer?.of === of ? answer.explanation : null
  return { explanation: known, m: answer?.m ?? m, isCurrent, problem: isCurrent ? (answer?.problem ?? null) : null }
}

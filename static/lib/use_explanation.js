/** Where the number in a cell came from, asked for when the page has come to rest on it. */
import { useEffect, useState } from "preact/hooks"
import * as actions from "../actions.js"
import { example, session, trace } from "../state.js"

/** @import { Cell, Explanation } from "../types.js" */

const REST = 60 // milliseconds that a pointer rests on a cell before the server is asked

/**
 * @param {Cell | null} cell
 * @param {{limit?: number, offset?: number, order?: "index" | "magnitude"}} [terms]
 * @returns {{explanation: Explanation | null, isCurrent: boolean, problem: import("../state.js").Problem | null}}
 *   the answer last given, and whether it is this cell's; an answer for the same cell of another step stays until its own has come
 */
export function useExplanation(cell, { limit = 12, offset = 0, order = "magnitude" } = {}) {
  const [answer, setAnswer] = useState(/** @type {{key: string, explanation: Explanation | null, problem: import("../state.js").Problem | null} | null} */ (null))
  const step = trace.value?.step
  const key = cell && session.value ? [session.value.id, step, example.value, cell.tensor, cell.layer, cell.row, cell.col, order, offset, limit].join() : ""
  useEffect(() => {
    if (!cell || !key) return
    const life = new AbortController()
    const wait = setTimeout(() => {
      actions
        .explain(cell, { order, offset, limit }, life.signal)
        .then((explanation) => setAnswer({ key, explanation, problem: null }))
        .catch((error) => life.signal.aborted || setAnswer({ key, explanation: null, problem: actions.toProblem(error) }))
    }, answer ? REST : 0)
    return () => {
      clearTimeout(wait)
      life.abort()
    }
  }, [key])
  const isCurrent = answer?.key === key && key !== ""
  return { explanation: answer?.explanation ?? null, isCurrent, problem: isCurrent ? (answer?.problem ?? null) : null }
}

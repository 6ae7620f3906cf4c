/** What went wrong with what was asked for beside it, in a place of its own. */
import { useEffect, useRef, useState } from "preact/hooks"
import { returns } from "../state.js"
import { settle } from "./lost_answers.js"

/** @import { Problem } from "../state.js" */

/**
 * Once the server answers again, a problem that was told for want of an answer says so, and what was not done.
 * @returns {[Problem | null, (problem: Problem | null) => void]} the problem, and how to tell one
 */
export function useProblem() {
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null))
  const last = useRef(problem)
  const tell = (/** @type {Problem | null} */ now) => setProblem((last.current = now))
  const place = {
    get value() {
      return last.current
    },
    set value(now) {
      tell(now)
    },
  }
  useEffect(() => void settle(place), [returns.value])
  return [problem, tell]
}

/**
 * What the server says of the step on the page, beyond its trace: asked for while a view is open, one request at a time.
 *
 * @import { Trace } from "../types.js"
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { toProblem } from "../problems.js"
import { transport } from "../state.js"

/**
 * An answer keeps the trace that it is about, so a view draws the two together or not at all.
 * @template T
 * @typedef {{about: Trace, key: string, answer: T | null, problem: import("../state.js").Problem | null}} Answer
 */

/**
 * While batches are played, a request that is under way ends before the next begins: a slow server is asked as often as it answers,
 * and what it last said stays on the page with its own trace. Otherwise a request that is out of date is given up.
 *
 * @template T
 * @param {{value: Trace | null, peek: () => Trace | null}} subject the signal of the trace that is asked about
 * @param {string} key of what else is asked, as the layer
 * @param {(about: Trace, signal: AbortSignal) => Promise<T | null>} ask null where the page has gone on meanwhile
 * @returns {{last: Answer<T> | null, isCurrent: boolean, retry: () => void}}
 */
export function useAnswer(subject, key, ask) {
  const [last, setLast] = useState(/** @type {Answer<T> | null} */ (null))
  const flight = useRef(/** @type {AbortController | null} */ (null))
  const wanted = useRef({ key, ask })
  wanted.current = { key, ask }
  const now = subject.value

  const start = () => {
    const about = subject.peek() // what `actions` will name to the server: never older than the last drawing
    if (!about) return
    const { key, ask } = wanted.current
    const life = new AbortController()
    flight.current = life
    const isWanted = () => subject.peek() === about && wanted.current.key === key
    /** @param {T | null} answer @param {import("../state.js").Problem | null} problem */
    const end = (answer, problem) => {
      if (flight.current !== life) return
      flight.current = null
      if (answer !== null || (problem && isWanted())) setLast({ about, key, answer, problem })
      if (!isWanted()) start()
    }
    ask(about, life.signal).then(
      (answer) => end(answer, null),
      (error) => life.signal.aborted || end(null, toProblem(error)),
    )
  }

  useLayoutEffect(() => {
    if (flight.current && transport.peek().status === "playing") return
    flight.current?.abort()
    flight.current = null
    start()
  }, [now, key])
  useEffect(
    () => () => {
      flight.current?.abort()
      flight.current = null
    },
    [],
  )
  return { last, isCurrent: last !== null && last.about === now && last.key === key, retry: start }
}

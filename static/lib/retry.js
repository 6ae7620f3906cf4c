/**
 * When something that failed is tried again: later each time, but soon where there is news.
 *
 * @param {() => void} again
 * @param {{first: number, latest: number, soon: number}} waits in milliseconds: the first one, twice as long each time up to the latest; and at most so long after news
 */
export function retryOf(again, { first, latest, soon }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let due = Infinity
  let failures = 0 // in a row
  let isSoon = false
  const stop = () => {
    clearTimeout(timer)
    timer = undefined
    isSoon = false
  }
  /** @param {number} wait */
  const start = (wait) => {
    clearTimeout(timer)
    due = Date.now() + wait
    timer = setTimeout(() => {
      stop()
      again()
    }, wait)
  }
  return {
    isWaiting: () => timer !== undefined,
    /** After a failure. */
    later() {
      stop()
      const wait = Math.min(latest, first * 2 ** failures++)
      start(wait * (1 + Math.random() / 2)) // not all of a class at once
    },
    /** At news: once for each failure, so that much news does not put it off. */
    sooner() {
      if (timer === undefined || isSoon) return
      isSoon = true
      start(Math.min(Math.max(0, due - Date.now()), soon * Math.random()))
    },
    /** Waits no longer. */
    stop,
    /** Nothing failed any more. */
    forget() {
      stop()
      failures = 0
    },
  }
}

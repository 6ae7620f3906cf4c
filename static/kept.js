/**
 * What this browser keeps: for good, or as long as its tab is there. Where it keeps nothing (storage blocked, full, or not there at all),
 * the page itself does until it is left, and says so.
 */
import { signal } from "@preact/signals"

/** Whether something is kept by the page alone, and goes with it. */
export const isForgetful = signal(false)

/** @param {() => Storage} storage asked for anew each time: a browser that blocks it throws at the very name */
function keeper(storage) {
  /** What storage did not take. @type {Map<string, string>} */
  const own = new Map()
  /** @template T @param {(storage: Storage) => T} use @returns {T | null} */
  const attempt = (use) => {
    try {
      return use(storage())
    } catch {
      isForgetful.value = true
      return null
    }
  }
  return {
    /** @param {string} name @returns {string | null} */
    getItem: (name) => own.get(name) ?? attempt((there) => there.getItem(name)),
    /** @param {string} name @param {string} text */
    setItem(name, text) {
      own.set(name, text)
      attempt((there) => {
        there.setItem(name, text)
        own.delete(name)
      })
    },
    /** @param {string} name */
    removeItem(name) {
      own.delete(name)
      attempt((there) => there.removeItem(name))
    },
  }
}

export const kept = keeper(() => localStorage)
export const keptInTab = keeper(() => sessionStorage)

/** Whether the tab shows the page that it showed before, and not one that a link led to. */
export function isReloaded() {
  const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"))
  return way?.type === "reload"
}

/**
 * Keeps the place that the address names at the top of the window while what stands above it grows: equations are typeset and numbers come
 * after the page is there, and the browser scrolls to a place once.
 */

/** What a person moves the page with, or has begun to work with what is on it. */
const BY_HAND = ["wheel", "touchmove", "keydown", "pointerdown"]

/**
 * @param {HTMLElement} content whose height changes
 * @param {() => boolean} isGrowing whether a place that is named from now on would move: else the browser's own jump, and its way back, are right
 * @returns {() => void} which stops it
 */
export function holdTarget(content, isGrowing) {
  let isHeld = true
  const go = () => {
    if (isHeld) document.getElementById(placeIn(location.hash))?.scrollIntoView({ behavior: "instant" })
  }
  const letGo = () => { isHeld = false }
  const follow = () => { // a link within the page, after the hand that pressed it
    isHeld = isGrowing()
    go()
  }
  const observer = new ResizeObserver(go) // reports once at the start, too
  observer.observe(content)
  for (const name of BY_HAND) addEventListener(name, letGo, { passive: true })
  addEventListener("hashchange", follow)
  return () => {
    observer.disconnect()
    for (const name of BY_HAND) removeEventListener(name, letGo)
    removeEventListener("hashchange", follow)
  }
}

/** The id that an address names after its "#"; as it is written where no text was encoded so, as in "#%". @param {string} hash */
export function placeIn(hash) {
  const name = hash.slice(1)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

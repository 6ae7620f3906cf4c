/** The right to step the sessions that this browser made: it stays here, and in no address. */

/** @param {string} id */
const keyName = (id) => `backscope-key-${id}`

/** @param {string} id @param {string | null} key null forgets it */
export function keepKey(id, key) {
  if (key) localStorage.setItem(keyName(id), key)
  else localStorage.removeItem(keyName(id))
}

/** @param {string} id */
export const keptKey = (id) => localStorage.getItem(keyName(id))

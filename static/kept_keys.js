/** The right to step the sessions that this browser made: it stays here, and in no address. */
import { writeKey } from "./address.js"
import { isForgetful, kept, keptInTab } from "./kept.js"

/** @param {string} id */
const keyName = (id) => `backscope-key-${id}`

/** @param {string} id @param {string | null} key null forgets it */
export function keepKey(id, key) {
  if (key) kept.setItem(keyName(id), key)
  else kept.removeItem(keyName(id))
}

/** @param {string} id */
export const keptKey = (id) => kept.getItem(keyName(id))

/** @param {string} id */
const offerName = (id) => `backscope-offered-key-${id}`

/** Keeps the key of a link until the server has said whether it is the session's: also where it does not answer, and the page is loaded again. @param {string} id @param {string | null} key null forgets it */
export function offerKey(id, key) {
  if (key) keptInTab.setItem(offerName(id), key)
  else keptInTab.removeItem(offerName(id))
}

/** @param {string} id */
export const offeredKey = (id) => keptInTab.getItem(offerName(id))

/** The end of an address of this origin that takes the key along where this page alone keeps it; "" where the next page finds it. @param {string} id */
export function keyAlong(id) {
  const key = isForgetful.value ? keptKey(id) : null
  return key ? writeKey(key) : ""
}

/** The right to step the sessions that this browser made: it stays here, and in no address. */
import { writeKey } from "./address.js"
import { api, ProblemError } from "./api.js"
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

/** Whether a key that somebody brings is the session's. @param {string} id @param {string} key @throws {ProblemError} where the server does not say */
export async function isKeyOf(id, key) {
  if (!/^[!-~]+$/.test(key)) return false // no request could carry it
  try {
    await api.checkKey(id, key)
    return true
  } catch (error) {
    if (error instanceof ProblemError && [401, 403, 404].includes(error.status)) return false // without the session, opening it says so
    throw error
  }
}

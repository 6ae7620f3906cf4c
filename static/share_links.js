/** The links of a session: to watch it, and to change it. The key stands behind the #, which browsers send to no server. */
import { writeAddress, writeKey } from "./address.js"
import { keptKey } from "./kept_keys.js"

/** The address under which anybody may watch a session. @param {string} id */
export const readLink = (id) => `${location.origin}/${writeAddress({ session: id, step: null, example: null, phase: null, cell: null })}`

/** Puts the address of a session on the clipboard. @param {string} id */
export const copyReadLink = (id) => navigator.clipboard.writeText(readLink(id))

/** The same with the right to change it. @param {string} id */
export const copyEditLink = (id) => navigator.clipboard.writeText(`${readLink(id)}${writeKey(keptKey(id) ?? "")}`)

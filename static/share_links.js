/** The links of a session: to watch it, and to change it. The key stands behind the #, which browsers send to no server. */
import { writeAddress, writeKey } from "./address.js"
import { keptKey } from "./kept_keys.js"
import { drawing } from "./preset_actions.js"
import { session } from "./state.js"

/** The address under which anybody may watch a session: the one on the page, as it is drawn there, so that all speak of one picture. @param {string} id */
export const readLink = (id) => `${location.origin}/${writeAddress({ session: id, step: null, example: null, phase: null, cell: null, ...(session.value?.id === id ? drawing() : {}) })}`

/** Puts the address of a session on the clipboard. @param {string} id */
export const copyReadLink = (id) => navigator.clipboard.writeText(readLink(id))

/** The same with the right to change it. @param {string} id */
export const copyEditLink = (id) => navigator.clipboard.writeText(`${readLink(id)}${writeKey(keptKey(id) ?? "")}`)

/** The views below the lens, by the names that addresses, presets and those who teach have for them. The first is open where nothing names one. */
export const tabNames = /** @type {const} */ (["flow", "gate", "agreement", "proof", "health", "curves", "batch", "boundary", "pictures"])

/** @typedef {typeof tabNames[number]} TabName */

/** @param {string | null | undefined} name @returns {name is TabName} */
export const isTabName = (name) => /** @type {readonly (string | null | undefined)[]} */ (tabNames).includes(name)

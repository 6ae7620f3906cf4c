/** How wide a number is in the small print (--text-xs), without asking the browser: a figure's width is the same everywhere. Pure. */

/** Pixels of a character in the small print, whose figures are all of one width. */
const FIGURE = 7.1
const OTHERS = /** @type {Record<string, number>} */ ({ ".": 3.1, "…": 9.6, "≤": 9.2, "⁻": 5.9, " ": 3.2, "∞": 9.6 })
const SUPERSCRIPT = 4.9

/** @param {string} text a number, or a range of them @returns {number} pixels */
export const widthOf = (text) => [...text].reduce((sum, one) => sum + (OTHERS[one] ?? ("⁰¹²³⁴⁵⁶⁷⁸⁹".includes(one) ? SUPERSCRIPT : FIGURE)), 0)

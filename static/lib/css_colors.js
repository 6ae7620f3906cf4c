/** Tokens as colours that a canvas understands. */

/**
 * The value of a colour token in the scheme that is on now. `light-dark()` is only resolved in a property, hence the probe.
 * @param {string[]} tokens "--curve-train" @returns {Record<string, string>}
 */
export function tokenColors(tokens) {
  const probe = document.createElement("span")
  probe.hidden = true
  document.body.append(probe)
  /** @type {Record<string, string>} */
  const colors = {}
  for (const token of tokens) {
    probe.style.color = `var(${token})`
    colors[token] = getComputedStyle(probe).color
  }
  probe.remove()
  return colors
}

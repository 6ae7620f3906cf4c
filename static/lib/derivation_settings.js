/**
 * The letters of ingredients with what they are in a run. Pure.
 *
 * @import { CatalogEntry, Choice, SessionConfig, SessionPhase } from "../types.js"
 */

/** @typedef {{symbol: string, help: string, value: number}} Setting */

/**
 * Those that the equation of a phase has, or what is said of it, of the ingredient that it is of.
 * @param {SessionConfig} config @param {CatalogEntry | undefined} entry @param {SessionPhase} phase @returns {Setting[]}
 */
export function settingsOf(config, entry, { family, layer, whole, why }) {
  return settingsIn(entry, chosenFor(config, family, layer)).filter(({ symbol }) => hasLetter(whole, symbol) || hasLetter(why, symbol.replace("\\", "")))
}

/** Whether LaTeX or a sentence has a letter in it, by itself. @param {string} latex @param {string} letter */
const hasLetter = (latex, letter) => new RegExp(`(?<![A-Za-z\\\\])${letter.replaceAll("\\", "\\\\")}(?![A-Za-z])`).test(latex)

/** @param {CatalogEntry | undefined} entry @param {unknown} chosen its name alone, its parameters, or its one number @returns {Setting[]} */
export function settingsIn(entry, chosen) {
  const given = typeof chosen === "object" && chosen !== null ? /** @type {Record<string, unknown>} */ (chosen) : {}
  const lettered = (entry?.parameters ?? []).filter(({ symbol }) => symbol !== "")
  return lettered.map(({ name, symbol, help, default: usual }) => ({ symbol, help, value: Number(typeof chosen === "number" ? chosen : (given[name] ?? usual)) }))
}

/** What the run has of a family in a layer. @param {SessionConfig} config @param {string} family @param {number} layer */
function chosenFor(config, family, layer) {
  const ofLayer = (/** @type {unknown} */ choice) => (Array.isArray(choice) ? choice[layer - 1] : choice)
  switch (family) {
    case "activation": return layer < config.layer_sizes.length - 1 ? ofLayer(config.hidden_activations) : config.output_activation
    case "normalisation": return ofLayer(config.normalisation)
    case "dropout": return ofLayer(config.dropout)
    case "output": case "loss": return config.loss
    case "output activation": return config.output_activation
    case "clipping": return config.clipping
    case "optimizer": return config.optimizer
    default: return null
  }
}

/**
 * The letters of ingredients with what they are in a run. Pure.
 *
 * @import { Catalog, CatalogEntry, Choice, SessionConfig, SessionPhase } from "../types.js"
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

/**
 * The letters of all that makes the update of a step. The optimizer's own learning rate is that of the step; where a schedule made it, the schedule says of what.
 * @param {Pick<Catalog, "optimizers" | "clippings" | "schedules">} catalog @param {SessionConfig} config that the step was taken with
 * @param {{step: number, learning_rate?: number | null}} trace
 * @returns {{entry: CatalogEntry, title: string, settings: Setting[]}[]}
 */
export function settingsOfUpdate({ optimizers, clippings, schedules }, config, { step, learning_rate: rate }) {
  const { learning_rate: given } = config.optimizer
  const [optimizer, clipping, schedule] = [entryNamed(optimizers, config.optimizer), entryNamed(clippings, config.clipping), entryNamed(schedules, config.schedule)]
  const symbol = optimizer?.parameters.find(({ name }) => name === "learning_rate")?.symbol ?? ""
  const ofSchedule = settingsIn(schedule, config.schedule)
  const isScheduled = ofSchedule.length > 0 && rate != null
  return [
    { entry: optimizer, title: optimizer?.title, settings: settingsIn(optimizer, { ...config.optimizer, learning_rate: rate ?? given }) },
    { entry: clipping, title: `Clipping ${clipping?.title.toLowerCase()}`, settings: settingsIn(clipping, config.clipping) },
    {
      entry: schedule,
      title: `Learning rate: ${schedule?.title.toLowerCase()}`,
      settings: isScheduled ? [{ symbol, help: "the rate that it is made of", value: given }, ...ofSchedule, { symbol: `${symbol}_{${step}}`, help: "the rate of this step", value: rate }] : ofSchedule,
    },
  ].flatMap(({ entry, title, settings }) => (entry && settings.length > 0 ? [{ entry, title: title ?? "", settings }] : []))
}

/** @param {readonly CatalogEntry[]} entries @param {Choice | null | undefined} choice */
const entryNamed = (entries, choice) => entries.find(({ name }) => name === (typeof choice === "object" ? choice?.name : choice))

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

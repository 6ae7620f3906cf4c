/**
 * A run in few words, for the page's bar.
 *
 * @import { Catalog, Choice, Session, SessionConfig } from "../types.js"
 */

/** An ingredient as people write it down: "leaky_relu 0.2", "step 100 0.5". @param {Choice} choice @param {string[]} [shown] parameters that are named; all by default */
export function choiceWords(choice, shown) {
  if (typeof choice === "string") return choice
  const { name, ...parameters } = choice
  const values = Object.entries(parameters).filter(([key]) => !shown || shown.includes(key))
  return [name, ...values.map(([, value]) => String(value))].join(" ")
}

/** @param {Choice} choice */
const nameOf = (choice) => (typeof choice === "string" ? choice : choice.name)

const LONGEST_FILE = 40 // characters of a file's name; of a longer one the two ends say most

/** The data by the name that tells them from others: that of the file, where a person brought one. @param {SessionConfig["dataset"]} dataset */
export function dataName({ name, file }) {
  if (typeof file !== "string") return name
  const plain = file.replaceAll(" · ", " ") // which parts what is told of a run
  return plain.length > LONGEST_FILE ? `${plain.slice(0, LONGEST_FILE / 2)}…${plain.slice(1 - LONGEST_FILE / 2)}` : plain
}

/** @param {SessionConfig} config @param {boolean} isReadOnly */
export function describeRun(config, isReadOnly) {
  const hidden = [config.hidden_activations].flat()
  const norms = [config.normalisation ?? []].flat()
  const rates = [config.dropout ?? 0].flat()
  const ends = [nameOf(config.output_activation), nameOf(config.loss)]
  const parts = [
    dataName(config.dataset),
    config.layer_sizes.join("–"),
    hidden.length ? [...new Set(hidden.map((one) => choiceWords(one)))].join(", ") : "no hidden layer",
  ]
  if (ends.join() !== "softmax,cross_entropy" || typeof config.loss !== "string") {
    parts.push(`${choiceWords(config.output_activation)} with ${choiceWords(config.loss)}`)
  }
  if (norms.some(Boolean)) parts.push([...new Set(norms.flatMap((one) => (one ? choiceWords(one) : [])))].join(", "))
  if (rates.some((rate) => rate > 0)) parts.push(`dropout ${[...new Set(rates)].join(", ")}`)
  parts.push(config.W ? `${config.b ? "W and b" : "W"} given` : nameOf(config.initializer))
  parts.push(choiceWords(config.optimizer, ["learning_rate", "momentum"]))
  if (config.schedule && nameOf(config.schedule) !== "constant") parts.push(`${choiceWords(config.schedule)} schedule`)
  if (config.clipping) parts.push(`clipped by ${choiceWords(config.clipping)}`)
  parts.push(`batch ${config.batch_size}`, `seed ${config.seed}`)
  if (config.dtype !== "float64") parts.push(config.dtype)
  if (isReadOnly) parts.unshift("read only") // at the end it would be the first to be cut
  return parts.join(" · ")
}

/** What a loss is counted in: nats where it is of probabilities. @param {Session | null} session @param {Catalog | null} catalog */
export function lossUnit(session, catalog) {
  const loss = session && nameOf(session.config.loss)
  return catalog?.outputs.some((output) => output.loss === loss) ? "nats" : ""
}

/** Whether examples are right or wrong: only where each has one class, and not where targets are numbers that look like shares. @param {Session | null} session */
export const hasAccuracy = (session) => session?.dataset.targets === "classes" && session.test_accuracy !== null

/** What the outputs are called, where they have names: those that data given as numbers count their classes by are none where no example is of a class. @param {Session | null} session @returns {string[]} */
export const outputNames = (session) => (session?.dataset.name === "inline" && session.dataset.targets === "classes" && !hasAccuracy(session) ? [] : (session?.dataset.target_names ?? []))

/** Whether the service tells a share that is right: of examples that have a class, or of outputs that are each a label of their own. @param {Session | null} session */
export const isAccuracyTold = (session) => ["classes", "labels"].includes(session?.dataset.targets) && typeof session?.test_accuracy === "number"

/** Of what that share is, where it is not of examples. @param {Session | null} session */
export const accuracyWords = (session) => (session?.dataset.targets === "labels" ? "The share of all outputs, of all examples, that stand on the same side of one half as their target." : "")

/** Which examples the figures after an update are of. @param {Session | null} session */
export const isHeldOut = (session) => session?.dataset.held_out !== false

/** A feature at its axis: standardised, its numbers are not those of the data. @param {{feature_names?: string[], standardised?: boolean}} data @param {number} index */
export const featureTitle = (data, index) => `${data.feature_names?.[index] ?? `feature ${index}`}${data.standardised ? ", standardised" : ""}`

/** What the network says over its one or two features: a boundary where classes or labels are to be parted, and not where targets are numbers or only look like shares. @param {Session | null} session */
export const planeTitle = (session) => (!session || session.dataset.targets === "labels" || hasAccuracy(session) ? "Boundary" : "Answers")

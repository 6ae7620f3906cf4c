/**
 * What makes one run different from another, in words. Pure.
 *
 * @import { Session, SessionConfig } from "../types.js"
 */
import { changesAt } from "./edit_log.js"
import { formatCount } from "./format.js"

/** What the fields of a configuration are called, in the order in which they are told. @type {Record<string, string>} */
const TITLES = {
  dataset: "data",
  layer_sizes: "layers",
  hidden_activations: "activation",
  output_activation: "output",
  loss: "loss",
  normalisation: "normalisation",
  dropout: "dropout",
  initializer: "initialisation",
  W: "W to begin with",
  b: "b to begin with",
  gamma: "gamma to begin with",
  beta: "beta to begin with",
  optimizer: "optimizer",
  schedule: "schedule",
  clipping: "clipping",
  batch_size: "batch size",
  seed: "seed",
  dtype: "precision",
}

/** The name of a run among those that are compared: A, B, C, D. @param {number} place */
export const letterAt = (place) => String.fromCharCode(65 + place)

/** A run where no colour can stand, and where its page is not at hand: its letter and how its id begins. @param {number} place @param {string} id @param {number | null} [step] where that is not the one that all are looked at */
export const nameInFiles = (place, id, step = null) => `${letterAt(place)} (${id.slice(0, 8)}${step === null ? "" : ` at step ${step}`})`

/** The configuration that the run goes on with: as it began, and as it was changed since. @param {Pick<Session, "config" | "changes">} session @returns {SessionConfig} */
export const configNow = ({ config, changes }) => ({ ...config, ...changes })

/** @typedef {{field: string, title: string, now: string, before: string}} FieldDifference */

/** A run with what was done to it and not undone. @typedef {{session: Pick<Session, "config" | "changes">, log: readonly import("./compare_edits.js").Entry[]}} Told */

/** The configuration that a step was taken with. @param {Told} run @param {number} step before the first: that of the first @returns {SessionConfig} */
export const configAt = ({ session: { config }, log }, step) => ({ ...config, ...changesAt(log, config, Math.max(1, step)) })

/**
 * What is not the same in the step that is looked at, and what will not be after it. Steps are each run's own: one that has taken fewer is looked at where it stands.
 * @param {Told & {at: number}} run @param {Told & {at: number}} base
 * @returns {{now: FieldDifference[], later: FieldDifference[], from: number | null}} `from`: the first step of which something of `later` is true
 */
export function differencesAt(run, base) {
  const told = (/** @type {readonly FieldDifference[]} */ all) => all.map(differenceWords)
  const now = differencesOf(configAt(run, run.at), configAt(base, base.at))
  const after = differencesOf(configNow(run.session), configNow(base.session))
  const later = after.filter((one) => !told(now).includes(differenceWords(one)))
  const changes = [run, base].flatMap(({ log, at }) => log.filter(({ step, action }) => step >= Math.max(1, at) && ["configure", "optimizer"].includes(action.name)).map(({ step }) => step + 1))
  return { now, later, from: later.length > 0 && changes.length > 0 ? Math.min(...changes) : null }
}

/** "from step 73 on learning rate 0.02 instead of 0.1"; "" where nothing is to come. @param {ReturnType<typeof differencesAt>} differences */
export const laterWords = ({ later, from }) => (later.length === 0 ? "" : `${from === null ? "later" : `from step ${formatCount(from)} on`} ${later.map(differenceWords).join("; ")}`)

/**
 * Field by field what is not the same; of an ingredient of the same name, the parameters alone.
 * @param {SessionConfig} config @param {SessionConfig} base @returns {FieldDifference[]}
 */
export function differencesOf(config, base) {
  return Object.keys(TITLES).flatMap((field) => {
    const [now, before] = [config, base].map((one) => alike(field, /** @type {any} */ (one)[field] ?? null))
    if (JSON.stringify(now) === JSON.stringify(before)) return []
    const title = TITLES[field] ?? field
    const isChoice = [now, before].every((one) => one !== null && typeof one === "object" && !Array.isArray(one))
    if (!isChoice || now.name !== before.name) return [{ field, title, now: wordsOf(now), before: wordsOf(before) }]
    const isSame = (/** @type {string} */ name) => JSON.stringify(now[name]) === JSON.stringify(before[name])
    // what a file is called makes no difference where its content is the same, and is told in its place where it is not
    const changed = Object.keys({ ...before, ...now }).filter((name) => !isSame(name) && !(name === "file" && isSame("content")) && !(name === "content" && !isSame("file")))
    return changed.map((name) => ({ field: `${field}.${name}`, title: name.replaceAll("_", " "), now: wordsOf(now[name]), before: wordsOf(before[name]) }))
  })
}

const OF_EACH_LAYER = ["hidden_activations", "normalisation", "dropout"]

/** What is the same in all hidden layers is one thing, however many layers there are. @param {string} field @param {any} value */
const alike = (field, value) => (OF_EACH_LAYER.includes(field) && Array.isArray(value) && new Set(value.map((one) => JSON.stringify(one))).size === 1 ? value[0] : value)

/** "tanh instead of relu". @param {FieldDifference} difference */
export const differenceWords = ({ title, now, before }) => `${title} ${now} instead of ${before}`

/** A field's value in words: alike layers are told once. @param {any} value @returns {string} */
function wordsOf(value) {
  if (value === null || value === undefined) return "none"
  if (Array.isArray(value)) {
    if (value.some(Array.isArray)) return "given" // matrices
    const words = value.map(wordsOf)
    const isOfSizes = value.length > 1 && value.every((one) => Number.isInteger(one))
    if (isOfSizes) return words.join("–")
    return words.length === 0 ? "none" : new Set(words).size === 1 ? (words[0] ?? "") : words.join(", ")
  }
  if (typeof value === "boolean") return value ? "on" : "off"
  if (typeof value !== "object") return String(value)
  if ("content" in value || "X" in value) return `${value.name} of its own`
  // of an optimizer its rate says enough; all else that differs is the name
  const { name, ...parameters } = "learning_rate" in value ? { name: value.name, learning_rate: value.learning_rate } : value
  const named = Object.entries(parameters).map(([parameter, of]) => `${parameter.replaceAll("_", " ")} ${wordsOf(of)}`)
  return named.length === 0 ? name : `${name} (${named.join(", ")})`
}

/**
 * Where a run comes from, if from one of the others.
 * @param {Session} session @param {readonly {id: string}[]} runs that are compared
 */
export function originOf({ parent, id }, runs) {
  if (!parent) return null
  const place = runs.findIndex((run) => run.id === parent.id && run.id !== id)
  if (place < 0) return null
  return parent.step === 0 ? `same start as ${letterAt(place)}` : `forked from ${letterAt(place)} after step ${formatCount(parent.step)}`
}

/**
 * The list "your sessions": what this browser remembers of sessions, and no one else.
 *
 * @import { OwnSession, Session } from "../types.js"
 */
import { configNow, differencesOf, differenceWords } from "./compare_words.js"
import { formatCount } from "./format.js"
import { dataName, describeRun } from "./run_words.js"

const MOST = 200

/** What was kept, as far as it is what it should be: storage may be old, or somebody's else. @param {string | null} text @returns {OwnSession[]} */
export function readList(text) {
  try {
    const kept = JSON.parse(text ?? "[]")
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.id === "string" && typeof one.name === "string" && Number.isInteger(one.step)) : []
  } catch {
    return []
  }
}

/** The list with a session at its head, with what is known of it from before. @param {OwnSession[]} list @param {OwnSession} one @returns {OwnSession[]} */
export const remember = (list, one) => [{ ...list.find(({ id }) => id === one.id), ...one }, ...list.filter(({ id }) => id !== one.id)].slice(0, MOST)

/** Whether a run is worth a place in the list: one that came by itself, only once something was done with it. @param {Pick<Session, "id" | "step" | "edits">} session @param {string | null} unasked the run that came by itself */
export const isWanted = ({ id, step, edits }, unasked) => id !== unasked || step > 1 || edits > 0

/** A session as it is remembered. @param {Session} session @param {boolean} hasKey @param {Date} now @returns {OwnSession} */
export const ownOf = (session, hasKey, now) => ({
  id: session.id,
  name: nameOf(session.config),
  about: tellingOf(session, session.changes),
  parent: session.parent ?? null,
  made: session.created_at,
  opened: now.toISOString(),
  step: session.step,
  hasKey,
  expires: session.expires_at,
})

/** What makes a fork another run than the one that it was made of: "activation tanh instead of relu"; "" where nothing is. @param {Session} fork @param {Session} parent */
export const changeOf = (fork, parent) => differencesOf(configNow(fork), fork.parent?.step === 0 ? parent.config : configNow(parent)).map(differenceWords).join("; ")

/** The forks of a run that this browser knows, in the order of the steps where they part from it. @param {readonly OwnSession[]} list @param {string} id @returns {OwnSession[]} */
export const forksOf = (list, id) => list.filter((one) => one.parent?.id === id && !one.isGone).sort((one, other) => (one.parent?.step ?? 0) - (other.parent?.step ?? 0))

/** Where a fork parts from its parent. @param {number} step */
export const partingWords = (step) => (step === 0 ? "from the start" : `after step ${formatCount(step)}`)

/** @param {OwnSession[]} list @param {string} id @returns {OwnSession[]} */
export const forget = (list, id) => list.filter((one) => one.id !== id)

/** @param {OwnSession[]} list @param {string} id @returns {OwnSession[]} */
export const markGone = (list, id) => list.map((one) => (one.id === id ? { ...one, isGone: true } : one))

/** What tells a run from others on the same data: where it was forked, and what it is made of. @param {Pick<import("../types.js").Session, "config" | "parent">} session @param {object} [changes] since it began */
export function tellingOf({ config, parent }, changes = {}) {
  const [, , ...rest] = describeRun({ ...config, ...changes }, false).split(" · ")
  const from = parent && `a fork ${partingWords(parent.step)}`
  return [from, ...rest].filter(Boolean).join(" · ")
}

/** @param {Pick<import("../types.js").SessionConfig, "dataset" | "layer_sizes">} config */
export const nameOf = (config) => `${dataName(config.dataset)} ${config.layer_sizes.join("–")}`

/** Days until a session goes, unless somebody reads it. @param {string | null} expires @param {number} now in milliseconds */
export function keptWords(expires, now) {
  if (!expires) return "kept until it is deleted"
  const left = (Date.parse(expires) - now) / 86_400_000
  if (left < 0) return "may have expired"
  if (left < 1) return "goes within a day unless it is read"
  const days = Math.round(left) // of thirty days a moment is over as soon as they are counted
  return `kept for ${days} more day${days === 1 ? "" : "s"}, and longer if it is read`
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long" })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" })

/** @param {string} date */
export const dayWords = (date) => day.format(new Date(date))

/** @param {string} date */
export const momentWords = (date) => (Number.isNaN(Date.parse(date)) ? "at an unknown time" : moment.format(new Date(date)))

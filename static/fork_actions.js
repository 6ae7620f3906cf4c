/** Making a fork and bringing it as far as it shall go: for the lens, for an edit and for the comparison. */
import { api, ProblemError } from "./api.js"
import { keepKey } from "./kept_keys.js"
import { standingOf, startingEdits } from "./lib/compare_edits.js"
import { formatCount } from "./lib/format.js"
import { changeOf } from "./lib/own_sessions.js"
import { noteFork } from "./own_list.js"
import { toProblem } from "./problems.js"
import { unasked } from "./state.js"

/** @import { Action, Session } from "./types.js" */
/** @typedef {{step: number, changes?: object, edits?: Action[], log?: number}} ForkBody as the service takes it */
/** @typedef {Session & {edit_key: string}} Made */

/** How many batches are asked for at once: few enough that a person sees them come and can stop. */
const CHUNK = 20

/** Forks that were made but not brought as far as they should be, by what was asked for: another try goes on with them. @type {Map<string, {id: string, key: string}>} */
const unfinished = new Map()

/** That a fork was made, and its steps were not taken: it is there, whatever became of them. */
export class UnfinishedFork extends Error {
  /** @param {unknown} cause why it came no further @param {string} id of the fork @param {number} step to which it is known to have come */
  constructor(cause, id, step) {
    super("a fork was made and not brought as far as it should be", { cause })
    this.id = id
    this.step = step
  }
}

/** What is there of a fork that came no further. @param {UnfinishedFork} error */
const madeWords = ({ step }) => `The fork is made and stands at step ${formatCount(step)}, among your sessions.`

/**
 * What went wrong with a fork, with what is there of it all the same: of one whose answer was lost nothing, for its key was lost with it, and it is nobody's.
 * @param {unknown} error @param {() => unknown} retry makes it, or goes on with it where it is made @returns {import("./state.js").Problem}
 */
export function forkProblem(error, retry) {
  if (!(error instanceof UnfinishedFork)) return { ...toProblem(error), retry, lost: "No fork of your own came of it." }
  const problem = toProblem(error.cause)
  const made = madeWords(error)
  return { ...problem, message: `${problem.message} ${made}`, field: null, retry, lost: made }
}

/**
 * @param {string} id of the session that is forked @param {number} step from which on the fork is its own
 * @param {object} changes to the configuration
 * @param {{to: number, signal: AbortSignal, onProgress: (step: number) => void}} way `to`: the step to bring it to; when stopped, it stays where it has come to
 * @returns {Promise<{id: string, step: number}>}
 * @throws {import("./api.js").ProblemError} as the server refuses it
 * @throws {UnfinishedFork} where the fork is made already
 */
export async function forkRun(id, step, changes, { to, signal, onProgress }) {
  const parent = await api.session(id)
  // of a run that was edited meanwhile it would be another fork
  const wanted = JSON.stringify([id, parent.edits, step, changes])
  const { made, key } = (await findUnfinished(wanted)) ?? (await makeFork(parent, step, changes))
  if (unasked.value === id) unasked.value = null
  return bring(wanted, made, key, { change: changeOf(made, parent), to, signal, onProgress })
}

/**
 * A fork as it is asked for, brought to a step and opened: none of this is done twice where its answer alone was lost.
 * @param {string} id of the session that is forked @param {ForkBody} body
 * @param {{change: string, to: number, open: (id: string) => Promise<boolean>}} way `change`: what makes it another run, in words
 * @returns {Promise<boolean>} whether it is on the page, as `open` has it
 * @throws {import("./api.js").ProblemError} as the server refuses it
 * @throws {UnfinishedFork} where the fork is made already
 */
export async function forkAndOpen(id, body, { change, to, open }) {
  const wanted = JSON.stringify([id, body])
  const { made, key } = (await findUnfinished(wanted)) ?? kept(await api.fork(id, body))
  if (unasked.value === id) unasked.value = null
  let isOpened = false
  const show = async () => {
    isOpened = await open(made.id)
  }
  await bring(wanted, made, key, { change, to, signal: new AbortController().signal, onProgress: () => {}, show })
  return isOpened
}

/** @param {string} wanted @param {Session} made @param {string} key @param {{change: string, to: number, signal: AbortSignal, onProgress: (step: number) => void, show?: () => Promise<void>}} way `show`: what is still to be done with it there */
async function bring(wanted, made, key, { change, to, signal, onProgress, show }) {
  let reached = made.step
  // noted at once: whoever stops here, or never opens it, finds it among their sessions
  const note = () => noteFork({ ...made, step: reached }, change)
  note()
  onProgress(reached)
  unfinished.set(wanted, { id: made.id, key })
  try {
    while (reached < to && !signal.aborted) {
      reached = (await api.passSteps(made.id, key, reached, Math.min(CHUNK, to - reached))).step
      onProgress(reached)
    }
    if (reached >= to) await show?.()
  } catch (error) {
    note()
    throw new UnfinishedFork(error, made.id, reached)
  }
  if (reached >= to) unfinished.delete(wanted)
  note()
  return { id: made.id, step: reached }
}

/** @param {Made} made */
function kept(made) {
  keepKey(made.id, made.edit_key)
  return { made, key: made.edit_key }
}

/** @param {Session} parent @param {number} step @param {object} changes */
async function makeFork(parent, step, changes) {
  // what was done to the run after its newest step acts on the next one, and a fork from there goes on with it
  const isPlain = step > 0 || Object.keys(changes).length === 0 // at the start, changes begin the run anew
  const log = isPlain && step === parent.step ? { log: parent.edits } : {}
  return kept(await forkWith(parent, { step, changes, ...log }))
}

/** As it is now: the answer to steps that it has taken may have been lost. @param {string} wanted */
async function findUnfinished(wanted) {
  const known = unfinished.get(wanted)
  if (!known) return null
  try {
    return { made: await api.session(known.id), key: known.key }
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 404) throw error
    unfinished.delete(wanted) // deleted meanwhile, in the list of one's sessions or elsewhere
    return null
  }
}

/**
 * A fork with other changes at the start begins anew, so what was done to its parent before the first batch is done to it again.
 * @param {Session} parent @param {{step: number, changes: object, log?: number}} body
 */
async function forkWith(parent, body) {
  const changes = /** @type {Record<string, unknown>} */ (body.changes)
  if (body.step > 0 || parent.edits === 0 || Object.keys(changes).length === 0) return api.fork(parent.id, body)
  const [log, history] = await Promise.all([api.log(parent.id), api.history(parent.id, parent.step)])
  try {
    return await api.fork(parent.id, { ...body, edits: startingEdits(standingOf(log.edits, history), changes) })
  } catch (error) {
    // an edit that does not fit what was changed, such as of an example that a smaller batch has not: the comparison says that it is missing
    if (error instanceof ProblemError && error.field?.startsWith("edits")) return api.fork(parent.id, body)
    throw error
  }
}

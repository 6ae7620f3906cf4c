/** Takes runs to a step that they have not come to, and tells what became of each. */
import { api, ProblemError } from "./api.js"
import * as compare from "./compare_state.js"
import { keepKey } from "./kept_keys.js"
import { standingOf } from "./lib/compare_edits.js"
import { listed } from "./lib/compare_likeness.js"
import { letterAt } from "./lib/compare_words.js"
import { formatCount } from "./lib/format.js"
import { joinHistories } from "./lib/join_histories.js"
import { toProblem } from "./problems.js"
import * as state from "./state.js"

/** @import { Run } from "./compare_state.js" */
/** @import { Problem } from "./state.js" */

const { runs, lockstep } = compare
const CHUNK = 20 // batches that are asked for at once: few enough that a person sees them come and can stop

/** How far runs may have come by steps that were asked for without an answer: that is no step of anybody else. @type {Map<string, number>} */
const unanswered = new Map()

/** What is done about steps whose answer was lost: how it is said of runs that they did not take them, and how it is shown that all did. @typedef {{untaken: (those: Run[]) => string, show: () => void}} Lost */

/** Takes every run there that this browser may step. @param {number} target @param {Lost} lost @param {AbortSignal} [signal] @param {(count: number) => void} [onTaken] @returns {Promise<{problem: Problem | null, notice: string}>} */
export async function bringAllTo(target, lost, signal, onTaken) {
  const asked = runs.value
  const moved = await Promise.allSettled(asked.map((run) => bringTo(run, target, signal, onTaken)))
  const reached = new Map(moved.flatMap((one) => (one.status === "fulfilled" ? [[one.value.run.id, one.value.run]] : [])))
  const failures = asked.flatMap((run, at) => {
    const one = moved[at]
    return one?.status === "rejected" ? [{ run, error: one.reason }] : []
  })
  runs.value = runs.value.map((run) => reached.get(run.id) ?? run)
  for (const { run, error } of failures) {
    if (!isSilent(error)) unanswered.delete(run.id)
    if (error instanceof ProblemError && error.status === 403) forgetKey(run.id)
  }
  const silent = failures.filter(({ error }) => isSilent(error))
  const [refused] = failures.filter(({ error }) => !isSilent(error)).map(({ run, error }) => told(run, error))
  const notices = moved.flatMap((one) => (one.status === "fulfilled" && one.value.notice ? [one.value.notice] : []))
  if (silent.length === 0) return { notice: notices.join(" "), problem: refused ?? null }
  // what is not known yet is looked after; what is known is said beside it
  return { notice: [...notices, ...(refused ? [`${refused.title} ${refused.message}`] : [])].join(" "), problem: toldSilent(silent, target, lost) }
}

/** @param {unknown} error */
const isSilent = (error) => error instanceof ProblemError && error.isSilent

/** @param {{id: string}[]} those @returns {string} */
export const lettersOf = (those) => listed(those.map(({ id }) => letterAt(runs.value.findIndex((run) => run.id === id))))

/**
 * Nobody knows whether a step without an answer was taken, until the runs are looked at again.
 * @param {{run: Run, error: unknown}[]} failures @param {number} target @param {Lost} lost @returns {Problem}
 */
function toldSilent(failures, target, { untaken, show }) {
  const failed = failures.map(({ run }) => run)
  const { title, ...told } = toProblem(failures[0]?.error)
  const wasDone = async () => {
    const now = await Promise.all(failed.map(({ id }) => readAgain(id)))
    const behind = now.filter((run) => run !== null && (run.session?.step ?? 0) < target)
    if (behind.length > 0) return untaken(/** @type {Run[]} */ (behind))
    if (lockstep.value.problem === problem) show() // else the person has gone elsewhere
    return true
  }
  /** @type {Problem} */
  const problem = { ...told, title: `${failed.length > 1 ? "Runs" : "Run"} ${lettersOf(failed)}: ${title}`, lost: untaken(failed), wasDone }
  return problem
}

/** Looks again how far a run has come; null where it is no more, which its own place says. @param {string} id @returns {Promise<Run | null>} @throws {ProblemError} */
async function readAgain(id) {
  const run = runs.value.find((one) => one.id === id)
  if (!run || run.isGone) return null
  try {
    const now = await readOn(run)
    takeIn(now)
    unanswered.delete(id) // it is known again how far it has come
    return now
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null
    throw error
  }
}

/** Puts what was read of a run in its place, unless something newer stands there. @param {Run} now */
export function takeIn(now) {
  runs.value = runs.value.map((one) => (one.id === now.id && one.session && now.session && one.session.step <= now.session.step ? { ...now, key: one.key } : one))
}

/** Which of the runs it was that could not be stepped. @param {Run} run @param {unknown} error @returns {Problem} */
function told(run, error) {
  const name = `Run ${lettersOf([run])}`
  if (error instanceof ProblemError && error.status === 403) return { title: `${name} is read only.`, message: "The key that this browser had is not its edit key, and was forgotten.", field: null }
  const { title, message, field } = toProblem(error)
  return { title: `${name}: ${title}`, message, field }
}

/** @param {string} id */
function forgetKey(id) {
  keepKey(id, null)
  runs.value = runs.value.map((run) => (run.id === id ? { ...run, key: null } : run))
}

/** @param {Run} run @param {number} target @param {AbortSignal} [signal] @param {(count: number) => void} [onTaken] @returns {Promise<{run: Run, notice: string}>} */
async function bringTo(run, target, signal, onTaken) {
  const { id, key, session } = run
  if (!session || session.step >= target || key === null) return { run, notice: "" }
  const most = Math.min(CHUNK, state.catalog.value?.limits.max_steps_per_request ?? 1)
  let notice = ""
  let reached = session.step
  const own = unanswered.get(id) ?? 0
  unanswered.set(id, Math.max(own, target))
  while (reached < target && !signal?.aborted) {
    const before = reached
    try {
      reached = (await api.passSteps(id, key, reached, Math.min(most, target - reached))).step
    } catch (error) {
      // 409: it was stepped elsewhere, or by the try before. Catch up, and say so; nothing was stepped twice
      if (!(error instanceof ProblemError) || error.status !== 409) throw error
      const now = (await api.session(id)).step
      if (now <= reached) throw error
      reached = now
      if (now > own) notice = `Run ${lettersOf([run])} was stepped elsewhere meanwhile and stands at step ${formatCount(reached)}; nothing was stepped twice.`
    }
    onTaken?.(reached - before)
  }
  const now = await readOn(run)
  unanswered.delete(id)
  return { run: now, notice }
}

/** A run as it is now. @param {Run} run @returns {Promise<Run>} @throws {ProblemError} */
export async function readOn(run) {
  const [session, more] = await Promise.all([api.session(run.id), api.history(run.id, run.history.steps.at(-1) ?? 0)])
  const isEdited = session.edits !== (run.session?.edits ?? 0)
  // of what was undone nothing is marked
  const history = { ...joinHistories(run.history, more), marks: more.marks ?? [] }
  const log = isEdited ? standingOf((await api.log(run.id)).edits, history) : run.log
  return { ...run, session, history, log }
}

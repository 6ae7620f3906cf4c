/** Steps the runs of a comparison together: on, in play, and to where the farthest of them is. */
import { batch } from "@preact/signals"
import { api, ProblemError } from "./api.js"
import { untilLooked } from "./compare_look_actions.js"
import * as compare from "./compare_state.js"
import { keepKey } from "./kept_keys.js"
import { standingOf } from "./lib/compare_edits.js"
import { letterAt } from "./lib/compare_words.js"
import { formatCount } from "./lib/format.js"
import { joinHistories } from "./lib/join_histories.js"
import { toProblem } from "./problems.js"
import * as state from "./state.js"

/** @import { Run } from "./compare_state.js" */
/** @import { Problem } from "./state.js" */

const { runs, step, lockstep } = compare
const CHUNK = 20 // batches that are asked for at once: few enough that a person sees them come and can stop

let isStepping = false
/** Whether steps that this page asked for are under way. */
export const isTaking = () => isStepping

/** Whether there is a step after the one that is looked at, taken or to be taken. */
export const canGoOn = () => step.value < compare.newest.value || compare.opened.value.some(({ key }) => key !== null)

/** Runs that this browser may bring to where the farthest is. */
export const canBeBrought = () => compare.opened.value.filter(({ key, session }) => key !== null && session !== null && session.step < compare.newest.value)

/** Goes one step on: runs that have not taken it yet take it, as far as this browser has their keys; the others stay. @returns {Promise<boolean>} whether there was one */
export async function goOn() {
  return !isStepping && canGoOn() && goOnTo(step.value + 1)
}

/** @param {number} target @returns {Promise<boolean>} whether all that could be there are */
async function goOnTo(target) {
  if (isStepping) return false
  isStepping = true
  const isPlaying = lockstep.value.status === "playing"
  lockstep.value = { status: isPlaying ? "playing" : "stepping", problem: null, notice: "" }
  try {
    const { problem, notice } = await bringAllTo(target)
    batch(() => {
      step.value = Math.min(target, compare.newest.value)
      lockstep.value = { status: problem ? "paused" : lockstep.value.status, problem, notice, again: () => goOnTo(target) }
    })
    return !problem
  } finally {
    isStepping = false
    if (lockstep.value.status === "stepping") lockstep.value = { ...lockstep.value, status: "paused" }
  }
}

/** @type {AbortController | null} */
let life = null

/** Brings those that are behind to where the farthest is. */
export async function bringTogether() {
  if (isStepping) return
  pause()
  isStepping = true
  life = new AbortController()
  const { signal } = life
  const target = compare.newest.value
  const wasAtEnd = step.value >= compare.common.value
  compare.bringing.value = { taken: 0, of: canBeBrought().reduce((sum, { session }) => sum + target - (session?.step ?? target), 0) }
  lockstep.value = { status: "stepping", problem: null, notice: "" }
  try {
    const { problem, notice } = await bringAllTo(target, signal, (count) => {
      if (compare.bringing.value) compare.bringing.value = { ...compare.bringing.value, taken: compare.bringing.value.taken + count }
    })
    batch(() => {
      if (wasAtEnd && compare.common.value > 0) step.value = compare.common.value
      lockstep.value = { status: "paused", problem, notice, again: bringTogether }
      if (problem) compare.isCarried.value = false
    })
  } finally {
    isStepping = false
    life = null
    compare.bringing.value = null
    if (lockstep.value.status === "stepping") lockstep.value = { ...lockstep.value, status: "paused" }
  }
}

/** Those that are being brought stay where they have come to. */
export function stopBringing() {
  compare.isCarried.value = false
  life?.abort()
}

/** Goes along as one of the runs is taken on elsewhere: the others that this browser may step take the same steps. @param {boolean} isWanted */
export function carryAlong(isWanted) {
  compare.isCarried.value = isWanted
  if (isWanted && canBeBrought().length > 0) bringTogether()
}

/** @param {number} target @param {AbortSignal} [signal] @param {(count: number) => void} [onTaken] @returns {Promise<{problem: Problem | null, notice: string}>} */
async function bringAllTo(target, signal, onTaken) {
  const asked = runs.value
  const moved = await Promise.allSettled(asked.map((run) => bringTo(run, target, signal, onTaken)))
  const reached = new Map(moved.flatMap((one) => (one.status === "fulfilled" ? [[one.value.run.id, one.value.run]] : [])))
  const failures = asked.flatMap((run, at) => {
    const one = moved[at]
    return one?.status === "rejected" ? [{ run, error: one.reason }] : []
  })
  runs.value = runs.value.map((run) => reached.get(run.id) ?? run)
  for (const { run, error } of failures) if (error instanceof ProblemError && error.status === 403) forgetKey(run.id)
  const [failed] = failures
  const notice = moved.flatMap((one) => (one.status === "fulfilled" && one.value.notice ? [one.value.notice] : [])).join(" ")
  return { notice, problem: failed ? told(failed.run, failed.error) : null }
}

/** Which of the runs it was that could not be stepped. @param {Run} run @param {unknown} error @returns {Problem} */
function told(run, error) {
  const name = `Run ${letterAt(runs.value.findIndex(({ id }) => id === run.id))}`
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
  while (reached < target && !signal?.aborted) {
    const before = reached
    try {
      reached = (await api.passSteps(id, key, reached, Math.min(most, target - reached))).step
    } catch (error) {
      // 409: it was stepped elsewhere. Catch up, and say so; nothing was stepped twice
      if (!(error instanceof ProblemError) || error.status !== 409) throw error
      const now = (await api.session(id)).step
      if (now <= reached) throw error
      reached = now
      notice = `Run ${letterAt(runs.value.findIndex((one) => one.id === id))} was stepped elsewhere meanwhile and stands at step ${formatCount(reached)}; nothing was stepped twice.`
    }
    onTaken?.(reached - before)
  }
  return { run: await readOn(run), notice }
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

export async function play() {
  if (lockstep.value.status !== "paused") return
  lockstep.value = { ...lockstep.value, status: "playing" }
  while (lockstep.value.status === "playing") {
    const began = performance.now()
    if (!(await goOn())) break
    await untilLooked()
    const wait = 1000 / state.transport.value.batchesPerSecond - (performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, Math.max(16, wait)))
  }
  pause()
}

export function pause() {
  if (lockstep.value.status === "playing") lockstep.value = { ...lockstep.value, status: "paused" }
}

export const togglePlay = () => (lockstep.value.status === "playing" ? pause() : play())

/** @param {number} target */
export function goToStep(target) {
  if (target < 1 || target > compare.newest.value) return
  pause()
  // what failed or was noticed was said of another step
  if (!isStepping) lockstep.value = { status: lockstep.value.status, problem: null, notice: "" }
  step.value = target
}

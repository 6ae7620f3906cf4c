/** What a person can do on the comparison. The only file that knows both the client and `compare_state.js`. */
import { batch, effect } from "@preact/signals"
import { api, ProblemError } from "./api.js"
import * as compare from "./compare_state.js"
import { keptKey } from "./kept_keys.js"
import { readCompareAddress, sessionIn, writeCompareAddress } from "./lib/compare_address.js"
import { letterAt } from "./lib/compare_words.js"
import { joinHistories } from "./lib/join_histories.js"
import { toProblem } from "./problems.js"
import * as state from "./state.js"

/** @import { Cell } from "./types.js" */
/** @import { Run } from "./compare_state.js" */

const { runs, step, tensors, layer, phaseKey, chosenCell, pointedCell, shown, lockstep } = compare

/** Opens what the address names. */
export async function open() {
  state.load.value = { status: "loading", problem: null }
  const place = readCompareAddress(location.search)
  try {
    state.catalog.value ??= await api.catalog()
    const found = await Promise.all(place.sessions.slice(0, compare.MOST_RUNS).map(openRun))
    const left = place.sessions.slice(compare.MOST_RUNS)
    batch(() => {
      runs.value = found
      const newest = compare.newest.value
      step.value = Math.min(place.step ?? (compare.common.value || newest), newest)
      if (place.tensors.length > 0) tensors.value = place.tensors
      layer.value = place.layer === null ? compare.lastLayer.value : place.layer === "all" ? "all" : Math.min(place.layer, compare.lastLayer.value)
      phaseKey.value = compare.phasesOfReference.value.some(({ key }) => key === place.phase) ? place.phase : null
      chosenCell.value = place.cell
      lockstep.value = { status: "paused", problem: null, notice: noticeOf(place.step, left) }
      state.load.value = { status: "ready", problem: null }
    })
  } catch (error) {
    state.load.value = { status: "failed", problem: toProblem(error) }
  }
}

/** What of the address is not shown, and why. @param {number | null} asked @param {string[]} left */
function noticeOf(asked, left) {
  const words = []
  if (asked !== null && asked > compare.newest.value) words.push(`Step ${asked} was not taken by any of them; the newest, ${compare.newest.value}, is shown.`)
  if (left.length) words.push(`At most ${compare.MOST_RUNS} runs are compared at once; ${left.length === 1 ? `${left[0]} is` : `${left.length} more are`} left out.`)
  return words.join(" ")
}

/** @param {string} id @returns {Promise<Run>} with a problem where it can't be opened */
async function openRun(id) {
  const key = keptKey(id)
  try {
    const [session, history] = await Promise.all([api.session(id), api.history(id, 0)])
    return { id, key, session, history, problem: null }
  } catch (error) {
    return { id, key, session: null, history: state.emptyHistory(), problem: toProblem(error) }
  }
}

/** Takes one more run into the comparison. @param {string} text its id, or a link to it @returns {Promise<import("./state.js").Problem | null>} why not */
export async function addRun(text) {
  const id = sessionIn(text)
  const refuse = (/** @type {string} */ message) => ({ title: "Not added.", message, field: null })
  if (id === "") return refuse("Type a session's id, or paste the link of its lens.")
  if (runs.value.some((run) => run.id === id)) return refuse("This run is in the comparison already.")
  if (runs.value.length >= compare.MOST_RUNS) return refuse(`At most ${compare.MOST_RUNS} runs are compared at once; remove one first.`)
  const run = await openRun(id)
  if (run.problem) return run.problem
  batch(() => {
    runs.value = [...runs.value, run]
    if (step.value === 0) step.value = compare.common.value || compare.newest.value
  })
  return null
}

/** @param {string} id */
export function removeRun(id) {
  pause()
  batch(() => {
    runs.value = runs.value.filter((run) => run.id !== id)
    step.value = Math.min(step.value, compare.newest.value)
  })
}

/** Whether there is a step after the one that is looked at, taken or to be taken. */
export const canGoOn = () => step.value < compare.newest.value || compare.opened.value.some(({ key }) => key !== null)

/** Goes one step on: runs that have not taken it yet take it, as far as this browser has their keys; the others stay. @returns {Promise<boolean>} whether there was one */
export async function goOn() {
  if (isStepping || !canGoOn()) return false
  isStepping = true
  const target = step.value + 1
  const isPlaying = lockstep.value.status === "playing"
  lockstep.value = { status: isPlaying ? "playing" : "stepping", problem: null, notice: "" }
  try {
    const moved = await Promise.allSettled(runs.value.map((run) => bringTo(run, target)))
    const failed = moved.find((one) => one.status === "rejected")
    const words = moved.flatMap((one) => (one.status === "fulfilled" && one.value.notice ? [one.value.notice] : []))
    batch(() => {
      runs.value = runs.value.map((run) => moved.flatMap((one) => (one.status === "fulfilled" && one.value.run.id === run.id ? [one.value.run] : []))[0] ?? run)
      step.value = Math.min(target, compare.newest.value)
      lockstep.value = { status: failed ? "paused" : lockstep.value.status, problem: failed ? toProblem(failed.reason) : null, notice: words.join(" ") }
    })
    return !failed
  } finally {
    isStepping = false
    if (lockstep.value.status === "stepping") lockstep.value = { ...lockstep.value, status: "paused" }
  }
}
let isStepping = false

/** @param {Run} run @param {number} target @returns {Promise<{run: Run, notice: string}>} */
async function bringTo(run, target) {
  const { id, key, session, history } = run
  if (!session || session.step >= target || key === null) return { run, notice: "" }
  const most = state.catalog.value?.limits.max_steps_per_request ?? 1
  let notice = ""
  let reached = session.step
  while (reached < target) {
    try {
      reached = (await api.passSteps(id, key, reached, Math.min(most, target - reached))).step
    } catch (error) {
      // 409: it was stepped elsewhere. Catch up, and say so; nothing was stepped twice
      if (!(error instanceof ProblemError) || error.status !== 409) throw error
      const now = (await api.session(id)).step
      if (now <= reached) throw error
      reached = now
      notice = `Run ${letterAt(runs.value.findIndex((one) => one.id === id))} was stepped elsewhere meanwhile and stands at step ${reached}; nothing was stepped twice.`
    }
  }
  const [now, more] = await Promise.all([api.session(id), api.history(id, history.steps.at(-1) ?? 0)])
  return { run: { ...run, session: now, history: joinHistories(history, more) }, notice }
}

export async function play() {
  if (lockstep.value.status !== "paused") return
  lockstep.value = { ...lockstep.value, status: "playing" }
  while (lockstep.value.status === "playing") {
    const began = performance.now()
    if (!(await goOn())) break
    await looked
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
  step.value = target
}

/** @param {string[]} names */
export function chooseTensors(names) {
  batch(() => {
    phaseKey.value = null
    tensors.value = names
  })
}

/** @param {number | "all"} which */
export function chooseLayer(which) {
  batch(() => {
    phaseKey.value = null
    layer.value = which
  })
}

/** @param {string | null} key */
export function choosePhase(key) {
  phaseKey.value = key
}

/** One phase on or back; beyond either end lies the chosen layer. @param {1 | -1} by */
export function movePhase(by) {
  const keys = compare.phasesOfReference.value.map(({ key }) => key)
  const next = keys.indexOf(phaseKey.value ?? "") + by
  phaseKey.value = next >= keys.length ? null : next < -1 ? (keys.at(-1) ?? null) : (keys[next] ?? null)
}

/** @param {Cell | null} cell in all runs */
export function selectCell(cell) {
  chosenCell.value = cell
}

/** @param {Cell | null} cell */
export function pointCell(cell) {
  pointedCell.value = cell
}

/** @param {"tensor" | "kind"} which */
export function chooseSharing(which) {
  compare.sharing.value = which
}

/** Gets the numbers of what is looked at, whenever that changes. */
export function keepShown() {
  effect(() => {
    const [now, asked, at] = [compare.opened.value, compare.items.value, step.value]
    looking?.abort()
    if (now.length === 0 || at === 0) {
      shown.value = null
      return
    }
    looking = new AbortController()
    looked = look(now, asked, at, looking.signal)
  })
}
/** @type {AbortController | null} */
let looking = null
/** @type {Promise<void>} */
let looked = Promise.resolve()

/** @param {Run[]} all @param {import("./types.js").TensorAt[]} items @param {number} at @param {AbortSignal} signal */
async function look(all, items, at, signal) {
  const [first] = all
  const stepOf = (/** @type {Run} */ run) => Math.min(at, run.session?.step ?? 0)
  const found = await Promise.all(
    all.map(async (run) => {
      const here = stepOf(run)
      if (here === 0) return { step: 0, trace: null, difference: null, problem: null }
      try {
        const of = lookOf(items, run)
        // networks of unlike layers would be refused, step after step
        const isOther = first !== undefined && run !== first && stepOf(first) > 0 && sizesOf(run) === sizesOf(first)
        const [trace, difference] = await Promise.all([
          api.tensors({ id: run.id, step: here, example: null }, of, signal),
          isOther ? differenceOf(first, stepOf(first), run, here, items, signal) : null,
        ])
        return { step: here, trace, difference: difference && "problem" in difference ? null : difference, problem: difference && "problem" in difference ? difference.problem : null }
      } catch (error) {
        return { step: here, trace: null, difference: null, problem: signal.aborted ? null : toProblem(error) }
      }
    }),
  )
  if (!signal.aborted) shown.value = { step: at, items, runs: found }
}

/** @param {Run} run */
const sizesOf = ({ session }) => session?.config.layer_sizes.join()

/** Runs that can't be subtracted are still shown: the server's word stands in the difference's place. @param {Run} first @param {number} at @param {Run} run @param {number} here @param {import("./types.js").TensorAt[]} items @param {AbortSignal} signal */
async function differenceOf(first, at, run, here, items, signal) {
  try {
    return await api.difference({ id: first.id, step: at, example: null }, { ...lookOf(items, first), other: run.id, other_step: here }, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return { problem: toProblem(error) }
  }
}

/** The tensors and layers to ask for, as far as the network goes. @param {import("./types.js").TensorAt[]} items @param {Run} run */
function lookOf(items, run) {
  const last = (run.session?.config.layer_sizes.length ?? 1) - 1
  const within = items.filter(({ layer }) => layer <= last)
  return { include: [...new Set(items.map(({ tensor }) => tensor))].join(","), layers: [...new Set(within.map(({ layer }) => layer))].join(",") }
}

/** How the tensor's numbers are spread in all runs. @param {import("./types.js").TensorAt} of @param {"linear" | "symlog"} scale @param {number} bins @param {AbortSignal} signal */
export async function readSpreads({ tensor, layer }, scale, bins, signal) {
  const at = compare.opened.value.map((run) => ({ id: run.id, step: Math.min(step.value, run.session?.step ?? 0) })).filter((one) => one.step > 0)
  const [first, ...others] = at
  return first ? api.spreads({ ...first, example: null }, { tensor, layer, scale, bins }, others, signal) : null
}

/** A cell's number in a run, at full precision. @param {string} id @param {number} at @param {Cell} cell @param {AbortSignal} signal */
export async function readCellOf(id, at, { tensor, layer, row, col }, signal) {
  const found = await api.window({ id, step: at, example: null }, tensor, layer, [row, row + 1], [col, col + 1], signal)
  return Number(found.values?.[0]?.[0] ?? NaN)
}

/** Keeps the address bar true. */
export function keepAddress() {
  let timer = 0
  effect(() => {
    if (state.load.value.status !== "ready") return
    const address = writeCompareAddress({
      sessions: runs.value.map(({ id }) => id), step: step.value || null, tensors: tensors.value, layer: layer.value, phase: phaseKey.value, cell: chosenCell.value,
    })
    clearTimeout(timer)
    timer = setTimeout(() => history.replaceState(null, "", `${location.pathname}${address}`), 120)
  })
}

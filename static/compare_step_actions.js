/** Steps the runs of a comparison together: on, in play, and to where the farthest of them is. */
import { batch } from "@preact/signals"
import { bringAllTo, lettersOf } from "./compare_bring_actions.js"
import { untilLooked } from "./compare_look_actions.js"
import * as compare from "./compare_state.js"
import { formatCount } from "./lib/format.js"
import * as state from "./state.js"

/** @import { Run } from "./compare_state.js" */

const { step, lockstep } = compare

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
    const from = step.value
    const show = () => {
      if (step.value === from) step.value = Math.min(target, compare.newest.value) // unless another is looked at by now, as after Back
    }
    const { problem, notice } = await bringAllTo(target, { untaken: (those) => `Step ${formatCount(target)} was not taken${those.length < compare.living.value.length ? ` by ${lettersOf(those)}` : ""}.`, show })
    batch(() => {
      show()
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
    const from = step.value
    const show = () => {
      if (wasAtEnd && step.value === from && compare.common.value > 0) step.value = compare.common.value
    }
    const lost = { untaken: (/** @type {Run[]} */ those) => `${lettersOf(those)} ${those.length > 1 ? "were" : "was"} not brought to step ${formatCount(target)}.`, show }
    const { problem, notice } = await bringAllTo(target, lost, signal, (count) => {
      if (compare.bringing.value) compare.bringing.value = { ...compare.bringing.value, taken: compare.bringing.value.taken + count }
    })
    batch(() => {
      show()
      lockstep.value = { status: "paused", problem, notice, again: bringTogether }
      if (problem && !problem.isSilent) compare.isCarried.value = false // without an answer it goes on once there are answers again
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

/** Gets the numbers of what is looked at on the comparison. */
import { effect, signal } from "@preact/signals"
import { api, ProblemError } from "./api.js"
import * as compare from "./compare_state.js"
import { unlikenessOf } from "./lib/compare_likeness.js"
import { mayGoWellLater } from "./lib/refusals.js"
import { toProblem } from "./problems.js"
import { returns } from "./state.js"

/** @import { Cell, SessionPhase, TensorAt } from "./types.js" */
/** @import { Run } from "./compare_state.js" */
/** @import { Problem } from "./state.js" */

/** @type {AbortController | null} */
let looking = null
/** @type {Promise<void>} */
let looked = Promise.resolve()

/** Until what is asked for is on the page. */
export const untilLooked = () => looked

const [SOON, LATE] = [1000, 15_000] // milliseconds until what was not answered is asked for again, each time twice as long

/** How many times what is looked at was asked for again since it was not answered. */
const attempt = signal(0)
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting

/** Asks again for what was not answered: soon, and once the network is there again at once. @param {number} pause */
function askAgain(pause) {
  clearTimeout(waiting)
  waiting = setTimeout(() => isUnanswered() && attempt.value++, pause)
}

const isUnanswered = () => (compare.shown.peek()?.runs ?? []).some(({ problem }) => problem !== null && mayGoWellLater(problem))

/** Gets the numbers of what is looked at, whenever that changes. */
export function keepShown() {
  let pause = SOON
  addEventListener("online", () => askAgain(0))
  effect(() => {
    if (compare.line.value === "open" || returns.value > 0) askAgain(0)
  })
  effect(() => {
    if (!compare.shown.value || !isUnanswered()) {
      pause = SOON
      return
    }
    askAgain(pause)
    pause = Math.min(LATE, 2 * pause)
  })
  effect(() => {
    attempt.value
    const [now, asked, at, isForced] = [compare.opened.value, compare.items.value, compare.step.value, compare.isUnlikeDrawn.value]
    looking?.abort()
    if (now.length === 0 || at === 0) {
      compare.shown.value = null
      return
    }
    looking = new AbortController()
    looked = look(now, asked, at, isForced, looking.signal)
  })
}

/** @param {Run} run @param {number} at */
export const sideOf = ({ session }, at) => ({ sizes: session?.config.layer_sizes ?? [], step: Math.min(at, session?.step ?? 0) })

/** @param {Run[]} all @param {TensorAt[]} items @param {number} at @param {boolean} isForced @param {AbortSignal} signal */
async function look(all, items, at, isForced, signal) {
  const [first] = all
  const before = compare.shown.peek()
  const keptOf = (/** @type {Run} */ { id }) => before?.runs.find((one) => one.id === id) ?? null
  // what is there no more keeps its last picture; of another step, it is none of that step's difference
  const keptDifference = (/** @type {Run} */ run) => (before?.step === at ? (keptOf(run)?.difference ?? null) : null)
  const keptSide = (/** @type {Run} */ run, /** @type {Problem | null} */ problem) => ({ id: run.id, step: keptOf(run)?.step ?? sideOf(run, at).step, trace: keptOf(run)?.trace ?? null, difference: keptDifference(run), problem })
  /** @type {Record<string, SessionPhase[]>} */
  const phases = {}
  const found = await Promise.all(
    all.map(async (run) => {
      const here = sideOf(run, at).step
      if (run.isGone) return keptSide(run, run.problem)
      if (here === 0 || !first) return { id: run.id, step: 0, trace: null, difference: null, problem: null }
      try {
        // only what can be subtracted is asked for: all else would be refused, step after step, or drawn by nobody
        const unlikeness = run === first ? null : unlikenessOf(sideOf(first, at), sideOf(run, at), null)
        const isAsked = run !== first && !first.isGone && (unlikeness === null || (unlikeness === "step" && isForced))
        const [trace, difference] = await Promise.all([
          api.tensors({ id: run.id, step: here, example: null }, lookOf(items, run), signal),
          isAsked ? differenceOf(first, sideOf(first, at).step, run, here, items, signal) : null,
          wasMadeOtherwise(run, here) && readPhases(run, here, phases, signal),
        ])
        if (first.isGone && run !== first) return { id: run.id, step: here, trace, difference: keptDifference(run), problem: { title: "Deleted.", message: "The run that the others are held against was deleted.", field: null, status: 404 } }
        return { id: run.id, step: here, trace, difference: difference && "problem" in difference ? null : difference, problem: difference && "problem" in difference ? difference.problem : null }
      } catch (error) {
        if (error instanceof ProblemError && error.status === 404) return keptSide(run, toProblem(error)) // the word that it was deleted is on its way
        return { id: run.id, step: here, trace: null, difference: null, problem: signal.aborted ? null : toProblem(error) }
      }
    }),
  )
  if (signal.aborted) return
  compare.shown.value = { step: at, items, runs: found }
  if (JSON.stringify(Object.keys(phases).map((id) => [id, phases[id]?.map(({ whole }) => whole)])) !== JSON.stringify(Object.entries(compare.phasesAtStep.value).map(([id, told]) => [id, told.map(({ whole }) => whole)]))) compare.phasesAtStep.value = phases
}

/** Whether an edit may have made a step's equations others than those of the newest. @param {Run} run @param {number} here */
const wasMadeOtherwise = ({ session }, here) => session !== null && session.edits > 0 && here < session.step

/** @param {Run} run @param {number} here @param {Record<string, SessionPhase[]>} into @param {AbortSignal} signal */
async function readPhases({ id }, here, into, signal) {
  into[id] = (await api.phases(id, here, signal)).phases
}

/** Runs that can't be subtracted are still shown: the server's word stands in the difference's place. @param {Run} first @param {number} at @param {Run} run @param {number} here @param {TensorAt[]} items @param {AbortSignal} signal */
async function differenceOf(first, at, run, here, items, signal) {
  try {
    return await api.difference({ id: first.id, step: at, example: null }, { ...lookOf(items, first), other: run.id, other_step: here }, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return { problem: toProblem(error) }
  }
}

/** The tensors and layers to ask for, as far as the network goes. @param {TensorAt[]} items @param {Run} run */
function lookOf(items, run) {
  const last = (run.session?.config.layer_sizes.length ?? 1) - 1
  const within = items.filter(({ layer }) => layer <= last)
  return { include: [...new Set(items.map(({ tensor }) => tensor))].join(","), layers: [...new Set(within.map(({ layer }) => layer))].join(",") }
}

/** How the tensor's numbers are spread in all runs. @param {TensorAt} of @param {"linear" | "symlog"} scale @param {number} bins @param {AbortSignal} signal */
export async function readSpreads({ tensor, layer }, scale, bins, signal) {
  const at = compare.living.value.map((run) => ({ id: run.id, step: sideOf(run, compare.step.value).step })).filter((one) => one.step > 0)
  const [first, ...others] = at
  return first ? api.spreads({ ...first, example: null }, { tensor, layer, scale, bins }, others, signal) : null
}

/**
 * A page of the cells that differ most from the first of the runs.
 * @param {{id: string, step: number, isBy: boolean}[]} all the runs that have the tensor; `isBy`: whose differences count
 * @param {TensorAt} of @param {number} from how many cells come before the page @param {number} size @param {AbortSignal} signal
 */
export function readFarthest([first, ...others], { tensor, layer }, from, size, signal) {
  return first ? api.largest({ id: first.id, step: first.step, example: null }, { tensor, layer, first: from, count: size }, others, signal) : null
}

/** A part of a tensor of a run, at full precision. @param {string} id @param {number} at @param {TensorAt} of @param {[number, number]} rows @param {[number, number]} cols @param {AbortSignal} signal */
export async function readPartOf(id, at, { tensor, layer }, rows, cols, signal) {
  return (await api.window({ id, step: at, example: null }, tensor, layer, rows, cols, signal)).values ?? []
}

/** A cell's number in a run, at full precision. @param {string} id @param {number} at @param {Cell} cell @param {AbortSignal} signal */
export async function readCellOf(id, at, cell, signal) {
  return Number((await readPartOf(id, at, cell, [cell.row, cell.row + 1], [cell.col, cell.col + 1], signal))[0]?.[0] ?? NaN)
}

/** Looking at a step, a past one too, or at one example of its batch. */
import { batch } from "@preact/signals"
import { api } from "./api.js"
import { select, showCell } from "./cell_actions.js"
import { mixesExamples, NO_PASS_ALONE } from "./lib/cell_words.js"
import { nextFrame } from "./lib/next_frame.js"
import { axesOf } from "./lib/tensor_names.js"
import { phaseAt } from "./lib/update_phases.js"
import { toProblem } from "./problems.js"
import { phasesAt } from "./session_phases.js"
import * as state from "./state.js"
import { tensorOf } from "./tensors.js"
import { forgetProblem, pause, tellProblem } from "./transport_actions.js"

/** @import { Cell, SessionPhase, Trace } from "./types.js" */

/** @param {Trace} trace @param {SessionPhase[]} phases its own */
export function show(trace, phases) {
  const key = state.phase.value?.key
  batch(() => {
    if (state.session.value && state.session.value.phases !== phases) state.session.value = { ...state.session.value, phases }
    state.trace.value = trace
    state.wholeTrace.value = trace
    leaveExample()
    // an edit may have put phases in before it
    state.phaseIndex.value = phaseAt(state.phases.value, key)
  })
}

/** @type {number | null} the step that is leapt to */
let leap = null

/** @type {AbortController | null} */
let looking = null
let asking = 0 // looks that are under way

/** Whether a look at something is under way that is still wished for. */
export const isAsking = () => asking > 0 && looking !== null && !looking.signal.aborted

/** Something else is looked at now. */
export function stopLooking() {
  state.sought.value = null
  looking?.abort()
}

/** Looks at a step that was named or pointed at, to be a place that Back leads back from: of a scrubber or step by step, each is not. @param {number} step */
export function leapToStep(step) {
  const going = goToStep(step)
  leap = state.sought.value === step ? step : null
  return going
}

/**
 * Looks at a step of the past, or at the newest. Of many wishes in a row, as a dragged scrubber has them, one request is under way
 * at a time: what comes is shown, and then the last wish is asked for. What was shown stays until then.
 * @param {number} step @returns {Promise<void>} when it is shown, or given up
 */
export async function goToStep(step) {
  const session = state.session.value
  if (!session || step < 1 || step > session.step || step === (state.sought.value ?? state.trace.value?.step)) return
  pause()
  leap = null
  state.sought.value = step
  if (!seeking) {
    seeking = seek().finally(() => {
      seeking = null
    })
  } else if (looking) {
    // a wish that is out of date may still end, for then the picture follows the hand; a slow one is given up
    const late = looking
    setTimeout(() => seeking && looking === late && state.sought.value !== null && late.abort(), PATIENCE)
  }
  return seeking
}
const PATIENCE = 250 // milliseconds
/** @type {Promise<void> | null} */
let seeking = null

async function seek() {
  while (state.sought.value !== null && state.session.value) {
    const { id } = state.session.value
    const step = state.sought.value
    if (step === state.trace.value?.step) break // there and back again
    looking?.abort()
    looking = new AbortController()
    const { signal } = looking
    asking++
    try {
      const trace = await api.trace({ id, step, example: null }, signal)
      const phases = await phasesAt(id, trace, signal)
      if (signal.aborted || state.session.value?.id !== id) continue
      batch(() => {
        show(trace, phases)
        forgetProblem() // what failed before is not what is looked at now
        if (state.sought.value === step) state.sought.value = null
        if (leap === step) {
          state.leaps.value++
          leap = null
        }
      })
    } catch (error) {
      if (signal.aborted) continue
      tellProblem(toProblem(error), () => goToStep(step))
      break
    } finally {
      asking--
    }
    if (state.sought.value !== null) await nextFrame() // drawn before the next is asked for
  }
  state.sought.value = null
}

/** Aims at a step without going there. @param {number | null} step */
export function pointStep(step) {
  state.pointedStep.value = step
}

/** Walks on to a cell of the step before. @param {Cell} cell */
export async function walkBack(cell) {
  await goToCell((state.trace.value?.step ?? 1) - 1, cell)
}

/** Walks to a cell of any step. @param {number} step @param {Cell} cell */
export async function goToCell(step, cell) {
  const isHere = state.trace.value?.step === step
  await leapToStep(step)
  if (state.trace.value?.step === step) (isHere ? select : showCell)(cell)
}

/** Shows the pass of one example alone, or the whole batch again. @param {number | null} example */
export async function lookAtExample(example) {
  const { session, trace, wholeTrace } = state
  if (!session.value || !trace.value || !wholeTrace.value || example === state.example.value) return
  if (example !== null && mixesExamples(wholeTrace.value)) {
    tellProblem({ title: "No example alone", message: NO_PASS_ALONE, field: null })
    return
  }
  pause()
  stopLooking()
  if (example === null) {
    batch(() => {
      trace.value = wholeTrace.value
      leaveExample()
      forgetProblem()
    })
    return
  }
  looking = new AbortController()
  const { signal } = looking
  const about = { id: session.value.id, step: trace.value.step }
  asking++
  try {
    const alone = await api.trace({ ...about, example }, signal)
    // the example is one of the batch that was shown when it was chosen, and of no other
    if (signal.aborted || session.value?.id !== about.id || wholeTrace.value?.step !== about.step) return
    batch(() => {
      moveCells((cell) => (hasColumnPerExample(cell) ? { ...cell, col: 0 } : cell))
      trace.value = alone
      state.example.value = example
      forgetProblem()
    })
  } catch (error) {
    if (!signal.aborted) tellProblem(toProblem(error), () => lookAtExample(example))
  } finally {
    asking--
  }
}

/** Back to the batch: the one column was the example's. */
function leaveExample() {
  const col = state.example.value
  if (col === null) return
  state.example.value = null
  moveCells((cell) => (hasColumnPerExample(cell) ? { ...cell, col } : cell))
}

/** @param {(cell: Cell) => Cell} to */
function moveCells(to) {
  if (state.selected.value) state.selected.value = to(state.selected.value)
  state.trail.value = state.trail.value.map(to)
  state.lastCells.value = {}
  state.pointed.value = null
}

/** @param {Cell} cell */
function hasColumnPerExample({ tensor, layer }) {
  if (axesOf(tensor) !== "statistic") return axesOf(tensor) === "examples"
  const whole = state.wholeTrace.value && tensorOf(state.wholeTrace.value, tensor, layer)
  return whole !== null && whole.shape[1] > 1 // a mean of each example, and not of each unit
}

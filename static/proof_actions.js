/** Checking all gradients of the step that is looked at. The check outlives its view, since it may take seconds. */
import { signal } from "@preact/signals"
import { toProblem } from "./problems.js"
import { checkGradients, look } from "./readings.js"
import { pause } from "./transport_actions.js"

/** @import { Look } from "./api.js" */
/** @import { Gradcheck } from "./types.js" */

/** The last check, and what it is about: a result of anything else is not shown as this step's. */
export const lastCheck = signal(/** @type {{about: Look, check: Gradcheck | null, problem: import("./state.js").Problem | null} | null} */ (null))

/** The one under way. */
export const runningCheck = signal(/** @type {{about: Look, life: AbortController} | null} */ (null))

/** @param {Look} one @param {Look} other */
export const isSame = (one, other) => one.id === other.id && one.step === other.step && one.example === other.example

export async function checkAll() {
  pause() // a proof is of one step
  runningCheck.value?.life.abort()
  const mine = { about: look(), life: new AbortController() }
  runningCheck.value = mine
  /** @type {Gradcheck | null} */
  let found = null
  let problem = null
  try {
    found = await checkGradients(mine.about, null, mine.life.signal)
  } catch (error) {
    if (!mine.life.signal.aborted) problem = toProblem(error)
  }
  if (runningCheck.value !== mine) return
  runningCheck.value = null
  if (found || problem) lastCheck.value = { about: mine.about, check: found, problem }
}

/** As `checkAll`, but what is known of this step, or asked already, is not asked again. */
export async function checkAllOnce() {
  const now = look()
  const isKnown = lastCheck.value?.check && isSame(lastCheck.value.about, now)
  const isAsked = runningCheck.value && isSame(runningCheck.value.about, now)
  if (!isKnown && !isAsked) await checkAll()
}

export function stopChecking() {
  runningCheck.value?.life.abort()
  runningCheck.value = null
}

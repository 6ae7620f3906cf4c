/** Checking all gradients of the step that is looked at. The check outlives its view, since it may take seconds. */
import { signal } from "@preact/signals"
import { toProblem } from "./problems.js"
import { checkGradients } from "./readings.js"
import { example, session, trace } from "./state.js"
import { pause } from "./transport_actions.js"

/** @import { Gradcheck } from "./types.js" */

/** What a check is about: a result of anything else is not shown as this step's. @typedef {{run: string, step: number, example: number | null}} About */

/** The last check. */
export const lastCheck = signal(/** @type {{about: About, check: Gradcheck | null, problem: import("./state.js").Problem | null} | null} */ (null))

/** The one under way. */
export const runningCheck = signal(/** @type {{about: About, life: AbortController} | null} */ (null))

/** @returns {About} */
export const looked = () => ({ run: session.value?.id ?? "", step: trace.value?.step ?? 0, example: example.value })

/** @param {About} one @param {About} other */
export const isSame = (one, other) => one.run === other.run && one.step === other.step && one.example === other.example

export async function checkAll() {
  pause() // a proof is of one step
  runningCheck.value?.life.abort()
  const mine = { about: looked(), life: new AbortController() }
  runningCheck.value = mine
  /** @type {Gradcheck | null} */
  let found = null
  let problem = null
  try {
    found = await checkGradients(null, mine.life.signal)
  } catch (error) {
    if (!mine.life.signal.aborted) problem = toProblem(error)
  }
  if (runningCheck.value !== mine) return
  runningCheck.value = null
  if (found || problem) lastCheck.value = { about: mine.about, check: found, problem }
}

/** As `checkAll`, but what is known of this step, or asked already, is not asked again. */
export async function checkAllOnce() {
  const now = looked()
  const isKnown = lastCheck.value?.check && isSame(lastCheck.value.about, now)
  const isAsked = runningCheck.value && isSame(runningCheck.value.about, now)
  if (!isKnown && !isAsked) await checkAll()
}

export function stopChecking() {
  runningCheck.value?.life.abort()
  runningCheck.value = null
}

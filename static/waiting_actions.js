/** What is waited for, once it takes longer than a moment; and what was waited for in vain, once the server answers again. */
import { computed, effect } from "@preact/signals"
import * as edits from "./edit_actions.js"
import { formatCount } from "./lib/format.js"
import { onReturn } from "./silence_actions.js"
import * as state from "./state.js"
import { answerReturned } from "./transport_actions.js"

const MOMENT = 300 // milliseconds that nobody asks about

/** The step that is asked for: to look at it, or to take it. */
const asked = computed(() => {
  const { sought, transport, session } = state
  if (sought.value !== null) return sought.value
  return transport.value.status === "stepping" ? (session.value?.step ?? 0) + 1 : null
})

/** Says of a step that does not come at once that it was asked for. */
export function keepWaitingSaid() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const tell = () => {
    state.awaited.value = asked.value === null ? "" : `asking for step ${formatCount(asked.value)}…`
  }
  effect(() => {
    if (asked.value !== null && state.awaited.peek() === "") {
      timer ??= setTimeout(tell, MOMENT) // from the first of many wishes in a row
      return
    }
    clearTimeout(timer)
    timer = undefined
    tell()
  })
}

/** Does away with what failed for want of an answer, once there are answers again. */
export function keepReturnsSaid() {
  onReturn(() => {
    answerReturned()
    edits.answerReturned()
  })
}

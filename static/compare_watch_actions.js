/** What is done to the compared runs elsewhere, as it is done: over one line for all of them. */
import { batch, computed, effect, untracked } from "@preact/signals"
import { api, ProblemError } from "./api.js"
import { readOn, takeIn } from "./compare_bring_actions.js"
import { markGone } from "./compare_list_actions.js"
import * as compare from "./compare_state.js"
import { bringTogether, canBeBrought, isTaking } from "./compare_step_actions.js"
import * as state from "./state.js"

const [SOON, LATE] = [4000, 9000] // milliseconds until a line that the server refused is tried again: not all of a class at once
const CALM = 1500 // milliseconds that a line may be away before it is said

/** @type {EventSource | null} */
let source = null
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting

const ids = computed(() => (state.load.value.status === "ready" ? compare.living.value.map(({ id }) => id).join() : ""))

/** Listens to the runs that are on the page; a tab that nobody sees keeps no line. */
export function keepWatching() {
  effect(() => listen(ids.value))
  effect(() => {
    state.returns.value
    untracked(() => compare.line.value === "away" && listen(ids.value)) // not after the browser's own wait
  })
  document.addEventListener("visibilitychange", () => listen(document.hidden ? "" : ids.value))
  addEventListener("pagehide", () => listen(""))
  addEventListener("pageshow", ({ persisted }) => persisted && listen(ids.value))
}

/** @param {string} those ids with commas */
function listen(those) {
  clearTimeout(waiting)
  waiting = undefined
  source?.close()
  source = null
  if (those === "") {
    compare.line.value = "none"
    return
  }
  const mine = (source = api.jointEvents(those.split(",")))
  let wasLost = compare.line.peek() === "away"
  /** @param {string} kind @param {(told: any) => void} learn */
  const on = (kind, learn) => mine.addEventListener(kind, (event) => source === mine && learn(JSON.parse(event.data)))
  mine.addEventListener("open", () => {
    clearTimeout(waiting)
    waiting = undefined
    compare.line.value = "open"
    if (wasLost) state.returns.value++ // what was asked for without an answer is looked at again
    wasLost = false
  })
  mine.addEventListener("error", () => {
    if (source !== mine) return
    wasLost = true
    if (mine.readyState === EventSource.CLOSED) {
      clearTimeout(waiting)
      compare.line.value = "away"
      // a line that the server refused says not why: one of the runs may be gone, and then the others are listened to
      askWhichAreGone(those.split(","))
      waiting = setTimeout(() => listen(ids.value), SOON + Math.random() * (LATE - SOON))
    } else {
      // the browser tries again by itself, and a short break is not worth a word
      waiting ??= setTimeout(() => {
        compare.line.value = "away"
      }, CALM)
    }
  })
  on("at", learnPlace)
  on("deleted", ({ session }) => endRun(session))
}

/** @param {string[]} those */
function askWhichAreGone(those) {
  for (const id of those) {
    api.session(id).catch((error) => {
      if (error instanceof ProblemError && error.status === 404) endRun(id)
    })
  }
}

/** What was seen of a deleted run stays in its place, and is said to be gone; whoever looks at it takes it out. @param {string} id */
function endRun(id) {
  const problem = { title: "Deleted.", message: "This run was deleted, with all of its steps. What was on the page of it stays, grey, until you remove it.", field: null, status: 404 }
  batch(() => {
    compare.runs.value = compare.runs.value.map((run) => (run.id === id && run.session ? { ...run, key: null, isGone: true, problem } : run))
    compare.step.value = Math.min(compare.step.value, compare.newest.value)
  })
  markGone(id)
}

/** @type {Set<string>} runs that are being read; what comes meanwhile is read after it */
const reading = new Set()

/** @param {{session: string, step: number, edits: number}} told */
async function learnPlace(told) {
  const { session: id } = told
  const isNews = () => {
    const session = compare.runs.value.find((run) => run.id === id)?.session
    return session !== undefined && session !== null && (session.step < told.step || session.edits < told.edits)
  }
  // the answer to steps of one's own may come later than the word of them
  while (isNews() && (isTaking() || reading.has(id))) await new Promise((resolve) => setTimeout(resolve, 50))
  const run = compare.runs.value.find((one) => one.id === id)
  if (!run || !isNews()) return
  reading.add(id)
  try {
    const now = await readOn(run)
    const wasAtEnd = compare.step.value === compare.common.value
    batch(() => {
      takeIn(now)
      // who looks at the newest step that all have goes along with it; who looks at another stays there
      if (wasAtEnd && compare.lockstep.value.status === "paused") compare.step.value = compare.common.value || compare.newest.value
    })
  } catch {
    return // the next event, or the next line, brings it again
  } finally {
    reading.delete(id)
  }
  if (compare.isCarried.value && canBeBrought().length > 0) bringTogether()
}

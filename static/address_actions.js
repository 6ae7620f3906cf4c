/** Opening what the address names, and keeping the address true. */
import { batch, effect, signal } from "@preact/signals"
import { readAddress, readKey, unreadable, writeAddress } from "./address.js"
import { api } from "./api.js"
import { hasCell, showCell } from "./cell_actions.js"
import { isKeyOf, keepKey, keptKey, offeredKey, offerKey } from "./kept_keys.js"
import { formatCount, tensorLabel } from "./lib/format.js"
import { phaseAt } from "./lib/update_phases.js"
import { goToStep } from "./look_actions.js"
import { isTabName, tabNames } from "./lib/tab_names.js"
import { drawing, drawOn, openPreset, recallPreset } from "./preset_actions.js"
import { toProblem } from "./problems.js"
import { createSession, openSession } from "./session_actions.js"
import * as state from "./state.js"
import { pause, tellProblem } from "./transport_actions.js"
import { openTab, plotDistribution } from "./view_actions.js"

/** Opens what the address names; makes a session when it names none. @param {object} [config] of the session that is made */
export async function start(config = {}) {
  state.load.value = { status: "loading", problem: null }
  const place = (opened = readAddress(location.search))
  const unread = unreadable(location.search) // before the page writes there what it shows
  const ahead = place.session ? 1 : 0 // a run that is made has its address as soon as it is there
  following.value += ahead
  const key = readKey(location.hash)
  if (key && place.session) offerKey(place.session, key)
  // out of sight before anything else: the address bar may be on a projector, and gets copied
  if (key) window.history.replaceState(null, "", `${location.pathname}${location.search}`)
  try {
    state.catalog.value ??= await api.catalog()
    if (place.preset && !place.session) return await openPreset(place.preset)
    const refusal = place.session ? await judgeKey(place.session) : null
    const isShown = place.session ? await openSession(place.session, place.step, place.example) : await createSession(config, 1, false)
    if (!isShown) return
    batch(() => {
      showPlace(place)
      const missing = missingOf(place, unread)
      if (refusal) tellProblem({ ...refusal, message: `${refusal.message} ${missing}` })
      else if (missing) tellProblem({ title: "Not all of the address was found", message: missing, field: null })
    })
  } catch (error) {
    if (state.load.value.status === "loading") state.load.value = { status: "failed", problem: toProblem(error) } // else another run is there
  } finally {
    following.value -= ahead
  }
}

/** Takes the key that a link brought, if it is the session's. One that is not replaces none that this browser has. @param {string} id @returns {Promise<import("./state.js").Problem | null>} what is to be said of one that is refused */
async function judgeKey(id) {
  const key = offeredKey(id)
  if (!key) return null
  const isRight = await isKeyOf(id, key) // else it stays until it can be judged
  offerKey(id, null)
  const kept = keptKey(id)
  if (isRight) keepKey(id, key)
  else if (kept === key) keepKey(id, null)
  if (isRight) return null
  const rest = kept && kept !== key ? "The key that this browser has stays, and you can go on." : "You can read, and go on in a copy of your own."
  return { title: "The link's key is not this run's edit key", message: `It is wrong, or was cut off. ${rest}`, field: null }
}

/** How many times the page is under way to what the address names: until it is there, the address is ahead and not to be written. */
const following = signal(0)

/** The phase, the view, the scale and the cell of an address, with the way that led to the cell. @param {import("./address.js").Place} place */
function showPlace({ phase, cell, trail = [], tab, preset, scale, colors, distribution = null }) {
  batch(() => {
    recallPreset(preset ?? null)
    drawOn({ scale, colors })
    openTab(isTabName(tab) ? tab : tabNames[0])
    plotDistribution(distribution)
    state.phaseIndex.value = phaseAt(state.phases.value, phase, cell)
    showCell(cell && hasCell(cell) ? cell : null)
    if (cell && [...trail, cell].every(hasCell)) state.trail.value = [...trail, cell]
  })
}

/** Follows the address back and forward: within a run what is on the page stays until the other is there. */
async function followAddress() {
  const place = readAddress(location.search)
  const isHere = place.session !== null && place.session === state.session.value?.id && place.example === state.example.value && place.step !== null && state.trace.value !== null
  if (!isHere || place.step === null || place.step > (state.session.value?.step ?? 0)) {
    pause()
    return start()
  }
  following.value++
  try {
    if (place.step !== state.trace.value?.step) await goToStep(place.step)
    if (place.step === state.trace.value?.step) showPlace(place)
  } finally {
    following.value--
  }
}

let opened = readAddress("")
/** What the address named when it was last gone to. */
export const placeOpened = () => opened

/** What the address names and the session does not have, in words; "" where all is there. @param {import("./address.js").Place} place @param {string[]} unread what could not be read of it */
function missingOf(place, unread) {
  const newest = state.session.value?.step ?? 0
  const words = [...unread]
  const isOfBatch = state.example.value !== null && state.session.value?.phases.some(({ key }) => key === place.phase)
  if (place.session && place.step !== null && place.step > newest) words.push(`step ${formatCount(place.step)} was not taken; the newest, ${formatCount(newest)}, is shown`)
  if (place.example !== null && state.example.value === null) words.push(`the batch has no example ${place.example}`)
  if (place.phase !== null && state.phaseIndex.value < 0) words.push(isOfBatch ? `the pass of one example alone has no update, and so no phase ${place.phase}` : `there is no phase ${place.phase}`)
  if (place.tab && !isTabName(place.tab)) words.push(`there is no view ${place.tab}`)
  if (place.session && place.preset && !state.preset.value) words.push(`there is no preset ${place.preset}`)
  const { cell, distribution } = place
  if (distribution && state.distribution.value !== distribution) words.push(`there is no tensor ${tensorLabel(distribution.tensor, distribution.layer)} to plot over the steps`)
  if (cell && !hasCell(cell)) words.push(`there is no cell ${cell.row}, ${cell.col} in ${cell.tensor} of layer ${cell.layer}`)
  const sentence = words.join("; ")
  return sentence && `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}

const ADDRESS_PAUSE = 150 // milliseconds
let written = -Infinity
/** @type {string | null} the address that waits to be written */
let late = null
/** @type {ReturnType<typeof setTimeout> | undefined} */
let writing

/** @param {string} address */
function write(address) {
  written = performance.now()
  late = null
  window.history.replaceState(null, "", `${location.pathname}${address}`)
}

/** Keeps the address bar true, and follows it back and forward. */
export function keepInStep() {
  let wasFollowing = false
  let leapsSeen = state.leaps.value
  effect(() => {
    const { session, trace, example, phase, selected, trail, tab, leaps } = state
    const isLeap = leaps.value !== leapsSeen
    leapsSeen = leaps.value
    const isThere = wasFollowing && following.value === 0
    wasFollowing = following.value > 0
    if (!session.value || wasFollowing) return
    const address = writeAddress({
      session: session.value.id,
      step: trace.value?.step ?? null, // also the newest: to whoever opens the link later it is a step of the past
      example: example.value,
      phase: phase.value?.key ?? null,
      cell: selected.value,
      trail: trail.value.slice(0, -1),
      tab: tab.value,
      distribution: state.distribution.value === state.askedDistribution.value ? state.distribution.value : null,
      ...drawing(),
    })
    // another run is another place, from which Back leads, and so is a number that was chosen, and a step that was leapt to
    const before = readAddress(location.search)
    const isAnother = !isThere && before.session !== null && (before.session !== session.value.id || (isLeap && address !== location.search))
    const isOnlyAStep = writeAddress({ ...before, step: null }) === writeAddress({ ...readAddress(address), step: null })
    clearTimeout(writing)
    if (isAnother) {
      if (late) write(late) // the place that is left
      window.history.pushState(null, "", `${location.pathname}${address}`)
    }
    // browsers let the address change a few times a second, and a scrubber asks for more
    else if (isOnlyAStep && performance.now() - written < ADDRESS_PAUSE) writing = setTimeout(write, ADDRESS_PAUSE, (late = address))
    else write(address)
  })
  addEventListener("popstate", () => {
    clearTimeout(writing)
    late = null
    followAddress()
  })
}

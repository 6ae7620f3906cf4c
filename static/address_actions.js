/** Opening what the address names, and keeping the address true. */
import { batch, effect } from "@preact/signals"
import { readAddress, readKey, writeAddress } from "./address.js"
import { api } from "./api.js"
import { hasCell, select } from "./cell_actions.js"
import { keepKey } from "./kept_keys.js"
import { openPreset } from "./preset_actions.js"
import { toProblem } from "./problems.js"
import { createSession, openSession } from "./session_actions.js"
import * as state from "./state.js"
import { pause } from "./transport_actions.js"

/** Opens what the address names; makes a session when it names none. @param {object} [config] of the session that is made */
export async function start(config = {}) {
  state.load.value = { status: "loading", problem: null }
  const place = (opened = readAddress(location.search))
  const key = readKey(location.hash)
  if (key && place.session) keepKey(place.session, key)
  // out of sight before anything else: the address bar may be on a projector, and gets copied
  if (key) window.history.replaceState(null, "", `${location.pathname}${location.search}`)
  try {
    state.catalog.value ??= await api.catalog()
    if (place.session) await openSession(place.session, place.step, place.example)
    else if (place.preset) return await openPreset(place.preset)
    else await createSession(config)
    batch(() => {
      state.phaseIndex.value = state.phases.value.findIndex(({ key }) => key === place.phase)
      select(place.cell && hasCell(place.cell) ? place.cell : null)
      const missing = missingOf(place)
      if (missing) state.transport.value = { ...state.transport.value, problem: { title: "Not all of the address was found", message: missing, field: null } }
    })
  } catch (error) {
    state.load.value = { status: "failed", problem: toProblem(error) }
  }
}

let opened = readAddress("")
/** What the address named when it was last gone to. */
export const placeOpened = () => opened

/** What the address names and the session does not have, in words; "" where all is there. @param {import("./address.js").Place} place */
function missingOf(place) {
  const newest = state.session.value?.step ?? 0
  const words = []
  if (place.session && place.step !== null && place.step > newest) words.push(`step ${place.step} was not taken; the newest, ${newest}, is shown`)
  if (place.example !== null && state.example.value === null) words.push(`the batch has no example ${place.example}`)
  if (place.phase !== null && state.phaseIndex.value < 0) words.push(`there is no phase ${place.phase}`)
  const { cell } = place
  if (cell && !hasCell(cell)) words.push(`there is no cell ${cell.row}, ${cell.col} in ${cell.tensor} of layer ${cell.layer}`)
  const sentence = words.join("; ")
  return sentence && `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}

const ADDRESS_PAUSE = 150 // milliseconds
let written = -Infinity
/** @type {ReturnType<typeof setTimeout> | undefined} */
let writing

/** @param {string} address */
function write(address) {
  written = performance.now()
  window.history.replaceState(null, "", `${location.pathname}${address}`)
}

/** Keeps the address bar true, and follows it back and forward. */
export function keepInStep() {
  effect(() => {
    const { session, trace, example, phase, selected } = state
    if (!session.value) return
    const address = writeAddress({
      session: session.value.id,
      step: trace.value?.step ?? null, // also the newest: to whoever opens the link later it is a step of the past
      example: example.value,
      phase: phase.value?.key ?? null,
      cell: selected.value,
    })
    // another run is another place, to which Back leads; a step or a cell is only a look around
    const before = readAddress(location.search)
    const isAnother = before.session !== null && before.session !== session.value.id
    const isOnlyAStep = writeAddress({ ...before, step: null }) === writeAddress({ ...readAddress(address), step: null })
    clearTimeout(writing)
    if (isAnother) window.history.pushState(null, "", `${location.pathname}${address}`)
    // browsers let the address change a few times a second, and a scrubber asks for more
    else if (isOnlyAStep && performance.now() - written < ADDRESS_PAUSE) writing = setTimeout(write, ADDRESS_PAUSE, address)
    else write(address)
  })
  addEventListener("popstate", () => {
    clearTimeout(writing)
    pause()
    start()
  })
}

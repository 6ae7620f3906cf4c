/**
 * What a person can do. The only file that knows both the client and the state; views call it and nothing else.
 *
 * @import { Cell, History } from "./types.js"
 */
import { batch, effect } from "@preact/signals"
import { readAddress, readKey, writeAddress } from "./address.js"
import { api, ProblemError } from "./api.js"
import { csvText } from "./lib/csv_text.js"
import { saveFile } from "./lib/save_file.js"
import * as state from "./state.js"
import { isAdded } from "./lib/lens_columns.js"
import { axesOf, isOfUpdate } from "./lib/tensor_names.js"
import { tensorOf } from "./tensors.js"

/** Where this browser keeps the right to step the sessions that it made. @param {string} id */
const keyName = (id) => `backscope-key-${id}`

/** @param {string} id @param {string | null} key null forgets it */
export function keepKey(id, key) {
  if (key) localStorage.setItem(keyName(id), key)
  else localStorage.removeItem(keyName(id))
}

/** @param {string} id */
export const keptKey = (id) => localStorage.getItem(keyName(id))

/** @param {unknown} error @returns {state.Problem} */
export function toProblem(error) {
  if (error instanceof ProblemError) return { title: error.title, message: error.message, field: error.field }
  console.error(error) // a mistake of our own: the page goes on, and a test fails on this line
  return { title: "Something went wrong on this page", message: String(error), field: null }
}

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

/** Makes a preset's run, takes its first steps, and looks where its sentence says. @param {string} name @throws {ProblemError} where there is none of that name */
export async function openPreset(name) {
  const found = state.catalog.value?.presets.find((preset) => preset.name === name)
  if (!found) throw new ProblemError({ title: "No such preset", detail: `There is no preset ${name}.` })
  await createSession(found.config, found.steps)
  const { phase, cell, tab } = found.look
  batch(() => {
    state.preset.value = { ...found, session: state.session.value?.id ?? "" }
    state.phaseIndex.value = state.phases.value.findIndex(({ key }) => key === phase)
    select(cell && hasCell(cell) ? cell : null)
    if (tab) openTab(/** @type {any} */ (tab))
  })
}

export function leavePreset() {
  state.preset.value = null
}

/**
 * @param {object} config
 * @param {number} [steps] to take at once
 * @throws {ProblemError} as the server refuses it; what was on the page stays.
 */
export async function createSession(config, steps = 1) {
  stopLooking()
  const made = await api.createSession(config)
  keepKey(made.id, made.edit_key)
  // the first batch is taken at once: a page without a gradient on it shows nothing
  const [first, initial] = await Promise.all([api.takeSteps(made.id, made.edit_key, 0), api.history(made.id, 0)])
  const most = state.catalog.value?.limits.max_steps_per_request ?? 1
  let trace = first
  while (trace.step < steps) trace = await api.takeSteps(made.id, made.edit_key, trace.step, Math.min(most, steps - trace.step))
  pause()
  phasesKnown.set(`${made.id} ${trace.edits}`, made.phases)
  batch(() => {
    state.session.value = { ...made, step: trace.step }
    state.editKey.value = made.edit_key
    state.history.value = initial
    show(trace, made.phases)
    select(null)
    state.load.value = { status: "ready", problem: null }
  })
  await readHistory()
}

/** How a CSV file reads, before it is used. @param {object} request @param {AbortSignal} signal */
export const previewCsv = (request, signal) => api.previewCsv(request, signal)

/** The dataset on the page with the file or the arrays that were brought; null where none were. */
export async function readOwnData() {
  const now = state.session.value
  return now?.config.dataset.content ? (await api.data(now.id)).dataset : null
}

/** The phases of a step by its session and how long the log was before it, since edits may change them. @type {Map<string, import("./types.js").SessionPhase[]>} */
const phasesKnown = new Map()

/** @param {string} id @param {import("./types.js").Trace} trace @param {AbortSignal} [signal] */
export async function phasesAt(id, trace, signal) {
  const key = `${id} ${trace.edits}`
  const known = phasesKnown.get(key)
  if (known) return known
  const { phases } = await api.phases(id, trace.step, signal)
  if (phasesKnown.size > 100) phasesKnown.clear()
  phasesKnown.set(key, phases)
  return phases
}

/** @param {string} id @param {number | null} step the step to look at; the latest when null @param {number | null} [example] */
export async function openSession(id, step, example = null) {
  stopLooking()
  const session = await api.session(id)
  const look = { id, step: Math.min(step ?? session.step, session.step), example: null }
  const [history, trace] = await Promise.all([api.history(id, 0), session.step > 0 ? api.trace(look) : null])
  const isThere = trace !== null && example !== null && example < trace.batch.size
  const alone = isThere ? await api.trace({ ...look, example }) : null
  if (trace && trace.step === session.step) phasesKnown.set(`${id} ${trace.edits}`, session.phases)
  const phases = trace ? await phasesAt(id, trace) : session.phases
  batch(() => {
    state.session.value = { ...session, phases }
    state.editKey.value = keptKey(id)
    state.history.value = history
    state.trace.value = alone ?? trace
    state.wholeTrace.value = trace
    state.example.value = alone ? example : null
    state.load.value = { status: trace ? "ready" : "empty", problem: null }
  })
}

/** Takes the next batch from the newest step, whatever step is looked at. @returns {Promise<boolean>} whether it was taken */
export async function takeStep() {
  const { session, editKey, transport } = state
  const now = session.value
  if (!now || !editKey.value || isStepping) return false
  isStepping = true
  if (transport.value.status === "paused") transport.value = { ...transport.value, status: "stepping", problem: null }
  try {
    const trace = await api.takeSteps(now.id, editKey.value, now.step)
    const phases = await phasesAt(now.id, trace)
    if (session.value?.id !== now.id) return false // another session was opened meanwhile
    batch(() => {
      session.value = { ...now, step: trace.step, phases: session.value?.phases ?? phases }
      // who asked for something else while the step was under way has chosen what to look at
      if (!isAsking()) show(trace, phases)
      state.load.value = { status: "ready", problem: null }
    })
    isStepping = false // what is on the page now can be stepped on from; its curves come along
    await readHistory()
    return true
  } catch (error) {
    // 409: another tab has stepped this session. Catch up, and say so
    if (error instanceof ProblemError && error.status === 409) await catchUp(now.id)
    transport.value = { ...transport.value, status: "paused", problem: toProblem(error) }
    return false
  } finally {
    isStepping = false
    if (transport.value.status === "stepping") transport.value = { ...transport.value, status: "paused" }
  }
}
let isStepping = false

/** Whether a step that this page asked for is under way. */
export const isTaking = () => isStepping

/** @param {string} id */
async function catchUp(id) {
  try {
    await openSession(id, null)
  } catch {
    // the problem that led here is on the page already
  }
}

export async function readHistory() {
  const id = state.session.value?.id
  if (!id) return
  const have = state.history.value
  const more = await api.history(id, have.steps.at(-1) ?? 0)
  if (state.session.value?.id === id) state.history.value = joinHistories(state.history.value, more) // others may have come meanwhile
}

/** @param {History} have @param {History} more what came after @returns {History} */
export function joinHistories(have, more) {
  const last = have.steps.at(-1) ?? 0
  const from = more.steps.findIndex((step) => step > last)
  if (from < 0) return { ...have, initial: have.initial ?? more.initial, marks: joinMarks(have.marks, more.marks) }
  /** @template T @param {T[]} before @param {T[]} after */
  const join = (before, after) => [...before, ...after.slice(from)]
  return {
    initial: have.initial ?? more.initial,
    steps: join(have.steps, more.steps),
    loss: join(have.loss, more.loss),
    accuracy: join(have.accuracy, more.accuracy),
    test_loss: join(have.test_loss, more.test_loss),
    test_accuracy: join(have.test_accuracy, more.test_accuracy),
    layers: more.layers.map((layer, position) => {
      const before = have.layers[position]
      const column = (/** @type {Exclude<keyof History["layers"][number], "index">} */ name) => join(before?.[name] ?? [], layer[name])
      return {
        index: layer.index,
        W_l2: column("W_l2"),
        dW_l2: column("dW_l2"),
        db_l2: column("db_l2"),
        update_l2: column("update_l2"),
        update_to_weight: column("update_to_weight"),
        dead_units: column("dead_units"),
      }
    }),
    marks: joinMarks(have.marks, more.marks),
  }
}

/** Actions are numbered, and may come without a step after them. @param {History["marks"]} [have] @param {History["marks"]} [more] */
function joinMarks(have = [], more = []) {
  const known = new Set(have.map(({ number }) => number))
  return [...have, ...more.filter(({ number }) => !known.has(number))]
}

/** @param {import("./types.js").Trace} trace @param {import("./types.js").SessionPhase[]} phases its own */
export function show(trace, phases) {
  const key = state.phase.value?.key
  if (state.session.value && state.session.value.phases !== phases) state.session.value = { ...state.session.value, phases }
  state.trace.value = trace
  state.wholeTrace.value = trace
  leaveExample()
  // an edit may have put phases in before it
  state.phaseIndex.value = state.phases.value.findIndex((phase) => phase.key === key)
}

/** Plays batch after batch; each is asked for when the one before has been drawn, so a slow server is never flooded. */
export async function play() {
  if (state.transport.value.status === "playing") return
  state.transport.value = { ...state.transport.value, status: "playing", problem: null }
  while (state.transport.value.status === "playing") {
    const began = performance.now()
    if (!(await takeStep())) break
    await nextFrame()
    const wait = 1000 / state.transport.value.batchesPerSecond - (performance.now() - began)
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  }
  if (state.transport.value.status === "playing") pause()
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

export function pause() {
  state.transport.value = { ...state.transport.value, status: "paused" }
}

/** @param {number} batchesPerSecond */
export function setSpeed(batchesPerSecond) {
  state.transport.value = { ...state.transport.value, batchesPerSecond }
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
        if (state.sought.value === step) state.sought.value = null
      })
    } catch (error) {
      if (signal.aborted) continue
      state.transport.value = { ...state.transport.value, problem: toProblem(error) }
      break
    } finally {
      asking--
    }
    if (state.sought.value !== null) await nextFrame() // drawn before the next is asked for
  }
  state.sought.value = null
}

/** Something else is looked at now. */
function stopLooking() {
  state.sought.value = null
  looking?.abort()
}

/** @type {AbortController | null} */
let looking = null
let asking = 0 // looks that are under way
const isAsking = () => asking > 0 && looking !== null && !looking.signal.aborted

/** @param {number} by one phase on (1) or back (-1); beyond either end lies the whole step */
export function movePhase(by) {
  const count = state.phases.value.length
  const next = state.phaseIndex.value + by
  state.phaseIndex.value = next >= count ? -1 : next < -1 ? count - 1 : next
}

/** @param {number} index */
export function goToPhase(index) {
  state.phaseIndex.value = index === state.phaseIndex.value ? -1 : index
}

/** Lights a cell in the lens without speaking of it. @param {Cell | null} cell */
export function hint(cell) {
  state.hinted.value = cell
}

/** @param {Cell | null} cell */
export function point(cell) {
  state.pointed.value = cell
}

/** Chooses a cell: a path of blame begins there. @param {Cell | null} cell */
export function select(cell) {
  batch(() => {
    state.selected.value = cell
    state.trail.value = cell ? [cell] : []
    if (cell) state.lastCells.value = { ...state.lastCells.value, [`${cell.tensor}.${cell.layer}`]: cell }
  })
}

/** Walks on to a cell that the chosen one was made of, or back to one of the path. @param {Cell} cell */
export function walk(cell) {
  const isSame = (/** @type {Cell} */ one) => one.tensor === cell.tensor && one.layer === cell.layer && one.row === cell.row && one.col === cell.col
  const before = state.trail.value.findIndex(isSame)
  const path = before < 0 ? [...state.trail.value, cell] : state.trail.value.slice(0, before + 1)
  batch(() => {
    select(cell)
    state.trail.value = path
  })
}

/** Walks on to a cell of the step before. @param {Cell} cell */
export async function walkBack(cell) {
  const step = (state.trace.value?.step ?? 1) - 1
  await goToStep(step)
  if (state.trace.value?.step === step) select(cell)
}

/** Shows the pass of one example alone, or the whole batch again. @param {number | null} example */
export async function lookAtExample(example) {
  const { session, trace, wholeTrace } = state
  if (!session.value || !trace.value || !wholeTrace.value || example === state.example.value) return
  pause()
  stopLooking()
  if (example === null) {
    batch(() => {
      trace.value = wholeTrace.value
      leaveExample()
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
    })
  } catch (error) {
    if (!signal.aborted) state.transport.value = { ...state.transport.value, problem: toProblem(error) }
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

/** @param {Cell} cell whether the trace on the page has it */
export function hasCell({ tensor, layer, row, col }) {
  const found = state.trace.value && tensorOf(state.trace.value, tensor, layer)
  return Boolean(found && row < found.shape[0] && col < found.shape[1])
}

/** @param {typeof state.dialog.value} which */
export function openDialog(which) {
  if (which !== "none") pause() // nothing goes on behind it unseen
  state.dialog.value = which
}

/** @param {"light" | "dark"} scheme the person's own choice, kept in this browser */
export function chooseScheme(scheme) {
  localStorage.setItem("backscope-scheme", scheme)
  state.scheme.value = scheme
}

/** Follows the system's scheme until the person chooses. */
export function followScheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)")
  const follow = () => {
    const chosen = localStorage.getItem("backscope-scheme")
    state.scheme.value = chosen === "light" || chosen === "dark" ? chosen : dark.matches ? "dark" : "light"
  }
  follow()
  dark.addEventListener("change", follow)
  effect(() => {
    document.documentElement.dataset.scheme = state.scheme.value
  })
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

/** @param {"flow" | "gate" | "agreement" | "proof" | "health" | "curves" | "batch" | "boundary" | "pictures"} which */
export function openTab(which) {
  state.tab.value = which
}

export function togglePlay() {
  if (state.transport.value.status === "playing") pause()
  else play()
}

/** The arrow keys: a phase on or back, with shift a batch. @param {1 | -1} by @param {boolean} isBatch */
export function moveOn(by, isBatch) {
  if (!isBatch) return movePhase(by)
  const looked = state.trace.value?.step ?? 0
  if (by > 0 && looked === state.session.value?.step) return takeStep()
  return goToStep(looked + by)
}

/** @param {boolean} isOpen */
export function openUpdate(isOpen) {
  state.isUpdateOpen.value = isOpen
}

/** @param {boolean} isFolded */
export function foldLayers(isFolded) {
  state.isFolded.value = isFolded
}

/** Shows what is folded away when a phase or a cell of it is come to; who then folds it again has it folded. */
export function unfoldWhereLooked() {
  let before = ""
  effect(() => {
    const { phase, selected } = state
    const looked = [selected.value, phase.value?.lane === "update" ? null : phase.value?.writes[0]].filter((one) => one !== null && one !== undefined)
    const place = [phase.value?.key, ...looked.map(({ tensor, layer }) => `${tensor}.${layer}`)].join()
    if (place === before) return // another step, looked at in the same place
    before = place
    if (phase.value?.lane === "update" || looked.some(({ tensor }) => isOfUpdate(tensor))) state.isUpdateOpen.value = true
    if (looked.some(({ tensor }) => isAdded(tensor))) state.isFolded.value = false
  })
}

/** @param {"shared" | "own"} range */
export function chooseScaleRange(range) {
  state.scaleRange.value = range
}

/** @param {"linear" | "signed-log"} mode */
export function chooseScaleMode(mode) {
  state.scaleMode.value = mode
}

/** One number at full precision. @param {Cell} cell @param {AbortSignal} signal @returns {Promise<number | null>} */
export async function readCell({ tensor, layer, row, col }, signal) {
  if (!state.session.value || !state.trace.value) return null
  const found = await api.window(look(), tensor, layer, [row, row + 1], [col, col + 1], signal)
  return Number(found.values?.[0]?.[0] ?? NaN)
}

/**
 * A part of a tensor at full precision, for tables of what came pooled.
 * @param {string} tensor @param {number} layer @param {[number, number]} rows from, up to but without @param {[number, number]} cols
 * @param {AbortSignal} signal
 */
export async function readWindow(tensor, layer, rows, cols, signal) {
  if (!state.session.value || !state.trace.value) return null
  return api.window(look(), tensor, layer, rows, cols, signal)
}

/** What is looked at, for the client. @returns {import("./api.js").Look} */
function look() {
  return { id: state.session.value?.id ?? "", step: state.trace.value?.step ?? 0, example: state.example.value }
}

/** Where a number came from. @param {Cell} cell @param {{order?: "index" | "magnitude", offset?: number, limit?: number}} terms @param {AbortSignal} [signal] */
export const explain = (cell, terms, signal) => api.explain(look(), cell, terms, signal)

/** What a weight influences. @param {Cell} cell @param {number} limit @param {AbortSignal} [signal] */
export const readPaths = (cell, limit, signal) => api.paths(look(), cell, limit, signal)

/** How much the examples of the batch disagree. @param {AbortSignal} [signal] */
export const readCancellation = (signal) => api.cancellation(look(), signal)

/** The slope g'(Z) of a hidden layer, pooled where it is large. @param {number} layer @param {AbortSignal} [signal] */
export const readSlope = (layer, signal) => api.tensor(look(), "slope", layer, { max_rows: 256, max_cols: 256 }, signal)

/** All gradients of the step against differences, or one cell's. @param {Cell | null} cell @param {AbortSignal} [signal] */
export const checkGradients = (cell, signal) => api.gradcheck(look(), cell ? { cell } : {}, signal)

/** What the update did to the loss, and what the gradient predicted. @param {AbortSignal} [signal] */
export const readUpdate = (signal) => api.update(look(), signal)

/** What goes wrong with the gradients of the step, and its layers in numbers. @param {AbortSignal} [signal] */
export const readHealth = (signal) => api.health(look(), signal)

/** How a tensor's numbers were spread over the steps of the run. @param {{tensor: string, layer: number, bins: number, most: number, scale?: string}} asked @param {AbortSignal} [signal] */
export const readDistributions = (asked, signal) => api.distributions(look().id, asked, signal)

/** Where the whole history is to be had as CSV. */
export const historyCsv = () => api.historyCsv(look().id)

/** Hands what a plot shows to the person as a file. @param {string} what "loss" @param {string[]} header @param {readonly (readonly (number | string | null)[])[]} columns */
export function saveCsv(what, header, columns) {
  saveFile(`backscope-${look().id.slice(0, 8)}-${what}.csv`, csvText(header, columns), "text/csv")
}

/** What the network says over the plane of its two features, or along its one. @param {number} resolution @param {AbortSignal} [signal] */
export const readPredictions = (resolution, signal) => api.predictions(look(), resolution, signal)

/** Puts the step, or one phase of it, on the clipboard as NumPy. @param {string | null} phase @throws {ProblemError} */
export async function copyScript(phase) {
  const text = await api.script(look(), phase)
  await navigator.clipboard.writeText(text)
}

/** Puts the address of what is seen on the clipboard. */
export const copyLink = () => navigator.clipboard.writeText(location.href)

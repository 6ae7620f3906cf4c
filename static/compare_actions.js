/** Which runs are compared, and what of them: what the address of a comparison names. */
import { batch } from "@preact/signals"
import { api, ProblemError } from "./api.js"
import { readOn } from "./compare_bring_actions.js"
import * as compare from "./compare_state.js"
import { pause } from "./compare_step_actions.js"
import { isKeyOf, keepKey, keptKey } from "./kept_keys.js"
import { addressFaults, keyIn, readCompareAddress, sessionIn } from "./lib/compare_address.js"
import { formatCount } from "./lib/format.js"
import { toProblem } from "./problems.js"
import * as state from "./state.js"

/** @import { Cell } from "./types.js" */
/** @import { Run } from "./compare_state.js" */

const { runs, step, tensors, layer, phaseKey, chosenCell, pointedCell } = compare

/** Opens what the address names. */
export async function open() {
  state.load.value = { status: "loading", problem: null }
  const place = readCompareAddress(location.search)
  try {
    state.catalog.value ??= await api.catalog()
    const found = await Promise.all(place.sessions.slice(0, compare.MOST_RUNS).map(openRun))
    batch(() => {
      showPlace(place, found)
      state.load.value = { status: "ready", problem: null }
    })
  } catch (error) {
    state.load.value = { status: "failed", problem: toProblem(error) }
  }
}

/** Shows again what the address names, which was on this page: runs that still are stay as they are. @param {() => boolean} isWanted when the others have come */
export async function revisit(isWanted) {
  pause()
  const place = readCompareAddress(location.search)
  const known = (/** @type {string} */ id) => runs.value.find((run) => run.id === id && run.session !== null)
  const found = await Promise.all(place.sessions.slice(0, compare.MOST_RUNS).map((id) => known(id) ?? openRun(id)))
  if (!isWanted()) return
  batch(() => {
    showPlace(place, found.map((run) => known(run.id) ?? run)) // as it is by now
    if (compare.lockstep.value.status === "paused") compare.lockstep.value = { status: "paused", problem: null, notice: "" }
  })
}

/** @param {import("./lib/compare_address.js").ComparePlace} place @param {Run[]} found */
function showPlace(place, found) {
  runs.value = found
  const newest = compare.newest.value
  step.value = Math.min(place.step ?? (compare.common.value || newest), newest)
  if (place.tensors.length > 0) tensors.value = place.tensors
  else if (place.cell && !tensors.value.includes(place.cell.tensor)) tensors.value = [place.cell.tensor, ...tensors.value]
  phaseKey.value = compare.phases.value.some(({ key }) => key === place.phase) ? place.phase : null
  // the first layer is the farthest from the loss: what becomes of a gradient on its way has become of it there
  const wanted = place.layer ?? place.cell?.layer ?? compare.phase.value?.layer ?? 1
  layer.value = wanted === "all" ? "all" : Math.min(wanted, compare.lastLayer.value)
  chosenCell.value = place.cell
  compare.isUnlikeDrawn.value = place.isUnlikeDrawn === true
  compare.sharing.value = place.sharing ?? "tensor"
  state.scaleMode.value = place.colors === "logarithmic" ? "signed-log" : "linear"
  compare.addressNotice.value = [addressFaults(location.search, compare.MOST_RUNS), missingOf(place)].filter(Boolean).join(" ")
}

/** What the address names and none of the runs has, in words. @param {import("./lib/compare_address.js").ComparePlace} place */
function missingOf(place) {
  if (compare.opened.value.length === 0) return ""
  const [newest, last] = [compare.newest.value, compare.lastLayer.value]
  const words = []
  if (place.step !== null && place.step > newest) words.push(`Step ${formatCount(place.step)} was not taken by any of them; the newest, ${formatCount(newest)}, is shown.`)
  const layerOf = place.layer ?? place.cell?.layer
  if (typeof layerOf === "number" && layerOf > last) words.push(`None of them has a layer ${layerOf}; the last, ${last}, is shown.`)
  if (place.phase !== null && phaseKey.value === null) words.push(`None of them has a phase ${place.phase}.`)
  return words.join(" ")
}

/** @param {string} id @returns {Promise<Run>} with a problem where it can't be opened */
async function openRun(id) {
  /** @type {Run} */
  const run = { id, key: keptKey(id), session: null, history: state.emptyHistory(), log: [], problem: null }
  try {
    return await readOn(run)
  } catch (error) {
    return { ...run, problem: error instanceof ProblemError && error.status === 404 ? noSuchRun(id) : toProblem(error) }
  }
}

/** @param {string} id @returns {import("./state.js").Problem} */
const noSuchRun = (id) => ({ title: "No such run.", message: `There is none with the id ${id}: the link is not whole, or the run was deleted, or has expired unread.`, field: null })

/** Tries again to open a run that could not be opened. @param {string} id */
export async function reopen(id) {
  const run = await openRun(id)
  batch(() => {
    runs.value = runs.value.map((one) => (one.id === id ? run : one))
    if (step.value === 0) step.value = compare.common.value || compare.newest.value
  })
}

/** Takes one more run into the comparison. @param {string} text its id, or a link to it @returns {Promise<import("./state.js").Problem | null>} why not */
export async function addRun(text) {
  const id = sessionIn(text)
  const refuse = (/** @type {string} */ message) => ({ title: "Not added.", message, field: null })
  if (/[?&]sessions=/.test(text)) return refuse("This is the link of a comparison: open it by itself, or paste the link of one run.")
  if (id === "") return refuse("Type a session's id, or paste the link of its lens.")
  if (runs.value.some((run) => run.id === id)) return refuse("This run is in the comparison already.")
  if (runs.value.length >= compare.MOST_RUNS) return refuse(`At most ${compare.MOST_RUNS} runs are compared at once; remove one first.`)
  const found = await openRun(id)
  if (found.problem) return found.problem
  const offered = found.key === null ? keyIn(text) : null // a key that this browser has stays
  try {
    if (offered !== null && !(await isKeyOf(id, offered))) return refuse("The key in the link is not this run's edit key: it is wrong, or was cut off. Paste the link up to # to compare the run without stepping it.")
  } catch (error) {
    return toProblem(error)
  }
  if (offered !== null) keepKey(id, offered)
  const run = { ...found, key: found.key ?? offered }
  batch(() => {
    runs.value = [...runs.value, run]
    if (step.value === 0) step.value = compare.common.value || compare.newest.value
  })
  return null
}

/** @param {string} id */
export function removeRun(id) {
  pause()
  batch(() => {
    runs.value = runs.value.filter((run) => run.id !== id)
    step.value = Math.min(step.value, compare.newest.value)
    if (layer.value !== "all") layer.value = Math.min(layer.value, compare.lastLayer.value)
  })
}

/** @param {string[]} names */
export function chooseTensors(names) {
  batch(() => {
    phaseKey.value = null
    tensors.value = names
  })
}

/** @param {number | "all"} which */
export function chooseLayer(which) {
  batch(() => {
    phaseKey.value = null
    layer.value = which
  })
}

/** @param {string | null} key */
export function choosePhase(key) {
  phaseKey.value = key
}

/** One phase on or back; beyond either end lies the chosen layer. @param {1 | -1} by */
export function movePhase(by) {
  const keys = compare.phases.value.map(({ key }) => key)
  const next = keys.indexOf(compare.phase.value?.key ?? "") + by
  phaseKey.value = next >= keys.length ? null : next < -1 ? (keys.at(-1) ?? null) : (keys[next] ?? null)
}

/** @param {Cell | null} cell in all runs */
export function selectCell(cell) {
  chosenCell.value = cell
}

/** @param {Cell | null} cell */
export function pointCell(cell) {
  pointedCell.value = cell
}

/** Draws differences of unlike steps or batches, in frames that say so, or leaves them out. @param {boolean} isDrawn */
export function drawUnlike(isDrawn) {
  compare.isUnlikeDrawn.value = isDrawn
}

/** The numbers of a tensor in all runs, as a table. @param {import("./types.js").TensorAt | null} at null closes it */
export function openTable(at) {
  if (at) pause() // nothing goes on behind it unseen
  compare.tableAt.value = at
}

/** @param {import("./lib/compare_pictures.js").Sharing} which */
export function chooseSharing(which) {
  compare.sharing.value = which
}

/** Keeps the address of a comparison true. Another choice of runs is another place: Back leads to the one before. */
import { effect } from "@preact/signals"
import { revisit } from "./compare_actions.js"
import * as compare from "./compare_state.js"
import { writeCompareAddress } from "./lib/compare_address.js"
import * as state from "./state.js"

const MOMENT = 120 // milliseconds: browsers refuse an address for every step of a scrubber that is dragged

/** The ids of the history's entry; null until there is one. @type {string | null} */
let named = null
/** What that entry is still to say. @type {string | null} */
let pending = null
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer
let visits = 0
let isOnTheWay = false // to another entry, which what is on the page by then is not to be written into

export function keepAddress() {
  addEventListener("popstate", () => location.hash === "" && goThere()) // the link past the bar leads to no other place
  effect(() => {
    if (state.load.value.status === "ready") write(address(), ids())
  })
}

const ids = () => compare.runs.value.map(({ id }) => id).join()

const address = () =>
  writeCompareAddress({
    sessions: compare.runs.value.map(({ id }) => id),
    isUnlikeDrawn: compare.isUnlikeDrawn.value,
    sharing: compare.sharing.value,
    colors: state.scaleMode.value === "signed-log" ? "logarithmic" : "linear",
    step: compare.step.value || null,
    tensors: compare.tensors.value,
    layer: compare.layer.value,
    phase: compare.phaseKey.value,
    cell: compare.chosenCell.value,
  })

/** @param {string} now @param {string} those */
function write(now, those) {
  if (isOnTheWay) return
  const isElsewhere = named !== null && named !== those
  if (isElsewhere) {
    writePending()
    history.pushState(null, "", location.pathname + now)
  } else {
    pending = now
    clearTimeout(timer)
    timer = setTimeout(writePending, MOMENT)
  }
  named = those
}

function writePending() {
  clearTimeout(timer)
  if (pending !== null) history.replaceState(null, "", location.pathname + pending)
  pending = null
}

/** Back or on in the history of this page. */
async function goThere() {
  clearTimeout(timer)
  pending = null
  const mine = ++visits
  isOnTheWay = true
  await revisit(() => mine === visits)
  if (mine !== visits) return
  isOnTheWay = false
  named = ids()
  write(address(), named)
}

/** What a person can do on the derivation page, beyond what the lens has. */
import { effect } from "@preact/signals"
import { writeAddress } from "./address.js"
import { start } from "./address_actions.js"
import { api } from "./api.js"
import { chapterRead, chosenLayer, log, typesetEntries } from "./derivation_state.js"
import { toProblem } from "./problems.js"
import * as state from "./state.js"

/** Small enough to follow every number with a pencil. */
const SMALL = { dataset: { name: "blobs" }, layer_sizes: [2, 4, 3], batch_size: 6 }

/** Opens the session and step that the address names; without one, makes a small session and takes its first step. */
export async function open() {
  const layer = Number(new URLSearchParams(location.search).get("layer"))
  chosenLayer.value = Number.isInteger(layer) && layer > 0 ? layer : null
  await start(SMALL)
  if (state.trace.value?.edits) await readLog()
}

/** What was done by hand before the step: the settings of its update follow from it. */
export async function readLog() {
  const id = state.session.value?.id
  if (!id) return
  try {
    log.value = { entries: (await api.log(id)).edits, problem: null }
  } catch (error) {
    log.value = { entries: null, problem: toProblem(error) }
  }
}

/** Which hidden layer the letter l stands for. @param {number} layer */
export function chooseLayer(layer) {
  chosenLayer.value = layer
}

/**
 * Typesets the chapters one ingredient after the other, so that the page answers meanwhile; all of them at once before it is printed.
 * @param {number} count of all ingredients @param {boolean} isAtOnce
 * @returns {() => void} which stops it
 */
export function typesetChapters(count, isAtOnce) {
  const all = () => { typesetEntries.value = count }
  const next = () => {
    if (typesetEntries.value >= count) return
    typesetEntries.value += 1
    timer = setTimeout(next)
  }
  let timer = setTimeout(isAtOnce ? all : next)
  addEventListener("beforeprint", all)
  return () => {
    clearTimeout(timer)
    removeEventListener("beforeprint", all)
  }
}

/** Follows which chapter is being read: the one that crosses a line in the upper part of the window. @param {string[]} ids @returns {() => void} which stops it */
export function followReading(ids) {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) chapterRead.value = target.id
        else if (chapterRead.value === target.id) chapterRead.value = null
      }
    },
    { rootMargin: "-20% 0px -80% 0px" },
  )
  for (const id of ids) {
    const chapter = document.getElementById(id)
    if (chapter) observer.observe(chapter)
  }
  return () => observer.disconnect()
}

/** Keeps the address bar true: a reload, or someone else, sees the same session, step and layer, whatever steps come later. */
export function keepAddress() {
  effect(() => {
    const { session, trace } = state
    if (!session.value || !trace.value) return
    const place = writeAddress({ session: session.value.id, step: trace.value.step, example: null, phase: null, cell: null })
    const layer = chosenLayer.value === null ? "" : `&layer=${chosenLayer.value}`
    history.replaceState(null, "", `${location.pathname}${place}${layer}${location.hash}`)
  })
}

/**
 * What the page knows of edits: the log of the run, the edit that is being made, and the step as it would be with it.
 *
 * @import { ChangedTensor, EditEntry, Log, Trace, Action, Cell } from "./types.js"
 * @import { Problem } from "./state.js"
 */
import { computed, signal } from "@preact/signals"
import { foldLog, onceAt, standingAt } from "./lib/edit_log.js"
import { joinedLayers } from "./lib/what_if.js"
import { catalog, session, trace } from "./state.js"

/** What was done to the session on the page; null until it is known. @type {import("@preact/signals").Signal<Log | null>} */
export const log = signal(null)

/**
 * The edit that is being made: its fields as they are typed, and where it began: at a cell, or in the list of the run's edits.
 * @typedef {{entry: EditEntry, texts: import("./lib/edit_draft.js").Texts, place: "cell" | "run", cell: Cell | null, problem: Problem | null}} Draft
 * @type {import("@preact/signals").Signal<Draft | null>}
 */
export const draft = signal(null)

/** The step that is looked at, taken again with an edit. @typedef {{action: Action, before: Trace, after: Trace, difference: Trace, changed: ChangedTensor[], isHeld: boolean}} Imagined `isHeld`: a number of it is being dragged */
/** @type {import("@preact/signals").Signal<Imagined | null>} */
export const whatIf = signal(null)

/** @type {import("@preact/signals").Signal<"before" | "after" | "difference">} */
export const view = signal("after")

/** How many of the changed tensors are lit, in the order of computation: all of them but while the change is played. */
export const litCount = signal(Infinity)

/** Whether an answer is under way for what is typed now. */
export const isAsking = signal(false)

/** Whether the inspector shows the run's edits. */
export const isRunOpen = signal(false)

/** What an action on the run was refused with. @type {import("@preact/signals").Signal<Problem | null>} */
export const refusal = signal(null)

/** Whether it is said why the last edit can't be undone any more. */
export const isWhyOpen = signal(false)

/** What was done last, in words. */
export const said = signal("")

/** The trace that the lens draws: the step that was taken, or what it would be. @type {import("@preact/signals").ReadonlySignal<Trace | null>} */
export const seen = computed(() => (whatIf.value ? { before: whatIf.value.before, after: whatIf.value.after, difference: whatIf.value.difference }[view.value] : trace.value))

/** The one that it is compared with by eye, on the same scale; null where it stands alone. @type {import("@preact/signals").ReadonlySignal<Trace | null>} */
export const beside = computed(() => (whatIf.value && view.value !== "difference" ? (view.value === "before" ? whatIf.value.after : whatIf.value.before) : null))

/** The layers whose tensors have a place in the lens, so that nothing moves between before and after. */
export const shownLayers = computed(() => (whatIf.value ? joinedLayers(whatIf.value.before, whatIf.value.after) : (trace.value?.layers ?? [])))

/** The edits that can be made. */
export const entries = computed(() => catalog.value?.edits ?? [])

/** What acted on the step that is looked at, and what acts on the next one only. */
export const marked = computed(() => {
  const all = log.value?.edits ?? []
  const now = standingAt(all, trace.value?.step ?? 0, entries.value)
  const written = new Set(now.map((action) => JSON.stringify(action)))
  const isNewest = trace.value?.step === session.value?.step
  const next = isNewest ? standingAt(all, Infinity, entries.value).filter((action) => !written.has(JSON.stringify(action))) : []
  return { now, next }
})

/** What was done and not undone, the newest last. */
export const done = computed(() => foldLog(log.value?.edits ?? []).done)

/** What `undo` and `redo` would take back, from where the run stands now. `isOpen`: no step was taken with it yet; later only a fork does without it. */
export const canUndo = computed(() => {
  const last = done.value.at(-1) ?? null
  return { last, isOpen: last !== null && last.step === session.value?.step }
})
export const canRedo = computed(() => (log.value?.edits.at(-1)?.step === session.value?.step ? (log.value?.can_redo ?? null) : null))

/** Numbers that were set by hand for one step alone: the next one, or of the past, the one that is looked at. */
export const once = computed(() => {
  const [looked, newest] = [trace.value?.step ?? 0, session.value?.step ?? 0]
  return onceAt(log.value?.edits ?? [], looked < newest ? looked : newest + 1, entries.value)
})

/** The optimizer's settings as they are from here on. */
export const optimizerNow = computed(() => /** @type {{name: string} & Record<string, unknown>} */ (log.value?.changes.optimizer ?? session.value?.config.optimizer ?? { name: "" }))

/** Their fields, as the catalogue has them. @type {import("@preact/signals").ReadonlySignal<import("./types.js").EditParameter[]>} */
export const optimizerParameters = computed(() => catalog.value?.optimizers.find(({ name }) => name === optimizerNow.value.name)?.parameters ?? [])

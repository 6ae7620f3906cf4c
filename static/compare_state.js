/**
 * What the comparison knows beyond `state.js`. The files `compare_*.js` beside it alone write it.
 *
 * @import { Cell, History, RunDifference, Session, SessionPhase, TensorAt, Trace } from "./types.js"
 * @import { Problem } from "./state.js"
 */
import { computed, signal } from "@preact/signals"
import { mergePhases, tensorsAt, tensorsOfPhase } from "./lib/compare_phases.js"

export const MOST_RUNS = 4

/** A session among those that are compared; without one where it could not be opened. `log`: what was done to it and not undone;
 * `isGone`: deleted while it was looked at: what was on the page of it stays there.
 * @typedef {{id: string, key: string | null, session: Session | null, history: History, log: import("./lib/compare_edits.js").Entry[], problem: Problem | null, isGone?: boolean}} Run */

/**
 * What is seen of each run, in the order of `runs`. The difference of the first is null: it is what the others are held against.
 * @typedef {{step: number, items: TensorAt[], runs: {id: string, step: number, trace: Trace | null, difference: RunDifference | null, problem: Problem | null}[]}} Shown
 */

/** @type {import("@preact/signals").Signal<Run[]>} */
export const runs = signal([])

/** Those that could be opened. */
export const opened = computed(() => runs.value.filter((run) => run.session !== null))

/** Those that can be asked for anything. */
export const living = computed(() => opened.value.filter((run) => !run.isGone))

/** The step that is looked at; a run that has taken fewer shows its newest. */
export const step = signal(0)

/** Which tensors, of which layer; a phase shows what it writes and reads instead. @type {import("@preact/signals").Signal<string[]>} */
export const tensors = signal(["W", "dW", "A", "dZ"])
/** @type {import("@preact/signals").Signal<number | "all">} */
export const layer = signal(1)
/** @type {import("@preact/signals").Signal<string | null>} */
export const phaseKey = signal(null)

/** The cell that was chosen in all runs, and the one under the pointer. @type {import("@preact/signals").Signal<Cell | null>} */
export const chosenCell = signal(null)
/** @type {import("@preact/signals").Signal<Cell | null>} */
export const pointedCell = signal(null)

/** @type {import("@preact/signals").Signal<Shown | null>} */
export const shown = signal(null)

/** Whether differences of unlike steps or batches are drawn all the same, in frames that say so. */
export const isUnlikeDrawn = signal(false)

/** What of the address could not be shown, in words. */
export const addressNotice = signal("")

/** The tensor whose numbers are open as a table. @type {import("@preact/signals").Signal<TensorAt | null>} */
export const tableAt = signal(null)

/** The line on which the page hears of what is done to the runs elsewhere: "away" while it is being sought again. @type {import("@preact/signals").Signal<"none" | "open" | "away">} */
export const line = signal("none")

/** How far the others have been brought that were behind; null while none is. @type {import("@preact/signals").Signal<{taken: number, of: number} | null>} */
export const bringing = signal(null)

/** Whether this page takes the same steps with its other runs as one of them is taken on elsewhere. */
export const isCarried = signal(false)

/** "notice": what is no failure, as that a run was stepped elsewhere meanwhile; "again" does again what failed.
 * @type {import("@preact/signals").Signal<{status: "paused" | "stepping" | "playing", problem: Problem | null, notice: string, again?: () => unknown}>} */
export const lockstep = signal({ status: "paused", problem: null, notice: "" })

/** Which pictures have one scale. @type {import("@preact/signals").Signal<import("./lib/compare_pictures.js").Sharing>} */
export const sharing = signal("tensor")

/** How far those have come that can go on; where all are gone, how far they had come. */
const reached = computed(() => (living.value.length > 0 ? living.value : opened.value).map((run) => run.session?.step ?? 0))

/** The newest step of any run, and how far all of them have come. */
export const newest = computed(() => Math.max(0, ...reached.value))
export const common = computed(() => (reached.value.length ? Math.min(...reached.value) : 0))

/** The run that the others are held against. */
export const reference = computed(() => opened.value[0] ?? null)

/** How many layers each network has, without its input. */
const depths = computed(() => opened.value.map((run) => (run.session?.config.layer_sizes.length ?? 2) - 1))

/** The last layer of the largest network. */
export const lastLayer = computed(() => Math.max(1, ...depths.value))

/** The phases of steps that were taken otherwise than the newest, by id: edits may have made them others. @type {import("@preact/signals").Signal<Record<string, SessionPhase[]>>} */
export const phasesAtStep = signal({})

/** What each run is made of at the step that is looked at, in the order of `opened`. */
export const phasesOfRuns = computed(() => opened.value.map(({ id, session }) => phasesAtStep.value[id] ?? session?.phases ?? []))

/** The phases of all runs, as one derivation. */
export const phases = computed(() => mergePhases(phasesOfRuns.value))

export const phase = computed(() => phases.value.find(({ key }) => key === phaseKey.value) ?? null)

/** Which tensors any of the runs has in the layer that was chosen. */
export const tensorsHere = computed(() => tensorsAt(phases.value, layer.value))

// as text, so that what is looked at is not asked for again where only a run has gone on
const itemsText = computed(() => JSON.stringify(phase.value ? tensorsOfPhase(phase.value) : chosenItems()))

/** @returns {TensorAt[]} */
function chosenItems() {
  const layers = layer.value === "all" ? Array.from({ length: lastLayer.value }, (_, l) => l + 1) : [layer.value]
  return layers.flatMap((l) => {
    const { usual, others } = tensorsAt(phases.value, l)
    return tensors.value.filter((tensor) => usual.includes(tensor) || others.includes(tensor)).map((tensor) => ({ tensor, layer: l }))
  })
}

/** What is drawn, each a row of heatmaps: what a phase writes and reads, or what was chosen as far as any of the runs has it. @type {import("@preact/signals").ReadonlySignal<TensorAt[]>} */
export const items = computed(() => JSON.parse(itemsText.value))

/** What is known of each run that decides whether it can be subtracted; of what is shown, in the order of `opened`. */
export const sides = computed(() =>
  (shown.value?.runs ?? []).map(({ step, difference }, position) => ({
    sizes: opened.value[position]?.session?.config.layer_sizes ?? [],
    step,
    isSameBatch: difference?.same_batch ?? null,
  })),
)

/** The letter of an opened run stands for its place among all that the address names. @param {number} position @returns {number} */
export const placeOf = (position) => runs.value.findIndex(({ id }) => id === opened.value[position]?.id)

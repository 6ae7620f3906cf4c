/**
 * What the comparison knows beyond `state.js`. `compare_actions.js` alone writes it.
 *
 * @import { Cell, History, RunDifference, Session, TensorAt, Trace } from "./types.js"
 * @import { Problem } from "./state.js"
 */
import { computed, signal } from "@preact/signals"

export const MOST_RUNS = 4

/** A session among those that are compared; without one where it could not be opened. @typedef {{id: string, key: string | null, session: Session | null, history: History, problem: Problem | null}} Run */

/**
 * What is seen of each run, in the order of `runs`. The difference of the first is null: it is what the others are held against.
 * @typedef {{step: number, items: TensorAt[], runs: {step: number, trace: Trace | null, difference: RunDifference | null, problem: Problem | null}[]}} Shown
 */

/** @type {import("@preact/signals").Signal<Run[]>} */
export const runs = signal([])

/** Those that could be opened. */
export const opened = computed(() => runs.value.filter((run) => run.session !== null))

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

/** "notice": what is no failure, as that a run was stepped elsewhere meanwhile.
 * @type {import("@preact/signals").Signal<{status: "paused" | "stepping" | "playing", problem: Problem | null, notice: string}>} */
export const lockstep = signal({ status: "paused", problem: null, notice: "" })

/** "tensor": a scale for each tensor, shared by the runs. "kind": one for all tensors of a kind. @type {import("@preact/signals").Signal<"tensor" | "kind">} */
export const sharing = signal("tensor")

/** The newest step of any run, and how far all of them have come. */
export const newest = computed(() => Math.max(0, ...opened.value.map((run) => run.session?.step ?? 0)))
export const common = computed(() => (opened.value.length ? Math.min(...opened.value.map((run) => run.session?.step ?? 0)) : 0))

/** The run that the others are held against. */
export const reference = computed(() => opened.value[0] ?? null)

/** The last layer of the largest network. */
export const lastLayer = computed(() => Math.max(1, ...opened.value.map((run) => (run.session?.config.layer_sizes.length ?? 2) - 1)))

export const phasesOfReference = computed(() => (reference.value?.session?.phases ?? []).filter(({ lane }) => lane !== "update" && lane !== "loss"))

/** What is drawn, each a row of heatmaps. @type {import("@preact/signals").ReadonlySignal<TensorAt[]>} */
export const items = computed(() => {
  const phase = phasesOfReference.value.find(({ key }) => key === phaseKey.value)
  if (phase) {
    const reads = phase.reads.filter(({ tensor }) => !["Y", "losses", "loss"].includes(tensor))
    return [{ tensor: phase.tensor, layer: phase.layer }, ...reads].filter((one, at, all) => all.findIndex((other) => other.tensor === one.tensor && other.layer === one.layer) === at)
  }
  const layers = layer.value === "all" ? Array.from({ length: lastLayer.value }, (_, l) => l + 1) : [layer.value]
  return layers.flatMap((l) => tensors.value.map((tensor) => ({ tensor, layer: l })))
})

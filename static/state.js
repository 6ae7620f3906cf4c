/**
 * What the page knows: a handful of signals, each a noun. Views read them, the `*_actions.js` alone write them.
 *
 * @import { Catalog, Cell, History, Phase, Session, Trace } from "./types.js"
 */
import { computed, signal } from "@preact/signals"
import { phasesOf } from "./phases.js"

/** `status` as HTTP has it, where the server said no; `errors`: all that is wrong with a request, where it is more than one field; `retry` does again what failed; `unanswered`: the step from which the next was asked for without an answer;
 * `isSilent`: no answer came; `lost`: what was then not done, in words, and is done again only by whoever asked for it; `wasDone` looks whether it was all the same, and then shows it; where a part of it was done, it answers in words what was not;
 * `isBack`: the server answers again since.
 * @typedef {{title: string, message: string, field: string | null, status?: number, errors?: {field: string, value: unknown, bound: string}[], retry?: () => unknown, unanswered?: number, isSilent?: boolean, lost?: string, wasDone?: () => Promise<boolean | string>, isBack?: boolean}} Problem */

/** @type {import("@preact/signals").Signal<{status: "loading" | "empty" | "ready" | "failed", problem: Problem | null}>} */
export const load = signal({ status: "loading", problem: null })

/** @type {import("@preact/signals").Signal<Catalog | null>} */
export const catalog = signal(null)

/** @type {import("@preact/signals").Signal<Session | null>} */
export const session = signal(null)

/** The right to step this session; null for someone who only watches. @type {import("@preact/signals").Signal<string | null>} */
export const editKey = signal(null)

/** The run that the page made by itself since its address named none, until somebody does something with it. @type {import("@preact/signals").Signal<string | null>} */
export const unasked = signal(null)

/** What was opened as a preset, with the session that it made. @type {import("@preact/signals").Signal<({session: string} & import("./types.js").Preset) | null>} */
export const preset = signal(null)

/** The step that is looked at; null before the first. @type {import("@preact/signals").Signal<Trace | null>} */
export const trace = signal(null)

/** The step that is asked for and not there yet, while another is still shown. @type {import("@preact/signals").Signal<number | null>} */
export const sought = signal(null)

/** The step that is pointed at on a curve, before anybody goes there. @type {import("@preact/signals").Signal<number | null>} */
export const pointedStep = signal(null)

/** Whether the step that is looked at has steps after it. */
export const isPast = computed(() => trace.value !== null && session.value !== null && trace.value.step < session.value.step)

/** @returns {History} */
export const emptyHistory = () => ({ steps: [], loss: [], accuracy: [], test_loss: [], test_accuracy: [], layers: [] })

/** @type {import("@preact/signals").Signal<History>} */
export const history = signal(emptyHistory())

/** @type {import("@preact/signals").Signal<{status: "paused" | "stepping" | "playing", batchesPerSecond: number, problem: Problem | null}>} */
export const transport = signal({ status: "paused", batchesPerSecond: 4, problem: null })

/** The same step for the whole batch, also while one example is looked at alone. @type {import("@preact/signals").Signal<Trace | null>} */
export const wholeTrace = signal(null)

/** The cell that was chosen last in each tensor ("dW.2"), so that a phase comes back to it. @type {import("@preact/signals").Signal<Record<string, Cell>>} */
export const lastCells = signal({})

/** The one example whose pass is looked at alone; null for the whole batch. @type {import("@preact/signals").Signal<number | null>} */
export const example = signal(null)

/** Cells on the way to the one that is selected, as a person walked: the path of blame. @type {import("@preact/signals").Signal<Cell[]>} */
export const trail = signal([])

/** Whether the page is drawn to be printed: light, and with nothing beyond an edge. */
export const isOnPaper = signal(false)

/** Which phase of the step is looked at; -1 is the whole step. */
export const phaseIndex = signal(-1)

/** The cell that was chosen, and the one under the pointer. @type {import("@preact/signals").Signal<Cell | null>} */
export const selected = signal(null)
/** @type {import("@preact/signals").Signal<Cell | null>} */
export const pointed = signal(null)

/** A cell that is only lit in the lens, while a factor of the chosen one is pointed at. @type {import("@preact/signals").Signal<Cell | null>} */
export const hinted = signal(null)

/** @type {import("@preact/signals").Signal<"light" | "dark">} */
export const scheme = signal("light")

/** "shared": one scale for all gradients of the step. "own": each tensor its own. @type {import("@preact/signals").Signal<"shared" | "own">} */
export const scaleRange = signal("own")

/** @type {import("@preact/signals").Signal<"linear" | "signed-log">} */
export const scaleMode = signal("linear")

/** How often somebody went somewhere: chose a number, or leapt to a step. Each is a place of its own, to which Back leads. */
export const leaps = signal(0)

/** How many phases were walked to, by oneself or with whoever is followed: what each writes is brought into sight, which a phase of an address is not. */
export const phaseWalks = signal(0)

/** The first layer in sight where the lanes are wider than the window; null where all are. @type {import("@preact/signals").Signal<number | null>} */
export const leadingLayer = signal(null)

/** The layer to which whoever is followed has scrolled the lanes, a new object each time. @type {import("@preact/signals").Signal<{layer: number} | null>} */
export const soughtLayer = signal(null)

/** Whether the lens shows what the update makes: its lane is long where an optimizer has states. */
export const isUpdateOpen = signal(false)

/** Whether the lens leaves out what normalisation and dropout add to a layer, so that more layers are in sight. */
export const isFolded = signal(false)

/** @type {import("@preact/signals").Signal<import("./lib/tab_names.js").TabName>} */
export const tab = signal("flow")

/** `scale`: of its axis; "" for the one that suits it. @typedef {{tensor: string, layer: number, scale: "" | "linear" | "symlog"}} Plotted */

/** @type {Plotted} */
const FIRST_PLOTTED = { tensor: "dW", layer: 1, scale: "" }

/** Whose distribution over the steps is asked for; null until somebody asks. @type {import("@preact/signals").Signal<Plotted | null>} */
export const askedDistribution = signal(null)

/** Whose distribution is plotted: of a network that has not the tensor that is asked for, the first. */
export const distribution = computed(() => {
  const asked = askedDistribution.value
  return asked && hasTensor(wholeTrace.value, asked) ? asked : FIRST_PLOTTED
})

/** @param {Trace | null} trace @param {Plotted} plotted */
function hasTensor(trace, { tensor, layer }) {
  const found = /** @type {Record<string, unknown> | undefined} */ (/** @type {unknown} */ (trace?.layers[layer]))?.[tensor]
  return typeof found === "object" && found !== null && "shape" in found && !tensor.endsWith("_next")
}

/** How the page hears of what others do to the session. @type {import("@preact/signals").Signal<"none" | "open" | "away" | "gone">} */
export const line = signal("none")

/** How often the server answered again after it had not: what was read meanwhile without an answer is read again. */
export const returns = signal(0)

/** What is waited for longer than a moment, in words; "" where nothing is. */
export const awaited = signal("")

/** Why the line is away, in the server's words; "" where it has not said. */
export const lineRefusal = signal("")

/** What keeps someone who follows from where whoever teaches is; "" where nothing does. */
export const unfollowed = signal("")

/** Whether someone who only watches goes along with whoever teaches, or looks around alone. */
export const following = signal(false)

/** Where whoever teaches looked last. @type {import("@preact/signals").Signal<import("./types.js").LookedAt | null>} */
export const teacherLook = signal(null)

/** The sessions that this browser knows, the last opened first. @type {import("@preact/signals").Signal<import("./types.js").OwnSession[]>} */
export const ownSessions = signal([])

/** Which dialog is open. @type {import("@preact/signals").Signal<"none" | "form" | "table" | "help" | "share" | "sessions" | "compare">} */
export const dialog = signal("none")

/** @type {import("@preact/signals").ReadonlySignal<Phase[]>} */
export const phases = computed(() => (session.value && trace.value ? phasesOf(session.value.phases, trace.value) : []))

export const phase = computed(() => phases.value[phaseIndex.value] ?? null)

/** The cell that the inspector speaks of. */
export const lit = computed(() => pointed.value ?? selected.value)

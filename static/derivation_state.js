/** What the derivation page knows beyond `state.js`. `derivation_actions.js` alone writes it. */
import { computed, signal } from "@preact/signals"
import { changesAt } from "./lib/edit_log.js"
import { session, trace } from "./state.js"

/** The layer that the person chose to stand for l. @type {import("@preact/signals").Signal<number | null>} */
export const chosenLayer = signal(null)

/** How many ingredients of the chapters are typeset; the others wait for their turn. @type {import("@preact/signals").Signal<number>} */
export const typesetEntries = signal(0)

/** The chapter that is being read, by its id. @type {import("@preact/signals").Signal<string | null>} */
export const chapterRead = signal(null)

/**
 * What was done to the run by hand, for a step that something was done before; null until it is known.
 * @type {import("@preact/signals").Signal<{entries: import("./types.js").LogEntry[] | null, problem: import("./state.js").Problem | null}>}
 */
export const log = signal({ entries: null, problem: null })

/** The configuration that the step was taken with, which edits and forks change on the way; null while that is not known. @type {import("@preact/signals").ReadonlySignal<import("./types.js").SessionConfig | null>} */
export const configThen = computed(() => {
  const [run, now] = [session.value, trace.value]
  if (!run || !now) return null
  if (!now.edits) return run.config
  return log.value.entries && { ...run.config, ...changesAt(log.value.entries, run.config, now.step) }
})

/** The last layer, L. */
export const lastLayer = computed(() => (session.value?.config.layer_sizes.length ?? 1) - 1)

/** The hidden layer that l stands for: the one before the last, unless another was chosen; 0 where there is none. */
export const hiddenLayer = computed(() => {
  const chosen = chosenLayer.value
  return chosen !== null && chosen < lastLayer.value ? chosen : lastLayer.value - 1
})

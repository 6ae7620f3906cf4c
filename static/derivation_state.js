/** What the derivation page knows beyond `state.js`. `derivation_actions.js` alone writes it. */
import { computed, signal } from "@preact/signals"
import { session } from "./state.js"

/** The layer that the person chose to stand for l. @type {import("@preact/signals").Signal<number | null>} */
export const chosenLayer = signal(null)

/** How many ingredients of the chapters are typeset; the others wait for their turn. @type {import("@preact/signals").Signal<number>} */
export const typesetEntries = signal(0)

/** The chapter that is being read, by its id. @type {import("@preact/signals").Signal<string | null>} */
export const chapterRead = signal(null)

/** The last layer, L. */
export const lastLayer = computed(() => (session.value?.config.layer_sizes.length ?? 1) - 1)

/** The hidden layer that l stands for: the one before the last, unless another was chosen; 0 where there is none. */
export const hiddenLayer = computed(() => {
  const chosen = chosenLayer.value
  return chosen !== null && chosen < lastLayer.value ? chosen : lastLayer.value - 1
})

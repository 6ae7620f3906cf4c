/** Views of the step below the lens, one at a time. */
import { html } from "htm/preact"
import { useEffect, useRef } from "preact/hooks"
import { whatIf } from "../edit_state.js"
import { formatCount } from "../lib/format.js"
import { planeTitle } from "../lib/run_words.js"
import { tabNames } from "../lib/tab_names.js"
import { moreOf, useScroll } from "../lib/use_scroll.js"
import { isPast, session, tab, trace } from "../state.js"
import { openTab } from "../view_actions.js"
import { brought } from "./brought.js"
import { GradientFlow } from "./gradient_flow.js"
import { PastNote } from "./past_note.js"

const Agreement = brought(async () => (await import("./agreement.js")).Agreement)
const Batch = brought(async () => (await import("./batch.js")).Batch)
const Boundary = brought(async () => (await import("./boundary.js")).Boundary)
const Curves = brought(async () => (await import("./curves.js")).Curves)
const Gate = brought(async () => (await import("./gate.js")).Gate)
const Health = brought(async () => (await import("./health.js")).Health)
const Pictures = brought(async () => (await import("./pictures.js")).Pictures)
const Proof = brought(async () => (await import("./proof.js")).Proof)

/** @type {Record<import("../lib/tab_names.js").TabName, [title: string, view: (properties: any) => unknown]>} */
const tabs = {
  flow: ["Gradient flow", GradientFlow],
  gate: ["Element by element", Gate],
  agreement: ["Examples' agreement", Agreement],
  proof: ["Proof", Proof],
  health: ["Health", Health],
  curves: ["Curves", Curves],
  batch: ["Batch", Batch],
  boundary: ["Boundary", Boundary],
  pictures: ["Pictures", Pictures],
}

/** What a view is called. @param {import("../lib/tab_names.js").TabName} name @param {import("../types.js").Session | null} run */
export const tabTitle = (name, run) => (name === "boundary" ? planeTitle(run) : tabs[name][0])

/** What a view that speaks of the network, and not of the step alone, says of a step of the past. @type {Partial<Record<string, string>>} */
const aboutThePast = {
  health: "Nothing after it is judged.",
  boundary: "The network answers with the weights that it had then.",
}

/** What the views are of. There is always something to say, so that they stay where they are when it becomes another. */
function About() {
  if (whatIf.value) return html`<p class="tabs__about tabs__note">These views are of step ${trace.value?.step} as it was taken, without the edit that is tried in the lens.</p>`
  if (tab.value === "curves") return html`<p class="tabs__about soft">Of the whole run, to its newest step.</p>`
  return isPast.value ? html`<${PastNote} about=${aboutThePast[tab.value]} />` : html`<p class="tabs__about soft">Of step ${formatCount(trace.value?.step ?? 0)}, the newest.</p>`
}

/** https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
export function Tabs() {
  const list = useRef(/** @type {HTMLElement | null} */ (null))
  const more = moreOf(useScroll(list))
  useEffect(() => {
    const chosen = list.current?.querySelector("[aria-selected=true]")
    // sideways alone: scrollIntoView would also move the page
    if (chosen instanceof HTMLElement && list.current) list.current.scrollLeft = chosen.offsetLeft - (list.current.clientWidth - chosen.offsetWidth) / 2
  }, [tab.value])
  const [, Panel] = tabs[tab.value]
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    event.stopPropagation()
    const name = tabNames[(tabNames.indexOf(tab.value) + by + tabNames.length) % tabNames.length] ?? tabNames[0]
    openTab(name)
    document.getElementById(`tab-${name}`)?.focus()
  }
  return html`
    <section class="tabs" aria-label="Views of this step">
      <div class="tabs__list more" data-more=${more} ref=${list} role="tablist" onKeyDown=${move}>
        ${tabNames.map(
          (name) => html`
            <button
              key=${name}
              id=${`tab-${name}`}
              class="tabs__tab"
              role="tab"
              aria-selected=${tab.value === name}
              aria-controls="tab-panel"
              tabindex=${tab.value === name ? 0 : -1}
              onClick=${() => openTab(name)}
            >${tabTitle(name, session.value)}</button>
          `,
        )}
      </div>
      <${About} />
      <div class="tabs__panel" id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${tab.value}`}>
        <${Panel} />
      </div>
    </section>
  `
}

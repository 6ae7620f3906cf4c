/**
 * The phases of the step in one line, in the order of the derivation. Where they are too many for it, a layer's part of a pass is one
 * button, and only the part that is looked at shows its phases.
 *
 *   <PhaseStrip room={900} />   pixels that it may have
 *
 * Keyboard: the arrow keys go from phase to phase, wherever they are pressed; in the strip also Home, End, and Page Up and Down from layer to layer.
 *
 * @import { Group } from "../lib/phase_groups.js"
 * @import { Phase } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useMemo, useRef } from "preact/hooks"
import { kindOf } from "../lib/notation.js"
import { groupFrom, isTooLong, phaseGroups } from "../lib/phase_groups.js"
import { moreOf, useScroll } from "../lib/use_scroll.js"
import { goToPhase, movePhase } from "../phase_actions.js"
import { phaseIndex, phases, trace } from "../state.js"
import { Icon } from "./icon.js"
import { Symbol } from "./symbol.js"

const MOVES = 96 // pixels for the two buttons beside the strip, and what is between them

/** @param {{room: number}} properties 0 before the first layout */
export function PhaseStrip({ room }) {
  const strip = useRef(/** @type {HTMLElement | null} */ (null))
  const all = phases.value
  const index = phaseIndex.value
  const isFolded = isTooLong(all, room - MOVES)
  const groups = useMemo(() => phaseGroups(all), [all])
  const more = moreOf(useScroll(strip, [all, index, isFolded, room]))
  // before what is drawn replaces it: a group that folds takes the focus with it
  const hadFocus = strip.current?.contains(document.activeElement) ?? false
  useEffect(() => {
    const now = strip.current?.querySelector("[aria-pressed=true]")
    if (!(now instanceof HTMLElement) || !strip.current) return
    if (hadFocus) now.focus({ preventScroll: true })
    // sideways alone: scrollIntoView would also move the page
    strip.current.scrollLeft = now.offsetLeft - (strip.current.clientWidth - now.offsetWidth) / 2
  }, [index, isFolded, room])

  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const to = { Home: -1, End: all.length - 1, PageUp: groupFrom(groups, index, -1), PageDown: groupFrom(groups, index, 1) }[event.key]
    if (to === undefined) return
    if (to !== index) goToPhase(to < 0 ? index : to)
    event.preventDefault()
  }
  return html`
    <div class="phases" role="group" aria-label="Phases of this step" data-folded=${isFolded ? "" : undefined}>
      <button class="button phases__move" data-look="plain" onClick=${() => movePhase(-1)} title="The phase before (←)">
        <${Icon} name="back" /><span class="visually-hidden">Phase back</span>
      </button>
      <div class="phases__strip more" data-more=${more} ref=${strip} onKeyDown=${move}>
        <button class="phases__phase" aria-pressed=${index < 0} tabindex=${index < 0 ? 0 : -1} onClick=${() => goToPhase(index)}>whole step</button>
        ${room > 0 && groups.map((group, at) => html`
          ${group.lane !== groups[at - 1]?.lane && (group.lane === "forward" || group.lane === "backward") && html`<span class="phases__lane" data-kind=${group.lane} aria-hidden="true">${group.lane === "forward" ? html`<span>forward </span>→` : html`←<span> backward</span>`}</span>`}
          <${Part} key=${group.key} group=${group} index=${index} isFolded=${isFolded} />
        `)}
      </div>
      <button class="button phases__move" data-look="plain" onClick=${() => movePhase(1)} title="The next phase (→)">
        <${Icon} name="next" /><span class="visually-hidden">Phase on</span>
      </button>
    </div>
  `
}

/** A layer's part of a pass: all its phases, or one button for them. @param {{group: Group, index: number, isFolded: boolean}} properties */
function Part({ group: { lane, layer, from, to }, index, isFolded }) {
  const own = phases.value.slice(from, to)
  const name = layer === 0 ? "input" : (trace.value?.layers[layer]?.name ?? `layer ${layer}`)
  if (isFolded && own.length > 1 && !(from <= index && index < to)) {
    return html`
      <button
        class="phases__phase"
        data-group=""
        data-kind=${lane}
        aria-pressed="false"
        tabindex="-1"
        title=${`${lane === "forward" ? "Forward" : "Backward"} through ${name}: ${own.length} phases`}
        aria-label=${`${lane} ${layer}, ${name}: ${own.length} phases`}
        onClick=${() => goToPhase(from)}
      >${layer}</button>
    `
  }
  return html`
    <span class="phases__part" data-kind=${lane} data-open=${isFolded && own.length > 1 ? "" : undefined}>
      ${own.map((phase, at) => html`<${One} key=${phase.key} phase=${phase} isNow=${index === from + at} position=${from + at} />`)}
    </span>
  `
}

/** @param {{phase: Phase, isNow: boolean, position: number}} properties */
function One({ phase, isNow, position }) {
  const isWord = phase.lane === "loss" || phase.lane === "update"
  return html`
    <button class="phases__phase" data-kind=${isWord ? undefined : kindOf(phase.name)} aria-pressed=${isNow} tabindex=${isNow ? 0 : -1} onClick=${() => goToPhase(position)}>
      ${isWord ? phase.name : html`<${Symbol} tensor=${phase.name} layer=${phase.layer} />`}
    </button>
  `
}

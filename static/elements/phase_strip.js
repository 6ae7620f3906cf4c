/**
 * The phases of the step in one line, in the order of the derivation. Where they are too many for it, a layer's part of a pass is one
 * button, as is the update, and only the part that is looked at shows its phases. The two buttons that walk through them stand before them,
 * where nothing that folds or opens moves them: they can be pressed without looking.
 *
 *   <PhaseStrip room={900} isBesideEdits={false} />   pixels that it may have, and whether the signs of edits follow it
 *
 * Keyboard: the arrow keys go from phase to phase, wherever they are pressed; in the strip also Home, End, and Page Up and Down from layer to layer.
 *
 * @import { Group } from "../lib/phase_groups.js"
 * @import { Phase } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useMemo, useRef } from "preact/hooks"
import { kindOf } from "../lib/notation.js"
import { foldsOf, groupFrom, phaseGroups, tensorsOf } from "../lib/phase_groups.js"
import { moreOf, useScroll } from "../lib/use_scroll.js"
import { goToPhase, movePhase } from "../phase_actions.js"
import { phaseIndex, phases, trace } from "../state.js"
import { Icon } from "./icon.js"
import { Symbol } from "./symbol.js"

const MOVES = 84 // pixels for the two buttons before the strip, and what is around them

/** @param {{room: number, isBesideEdits: boolean}} properties `room`: 0 before the first layout */
export function PhaseStrip({ room, isBesideEdits }) {
  const strip = useRef(/** @type {HTMLElement | null} */ (null))
  const all = phases.value
  const index = phaseIndex.value
  const fitting = foldsOf(all, room - MOVES)
  // beside edits, a strip that folds has a width of its own whatever is open
  const folds = { ...fitting, update: fitting.update || (isBesideEdits && fitting.forward && all.filter(({ lane }) => lane === "update").length > 1) }
  const folded = JSON.stringify(folds)
  const groups = useMemo(() => phaseGroups(all), [all])
  const more = moreOf(useScroll(strip, [all, index, folded, room]))
  // before what is drawn replaces it: a group that folds takes the focus with it
  const hadFocus = strip.current?.contains(document.activeElement) ?? false
  useEffect(() => {
    const now = strip.current?.querySelector("[aria-pressed=true]")
    if (!(now instanceof HTMLElement) || !strip.current) return
    if (hadFocus) now.focus({ preventScroll: true })
    // sideways alone: scrollIntoView would also move the page
    strip.current.scrollLeft = now.offsetLeft - (strip.current.clientWidth - now.offsetWidth) / 2
  }, [index, folded, room])

  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const to = { Home: -1, End: all.length - 1, PageUp: groupFrom(groups, index, -1), PageDown: groupFrom(groups, index, 1) }[event.key]
    if (to === undefined) return
    if (to !== index) goToPhase(to < 0 ? index : to)
    event.preventDefault()
  }
  return html`
    <div class="phases" role="group" aria-label="Phases of this step" data-folded=${folds.forward || folds.backward || folds.update ? "" : undefined}>
      <button class="button phases__move" data-look="plain" onClick=${() => movePhase(-1)} title="The phase before (←)">
        <${Icon} name="back" /><span class="visually-hidden">Phase back</span>
      </button>
      <button class="button phases__move" data-look="plain" onClick=${() => movePhase(1)} title="The next phase (→)">
        <${Icon} name="next" /><span class="visually-hidden">Phase on</span>
      </button>
      <div class="phases__strip more" data-more=${more} ref=${strip} onKeyDown=${move}>
        <button class="phases__phase" aria-pressed=${index < 0} tabindex=${index < 0 ? 0 : -1} onClick=${() => goToPhase(index)}>whole step</button>
        ${room > 0 && groups.map((group, at) => html`
          ${group.lane !== groups[at - 1]?.lane && html`<${LaneName} lane=${group.lane} isFolded=${folds.update && !isIn(group, index)} />`}
          <${Part} key=${group.key} group=${group} index=${index} isFolded=${group.lane !== "loss" && folds[group.lane]} />
        `)}
      </div>
    </div>
  `
}

/** Whether a phase is one of a group. @param {Group} group @param {number} index */
const isIn = ({ from, to }, index) => from <= index && index < to

/** What stands before the phases of a pass, and of the update where its button does not say it. @param {{lane: Phase["lane"], isFolded: boolean}} properties */
function LaneName({ lane, isFolded }) {
  if (lane === "loss" || (lane === "update" && isFolded)) return null
  return html`<span class="phases__lane" data-kind=${lane === "update" ? "parameter" : lane} aria-hidden="true">${{ forward: html`<span>forward </span>→`, backward: html`←<span> backward</span>`, update: "update" }[lane]}</span>`
}

const passes = { forward: "Forward through", backward: "Backward through", loss: "Loss of", update: "Update of" }

/** A layer's part of a pass, or the update: all its phases, or one button for them. @param {{group: Group, index: number, isFolded: boolean}} properties */
function Part({ group, index, isFolded }) {
  const { lane, layer, from, to } = group
  const own = phases.value.slice(from, to)
  const isUpdate = lane === "update"
  const kind = isUpdate ? "parameter" : lane
  const name = isUpdate ? "all layers" : layer === 0 ? "input" : (trace.value?.layers[layer]?.name ?? `layer ${layer}`)
  if (isFolded && own.length > 1 && !isIn(group, index)) {
    return html`
      <button
        class="phases__phase"
        data-group=""
        data-kind=${kind}
        aria-pressed="false"
        tabindex="-1"
        title=${`${passes[lane]} ${name}: ${own.length} phases`}
        aria-label=${isUpdate ? `update: ${own.length} phases` : `${lane} ${layer}, ${name}: ${own.length} phases`}
        onClick=${() => goToPhase(from)}
      >${isUpdate ? "update" : layer}</button>
    `
  }
  return html`
    <span class="phases__part" data-kind=${kind} data-open=${isFolded && own.length > 1 ? "" : undefined}>
      ${own.map((phase, at) => html`<${One} key=${phase.key} phase=${phase} isNow=${index === from + at} position=${from + at} />`)}
    </span>
  `
}

/** @param {{phase: Phase, isNow: boolean, position: number}} properties */
function One({ phase, isNow, position }) {
  return html`
    <button class="phases__phase" data-kind=${phase.lane === "loss" ? undefined : kindOf(phase.name)} aria-pressed=${isNow} tabindex=${isNow ? 0 : -1} onClick=${() => goToPhase(position)}>
      ${phase.lane === "loss" ? phase.name : phase.lane === "update" ? tensorsOf(phase).map((tensor) => html`<${Symbol} key=${tensor} tensor=${tensor} />`) : html`<${Symbol} tensor=${phase.name} layer=${phase.layer} />`}
    </button>
  `
}

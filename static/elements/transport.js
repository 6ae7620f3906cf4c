/** Steps the run and plays it; below, the phases of the step in the order of the derivation. */
import { html } from "htm/preact"
import { isRunOpen, seen, view, whatIf } from "../edit_state.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { accuracyWords, hasAccuracy, isAccuracyTold, isHeldOut, lossUnit } from "../lib/run_words.js"
import { useWidth } from "../lib/use_size.js"
import { goToStep, leapToStep } from "../look_actions.js"
import { awaited, catalog, editKey, example, history, phases, session, trace, transport } from "../state.js"
import { takeStep, togglePlay } from "../step_actions.js"
import { setSpeed } from "../transport_actions.js"
import { Icon } from "./icon.js"
import { Jump } from "./jump.js"
import { Notices } from "./notices.js"
import { PhaseStrip } from "./phase_strip.js"
import { Scrubber } from "./scrubber.js"
import { areStanding, EditButtons, Standing } from "./standing.js"
import { WatchNote } from "./watch_note.js"

const EDITS = 120 // pixels beside the phases for what edits do, once there are any

export const speeds = [1, 2, 4, 10, 30]

const READ_ONLY = "Read only: only who holds the edit key takes steps here. Follow them, or continue as your own copy"

export function Transport() {
  const canStep = Boolean(editKey.value)
  const [line, room] = useWidth()
  const looked = trace.value?.step ?? 0
  const newest = session.value?.step ?? 0
  return html`
    <section class="transport" aria-label="Transport" data-past=${looked < newest ? "" : undefined}>
      <div class="transport__row">
        <div class="transport__buttons">
          <button class="button" onClick=${() => goToStep(looked - 1)} disabled=${looked <= 1} title="The step before (Shift ←)">
            <${Icon} name="back" /><span class="visually-hidden">Step back</span>
          </button>
          ${canStep ? html`<${Steps} looked=${looked} newest=${newest} />` : html`<${NextTaken} looked=${looked} newest=${newest} /><${WatchNote} />`}
        </div>
        <div class="transport__rest">
          <p class="transport__step" aria-live="off">
            <span class="eyebrow">Step</span>
            <strong>${formatCount(looked)}</strong>
            <${Newest} looked=${looked} newest=${newest} />
          </p>
          <${Jump} newest=${newest} onGo=${leapToStep} />
          <${Readings} looked=${looked} />
          <div class="transport__scrubber"><${Scrubber} /></div>
        </div>
      </div>
      <div class="transport__phases">
        <div class="transport__line" ref=${line}>
          ${whatIf.value ? html`<p class="transport__untold soft">No phase while an edit is tried.</p>` : phases.value.length > 0 ? html`<${PhaseStrip} room=${Math.max(0, room - (areStanding() ? EDITS : 0))} isBesideEdits=${areStanding()} />` : null}
          <${Standing} />
        </div>
        <${EditButtons} isRunOpen=${isRunOpen.value} />
      </div>
      <${Notices} />
    </section>
  `
}

/** What the step came to: of the one that was taken, or while an edit is tried, of the side of it that the lens shows. @param {{looked: number}} properties */
function Readings({ looked }) {
  const unit = lossUnit(session.value, catalog.value)
  const side = whatIf.value ? view.value : null
  const alone = example.value // whose pass is shown, and not the batch's
  const { loss, accuracy } = seen.value ?? {}
  const lossName = alone !== null ? `loss of example ${alone}` : side === null ? "loss" : `loss ${{ before: "before", after: "after", difference: "change" }[side]}`
  const isMade = side === null || side === "before" // nobody has tested the network as it would be
  const tested = isMade ? testTitle() : "What an edit would do to it is not told: only this batch is taken again."
  return html`
    <dl class="transport__numbers">
      <${Reading} name=${lossName} value=${loss === undefined ? "–" : `${side === "difference" && Number(loss) > 0 ? "+" : ""}${formatNumber(loss)}`} unit=${unit} />
      ${isAccuracyTold(session.value)
        ? html`
            ${alone !== null && hasAccuracy(session.value)
              ? html`<${Reading} name=${`example ${alone}`} value=${accuracy === 1 ? "right" : "wrong"} />`
              : html`<${Reading} name=${alone === null ? "batch accuracy" : `outputs of example ${alone}`} value=${percent(accuracy)} title=${accuracyWords(session.value)} />`}
            <${Reading} name=${testName("accuracy")} value=${percent(isMade ? ofStep(history.value.test_accuracy, looked) : null)} title=${tested} />
          `
        : html`<${Reading} name=${testName("loss")} title=${tested} value=${isMade ? formatNumber(ofStep(history.value.test_loss, looked)) : "–"} unit=${unit} />`}
    </dl>
  `
}

/** Takes batches, one or one after the other. @param {{looked: number, newest: number}} properties */
function Steps({ looked, newest }) {
  const { status, batchesPerSecond } = transport.value
  const isPlaying = status === "playing"
  return html`
    <button
      class="button transport__next"
      data-look="primary"
      onClick=${looked < newest ? () => goToStep(looked + 1) : takeStep}
      disabled=${status === "stepping" || isPlaying}
      title=${looked < newest ? "Look at the step after, which was taken already (Shift →)" : "Take the next batch (n)"}
    >
      <${Icon} name="next" />${looked < newest ? "Next step" : "Next batch"}
    </button>
    <button class="button transport__play" onClick=${togglePlay} title=${looked < newest ? `Play on after the newest step, ${formatCount(newest)} (space); the past stays as it is` : "Play or pause (space)"}>
      <${Icon} name=${isPlaying ? "pause" : "play"} />${isPlaying ? "Pause" : "Play"}
    </button>
    <label class="transport__speed">
      <span class="visually-hidden">Batches a second</span>
      <select value=${batchesPerSecond} onChange=${(/** @type {any} */ event) => setSpeed(Number(event.target.value))}>
        ${speeds.map((speed) => html`<option key=${speed} value=${speed} selected=${speed === batchesPerSecond}>${speed}/s</option>`)}
      </select>
    </label>
  `
}

/** Whoever may only read goes through what was taken. @param {{looked: number, newest: number}} properties */
function NextTaken({ looked, newest }) {
  return html`
    <button class="button" onClick=${() => goToStep(looked + 1)} disabled=${looked >= newest} title=${looked < newest ? "The step after (Shift →)" : READ_ONLY}>
      <${Icon} name="next" /><span class="visually-hidden">Next step</span>
    </button>
  `
}

/** Whether this is the newest step; if not, the way back to it; and in their place, the step that is waited for. As wide in both cases, so that nothing moves under a dragging hand. @param {{looked: number, newest: number}} properties */
function Newest({ looked, newest }) {
  const words = `past · newest is ${formatCount(newest)}`
  return html`
    <span class="transport__newest" style=${{ minInlineSize: `${words.length}ch` }}>
      <span class="soft" role="status">${awaited.value}</span>
      ${awaited.value || newest < 2 ? null : looked < newest
        ? html`<button class="transport__past" title="Back to the newest step" onClick=${() => goToStep(newest)}>${words}<span class="visually-hidden">: back to it</span></button>`
        : html`<span class="soft">the newest</span>`}
    </span>
  `
}

/** @param {"loss" | "accuracy"} what after the update */
const testName = (what) => (isHeldOut(session.value) ? `test ${what}` : `${what}, all examples`)

/** What stands behind that name. */
const testTitle = () => [isHeldOut(session.value) ? "" : "After the update, on the training examples: this run has no others.", accuracyWords(session.value)].filter(Boolean).join(" ")

/** @param {{name: string, value: string, unit?: string, title?: string}} properties */
function Reading({ name, value, unit, title }) {
  return html`<div title=${title || undefined}><dt>${name}</dt><dd>${value}${unit && html` <span class="soft">${unit}</span>`}</dd></div>`
}

/** @param {number | null | undefined} share */
const percent = (share) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)} %`)

/** @template T @param {T[]} values of the history @param {number} step */
const ofStep = (values, step) => values[step - (history.value.steps[0] ?? 1)]

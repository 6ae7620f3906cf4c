/**
 * What may be done by hand at a cell: its number typed or dragged, its unit ablated, its layer frozen, its gradient scaled or clipped.
 *
 *   <EditPart cell={cell} value={0.5} extent={1.2} />
 *
 * @import { Cell, Trace } from "../types.js"
 * @import { Offer, Texts } from "../lib/edit_draft.js"
 */
import { html } from "htm/preact"
import * as edits from "../edit_actions.js"
import { draft, entries, log } from "../edit_state.js"
import { isEnding, offersAt, stepOf, textsOf } from "../lib/edit_draft.js"
import { endingWords, helpWords, offerWords } from "../lib/edit_words.js"
import { formatExact } from "../lib/format.js"
import { axesOf } from "../lib/tensor_names.js"
import { example, session, wholeTrace } from "../state.js"
import { EditDoors } from "./edit_doors.js"
import { EditFields, problemAt } from "./edit_fields.js"
import { NamedWords } from "./named_words.js"
import { NumberField } from "./number_field.js"

/** @param {{cell: Cell, value: number | null, extent: number}} properties `value` at full precision; null while it is not known */
export function EditPart({ cell: shownCell, value, extent }) {
  // an edit is made before a whole batch, in which the one column of an example alone is the example's own
  const cell = example.value !== null && axesOf(shownCell.tensor) === "examples" ? { ...shownCell, col: example.value } : shownCell
  const whole = /** @type {Trace} */ (wholeTrace.value)
  const offers = offersAt(entries.value, cell, whole)
  if (offers.length === 0) return null
  const now = draft.value?.place === "cell" ? draft.value : null
  const own = offers.find(isOfValue)
  const others = offers.filter((offer) => offer !== own)
  const chosen = offers.find(({ entry }) => entry === now?.entry)
  const shown = chosen && chosen !== own ? chosen : null
  /** @param {Offer} offer @param {Texts} texts @param {boolean} [isHeld] */
  const attempt = ({ entry }, texts, isHeld) => edits.tryEdit({ entry, texts, place: "cell", cell }, isHeld)
  return html`
    <section class="edit-part" aria-label="Edit">
      <h3 class="eyebrow">Edit</h3>
      ${own && html`<${OwnNumber} key="own" offer=${own} cell=${cell} value=${value} extent=${extent} now=${chosen === own ? now : null} onChange=${(/** @type {Texts} */ texts, /** @type {boolean} */ isHeld) => attempt(own, texts, isHeld)} />`}
      <div class="edit-part__offers" key="offers">
        ${others.map((offer) => {
          const texts = textsOf(offer.entry, offer.filled, log.value?.standing ?? [])
          const isEnd = isEnding(offer.entry, texts)
          return html`<button key=${offer.entry.name} class="button" aria-pressed=${offer === shown} title=${helpWords(offer.entry, isEnd)} onClick=${() => (offer === shown ? edits.discard() : attempt(offer, texts))}><${NamedWords} text=${(isEnd ? endingWords : offerWords)(offer.entry, offer.filled)} /></button>`
        })}
      </div>
      ${shown && now && html`
        <div class="edit-part__fields" key=${shown.entry.name}>
          <p class="soft">${helpWords(shown.entry, isEnding(shown.entry, now.texts))}</p>
          <${EditFields} id="cell" entry=${shown.entry} texts=${now.texts} parameters=${shown.free.filter(({ type }) => type !== "boolean")} problem=${now.problem} onChange=${(/** @type {Texts} */ texts, /** @type {boolean} */ isHeld) => attempt(shown, texts, isHeld)} />
        </div>
      `}
      ${now && html`<${EditDoors} key="doors" fields=${chosen?.free.filter(({ type }) => type !== "boolean").map(({ name }) => name) ?? []} />`}
    </section>
  `
}

/** Whether it gives the cell another number. @param {Offer} offer */
const isOfValue = ({ free }) => free.length === 1 && free[0]?.name === "value"

/** The number in the cell itself. @param {{offer: Offer, cell: Cell, value: number | null, extent: number, now: import("../edit_state.js").Draft | null, onChange: (texts: Texts, isHeld: boolean) => void}} properties */
function OwnNumber({ offer: { entry, filled }, cell, value, extent, now, onChange }) {
  const text = now?.texts.value ?? (value === null ? "" : formatExact(value))
  const isInput = cell.tensor === "A"
  return html`
    <${NumberField}
      name=${`edit.cell.${entry.name}.value`}
      label="Value"
      text=${text}
      step=${stepOf(value ?? 0, extent)}
      isOff=${value === null || session.value === null}
      hint=${now ? (isInput ? `Kept, it is set in example ${cell.col} of the next batch, which has other examples.` : "") : ""}
      problem=${problemAt(now?.problem ?? null, "value")}
      onChange=${(/** @type {string} */ to, /** @type {boolean} */ isHeld) => onChange({ ...textsOf(entry, filled, []), value: to }, isHeld)}
    />
  `
}

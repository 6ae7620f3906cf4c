/**
 * All numbers of a parameter: they begin with those that it has, and one number may fill them all.
 *
 *   <WholeField name="edit.any.set_all.values" label="Values" tensor={W} value="0 1\n2 3" onChange={(changes) => ...} />
 *
 * @import { Tensor } from "../types.js"
 */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { formatCount } from "../lib/format.js"
import { numberOr } from "../lib/form_numbers.js"
import { filledText, linesWords, presentText } from "../lib/whole_values.js"
import { trace } from "../state.js"
import { Area, idOf } from "./form/fields.js"

/** @param {import("./form/fields.js").Bound & {label: string, hint?: string, tensor: Tensor}} properties `tensor` as it is now */
export function WholeField({ tensor, hint, ...field }) {
  const [number, setNumber] = useState("0")
  const { name, value, onChange } = field
  const present = presentText(tensor)
  const count = formatCount(tensor.shape[0] * tensor.shape[1])
  const id = `${idOf(name)}-fill`
  const begun = present === null ? `its ${count} numbers are too many to stand here: paste others, or fill them with one` : `it begins with those that step ${trace.value?.step} had`
  return html`
    <div class="whole-field">
      <${Area} ...${field} rows=${6} hint=${[hint, `${linesWords(tensor.shape)}, apart by spaces, commas or tabs as in a spreadsheet; or rows in JSON`, begun].filter(Boolean).join("; ")} />
      <div class="whole-field__doors">
        <label for=${id}>Fill with</label>
        <input class="field__control" id=${id} type="text" inputmode="decimal" autocomplete="off" value=${number} onInput=${(/** @type {any} */ event) => setNumber(event.currentTarget.value)} />
        <button class="button" disabled=${!Number.isFinite(numberOr(number.replace("\u2212", "-")))} title="One number in all ${count} cells" onClick=${() => onChange({ [name]: filledText(tensor, number.trim()) })}>Fill</button>
        ${present !== null && present !== value && html`<button class="button" data-look="plain" onClick=${() => onChange({ [name]: present })}>Present numbers</button>`}
      </div>
    </div>
  `
}

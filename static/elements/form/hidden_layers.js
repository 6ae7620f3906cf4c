/**
 * The hidden layers: sizes in one line and all alike, or each a row with an activation, a normalisation and a dropout rate of its own.
 *
 * @import { Row } from "../../lib/form_layers.js"
 * @import { Values } from "../../lib/form_values.js"
 * @import { Catalog } from "../../types.js"
 * @import { Bind } from "./fields.js"
 */
import { html } from "htm/preact"
import { boundsOf, ingredientValues } from "../../lib/form_values.js"
import { rowsOf, toEach, toSame, withRows } from "../../lib/form_layers.js"
import { Text } from "./fields.js"
import { Ingredient } from "./ingredient.js"

/** @param {{values: Values, known: Catalog, bind: Bind, onReplace: (change: (before: Values) => Values) => void}} properties */
export function HiddenLayers({ values, known, bind, onReplace }) {
  const isEach = values.layers === "each"
  return html`
    ${isEach
      ? html`<${Rows} values=${values} known=${known} bind=${bind} onReplace=${onReplace} />`
      : html`
          <${Text} ...${bind("layer_sizes")} label="Hidden layers" hint="units of each, from input to output: 64, 32. None: leave empty" isText=${true} />
          <${Ingredient} field="hidden_activations" label="Activation of hidden layers" known=${known} bind=${bind} />
          <${Ingredient} field="normalisation" label="Normalisation of hidden layers" known=${known} bind=${bind} none="None" />
        `}
    <div class="field field--check">
      <input id="form-layers" type="checkbox" checked=${!isEach} onChange=${() => onReplace((before) => (isEach ? toSame(before) : toEach(before)))} />
      <label class="field__label" for="form-layers">The same for all hidden layers</label>
    </div>
  `
}

/** @param {{values: Values, known: Catalog, bind: Bind, onReplace: (change: (before: Values) => Values) => void}} properties */
function Rows({ values, known, bind, onReplace }) {
  const rows = rowsOf(values)
  /** @param {(rows: Row[]) => Row[]} change */
  const write = (change) => onReplace((before) => withRows(before, change(rowsOf(before))))
  const fresh = { size: "8", dropout: "0", normalisation: "", ...ingredientValues(known, "hidden_activations", known.activations[0]?.name ?? "") }
  return html`
    <div class="layers" role="group" aria-label="Hidden layers">
      ${rows.map(
        (_, i) => html`
          <fieldset class="layers__row" key=${i}>
            <legend class="layers__name">Hidden ${i + 1}</legend>
            <button class="button layers__remove" data-look="plain" type="button" aria-label=${`Remove hidden layer ${i + 1}`} title="Remove this layer" onClick=${() => write((all) => all.filter((__, other) => other !== i))}>×</button>
            <${Text} ...${bind(`layer_sizes[${i + 1}]`)} label="Units" />
            <${Text} ...${bind(`dropout[${i}]`)} label="Dropout" />
            <div class="layers__wide"><${Ingredient} field=${`hidden_activations[${i}]`} label="Activation" known=${known} bind=${bind} /></div>
            <div class="layers__wide"><${Ingredient} field=${`normalisation[${i}]`} label="Normalisation" known=${known} bind=${bind} none="None" /></div>
          </fieldset>
        `,
      )}
      ${rows.length === 0 && html`<p class="field__hint">No hidden layer: the output is learned right from the input.</p>`}
      <button class="button" type="button" onClick=${() => write((all) => [...all, all.at(-1) ?? fresh])}>Add a layer</button>
    </div>
  `
}

/** One rate for all hidden layers. @param {{known: Catalog, bind: Bind}} properties */
export function CommonDropout({ known, bind }) {
  const rate = known.dropouts[0]?.parameters[0]
  return html`<${Text} ...${bind("dropout")} label="Dropout" hint=${["share of the hidden activations dropped in training", rate && boundsOf(rate)].filter(Boolean).join("; ")} />`
}

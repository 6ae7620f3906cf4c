/**
 * One ingredient: which, what it is in a sentence, and its parameters; all from its entry in the catalogue.
 *
 * @import { Parameter, Values } from "../../lib/form_values.js"
 * @import { Catalog, CatalogEntry } from "../../types.js"
 * @import { Bind } from "./fields.js"
 */
import { html } from "htm/preact"
import { boundsOf, entriesOf, entryOf, ingredientValues } from "../../lib/form_values.js"
import { titleOf } from "../../lib/field_words.js"
import { Check, Select, Text } from "./fields.js"

/**
 * @param {{field: string, label: string, isHidden?: boolean, known: Catalog, bind: Bind, entries?: CatalogEntry[], none?: string, parameters?: (parameter: Parameter) => boolean,
 *   onChoose?: (name: string) => Values}} properties `none`: what taking none is called; `onChoose`: changes that a choice brings, where it is more than the ingredient's own
 */
export function Ingredient({ field, label, isHidden, known, bind, entries = entriesOf(known, field), none, parameters, onChoose }) {
  const bound = bind(field)
  const entry = entryOf(known, field, bound.value)
  const choose = (/** @type {Values} */ { [field]: name = "" }) => bound.onChange(onChoose ? onChoose(name) : ingredientValues(known, field, name))
  const choices = none === undefined ? entries : [{ name: "", title: none }, ...entries]
  return html`
    <${Select} ...${bound} label=${label} isHidden=${isHidden} entries=${choices} hint=${entry?.description} onChange=${choose} />
    <${Parameters} field=${field} entry=${entry} bind=${bind} isShown=${parameters} />
  `
}

/** @param {{field: string, entry: CatalogEntry | undefined, bind: Bind, isShown?: (parameter: Parameter) => boolean}} properties */
export function Parameters({ field, entry, bind, isShown = () => true }) {
  return (entry?.parameters ?? []).filter(isShown).map((/** @type {Parameter} */ parameter) => {
    const bound = bind(`${field}.${parameter.name}`)
    if (parameter.type === "boolean") return html`<${Check} key=${bound.name} ...${bound} label=${titleOf(parameter.name)} hint=${parameter.help} />`
    const hint = [parameter.help, boundsOf(parameter)].filter(Boolean).join("; ")
    return html`<${Text} key=${bound.name} ...${bound} label=${titleOf(parameter.name)} hint=${hint} />`
  })
}

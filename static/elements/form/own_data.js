/**
 * What a dataset is brought with: a control for each kind of thing.
 *
 * @import { Brought, Values } from "../../lib/form_values.js"
 * @import { CatalogEntry } from "../../types.js"
 * @import { Bind } from "./fields.js"
 */
import { html } from "htm/preact"
import { titleOf } from "../../lib/field_words.js"
import { Area, Fold, Select, Text } from "./fields.js"

const placeholder = "0 0 1 1\n0 1 0 1"

/** @param {{entry: CatalogEntry, bind: Bind, values: Values}} properties */
export function OwnData({ entry, bind, values }) {
  const optional = entry.brings.filter((/** @type {Brought} */ one) => !one.required)
  const given = optional.filter((/** @type {Brought} */ { name }) => values[`dataset.${name}`])
  return html`
    ${entry.brings.filter((/** @type {Brought} */ one) => one.required).map((/** @type {Brought} */ one) => html`<${Brings} key=${one.name} one=${one} bind=${bind} />`)}
    ${optional.length > 0 &&
    html`<${Fold} title=${optional.map((/** @type {Brought} */ { name }) => name.replaceAll("_", " ")).join(", ")} now=${given.length ? "given" : "left out"} isOpen=${given.length > 0}>
      ${optional.map((/** @type {Brought} */ one) => html`<${Brings} key=${one.name} one=${one} bind=${bind} />`)}
    <//>`}
  `
}

/** @param {{one: Brought, bind: Bind}} properties */
function Brings({ one: { name, type, help }, bind }) {
  const bound = bind(`dataset.${name}`)
  if (type === "matrix") return html`<${Area} ...${bound} label=${titleOf(name)} hint=${`${help}; a row a line, numbers apart by spaces or commas`} placeholder=${placeholder} />`
  if (type === "text") return html`<${Area} ...${bound} label=${titleOf(name)} hint=${help} rows=${6} />`
  if (type === "boolean") return html`<${Select} ...${bound} label=${titleOf(name)} hint=${help} entries=${[{ name: "", title: "found out" }, { name: "true", title: "yes" }, { name: "false", title: "no" }]} />`
  return html`<${Text} ...${bound} label=${titleOf(name)} hint=${help} isText=${true} />`
}

/**
 * The letters of an ingredient with what they are in this run.
 *
 *   <InThisRun own=${["\\alpha"]} settings=${settingsOf(config, entry, phase)} />   nothing where there are none
 *
 * @import { Setting } from "../../lib/derivation_settings.js"
 */
import { html } from "htm/preact"
import { formatCount, formatNumber } from "../../lib/format.js"
import { Equation } from "../equation.js"
import { Prose } from "./prose.js"

/** @param {{settings: Setting[], own: string[], title?: string, step?: number}} properties `step`: the one that they are of, where they change from step to step */
export function InThisRun({ settings, own, title, step }) {
  if (settings.length === 0) return null
  return html`<p class="in-this-run">${title ? `${title}, ${step ? `at step ${formatCount(step)}` : "in this run"}: ` : "In this run "}${settings.map(({ symbol, help, value }, at) => html`${at > 0 && "; "}<${Equation} key=${symbol} latex=${symbol} /> = ${formatNumber(value)} <span class="soft">(<${Prose} text=${help} own=${own} />)</span>`)}.</p>`
}

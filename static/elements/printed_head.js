/** What stands over a lens on paper, in the place of the buttons: the step, what it came to, and where it is found. */
import { html } from "htm/preact"
import { formatCount, formatNumber } from "../lib/format.js"
import { lossUnit } from "../lib/run_words.js"
import { catalog, example, isOnPaper, phase, session, trace } from "../state.js"

export function PrintedHead() {
  const [run, step] = [session.value, trace.value]
  if (!isOnPaper.value || !run || !step) return null
  const words = [
    `Step ${formatCount(step.step)} of ${formatCount(run.step)}`,
    `loss ${formatNumber(step.loss)}${lossUnit(run, catalog.value) ? ` ${lossUnit(run, catalog.value)}` : ""}`,
    example.value === null ? "" : `example ${example.value} of the batch alone`,
    phase.value ? `phase ${phase.value.key}` : "",
  ]
  return html`<p class="printed-head"><strong>${words.filter(Boolean).join(" · ")}</strong><br />${location.href}</p>`
}

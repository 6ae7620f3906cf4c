/**
 * What goes wrong with the gradients of the step, in sentences, and every layer in numbers.
 *
 *   <Health />
 *
 * @import { Finding, Health as Told, Rule, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { formatCount, formatNumber, formatNumbersIn } from "../lib/format.js"
import { findingsWords } from "../lib/health_data.js"
import { useAnswer } from "../lib/use_answer.js"
import { lookAt } from "../lib/whole_door.js"
import { readHealth } from "../readings.js"
import { example, wholeTrace } from "../state.js"
import { HealthTable } from "./health_table.js"
import { NamedWords } from "./named_words.js"
import { ProblemNote } from "./problem.js"
import { SeveritySign } from "./severity_sign.js"
import { Symbol } from "./symbol.js"

const MOST_FINDINGS = 6 // a deep network may have one of a kind in every layer

export function Health() {
  const { last, isCurrent, retry } = useAnswer(wholeTrace, "", (_, signal) => readHealth(signal))
  return html`
    <section class="health" aria-label="Health" aria-busy=${!isCurrent}>
      ${last?.problem && html`<${ProblemNote} problem=${last.problem} onRetry=${retry} />`}
      ${!last && html`<p class="soft" role="status">Looking at every layer…</p>`}
      ${last?.answer && html`<${Shown} about=${last.about} told=${last.answer} />`}
    </section>
  `
}

/** @param {{about: Trace, told: Told}} properties */
function Shown({ about, told }) {
  const [isAllShown, setAllShown] = useState(false)
  const { findings, rules, batches, examples, step } = told
  const shown = isAllShown ? findings : findings.slice(0, MOST_FINDINGS)
  return html`
    <div class="health__head">
      <p class="health__verdict">
        <${SeveritySign} severity=${findings[0]?.severity ?? "none"} isWordShown=${false} />
        <strong>${findingsWords(findings)}</strong>
        <span class="soft">in step ${formatCount(step)}, ${batches === 1 ? "its batch alone" : `with the ${batches - 1 === 1 ? "batch" : `${batches - 1} batches`} before it`}: ${formatCount(examples)} examples${example.value === null ? "" : "; of the whole batch, not of the example shown alone"}</span>
      </p>
      <details class="health__rules">
        <summary>The ${rules.length} rules</summary>
        <dl>${rules.map((rule) => html`<${RuleEntry} key=${rule.name} rule=${rule} />`)}</dl>
      </details>
    </div>
    ${findings.length > 0 && html`<ol class="health__findings">${shown.map((finding) => html`<${FindingEntry} key=${`${finding.rule.name}.${finding.layer}`} finding=${finding} />`)}</ol>`}
    ${shown.length < findings.length && html`<p class="health__more"><button class="button" onClick=${() => setAllShown(true)}>Show ${findings.length - shown.length} more</button></p>`}
    <${HealthTable} about=${about} layers=${told.layers} />
  `
}

/** @param {{finding: Finding}} properties */
function FindingEntry({ finding: { rule, severity, words, cell, factor, value } }) {
  return html`
    <li class="finding" data-severity=${severity}>
      <${SeveritySign} severity=${severity} />
      <div class="finding__body">
        <p class="finding__words"><strong>${rule.title}.</strong> <${NamedWords} text=${formatNumbersIn(words)} /></p>
        <details class="finding__rule">
          <summary>Rule and source</summary>
          <dl>
            <div><dt>Rule</dt><dd>${rule.bound}</dd></div>
            <div><dt>Here</dt><dd>${formatNumber(value, 3)}${factor && html`, made by ${factor}`}</dd></div>
            <div><dt>Source</dt><dd>${rule.source}</dd></div>
          </dl>
        </details>
      </div>
      ${cell && html`<button class="button finding__door" onClick=${() => lookAt(cell)}>Look at <${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} /></button>`}
    </li>
  `
}

/** @param {{rule: Rule}} properties */
function RuleEntry({ rule }) {
  return html`
    <div>
      <dt>${rule.title}</dt>
      <dd>${rule.bound}. <span class="soft">${rule.source}.</span></dd>
    </div>
  `
}

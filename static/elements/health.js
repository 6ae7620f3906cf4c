/**
 * What goes wrong with the gradients of the step, in sentences, and every layer in numbers.
 *
 *   <Health />
 *
 * @import { RuleBroken } from "../lib/health_data.js"
 * @import { Cell, Health as Told, Rule, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useState } from "preact/hooks"
import { formatCount, formatNumber, formatNumbersIn } from "../lib/format.js"
import { byRule, findingsWords, layersWords } from "../lib/health_data.js"
import { useAnswer } from "../lib/use_answer.js"
import { useWidth } from "../lib/use_size.js"
import { lookAt } from "../lib/whole_door.js"
import { goToCell } from "../look_actions.js"
import { lookAtBatch, readHealth } from "../readings.js"
import { showInspectorsTop } from "../sight.js"
import { example, wholeTrace } from "../state.js"
import { HealthTable } from "./health_table.js"
import { NamedWords } from "./named_words.js"
import { ProblemNote } from "./problem.js"
import { SeveritySign } from "./severity_sign.js"
import { Symbol } from "./symbol.js"

const SHOWN = { narrow: 2, wide: 6 } // rules: on a phone, the table of the layers comes before the rest of them
const NARROW = 560 // pixels

export function Health() {
  const { last, isCurrent, retry } = useAnswer(wholeTrace, "", (_, signal) => readHealth(lookAtBatch(), signal))
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
  const [box, room] = useWidth()
  const { findings, rules, batches, examples, step } = told
  const broken = byRule(findings)
  const most = room > 0 && room < NARROW ? SHOWN.narrow : SHOWN.wide
  const shown = isAllShown ? broken : broken.slice(0, most)
  const hidden = broken.slice(shown.length)
  return html`
    <div class="health__head" ref=${box}>
      <p class="health__verdict">
        <${SeveritySign} severity=${findings[0]?.severity ?? "none"} isWordShown=${false} />
        <strong>${findingsWords(broken)}</strong>
        <span class="soft">in step ${formatCount(step)}, ${batches === 1 ? "its batch alone" : `with the ${batches - 1 === 1 ? "batch" : `${batches - 1} batches`} before it`}: ${formatCount(examples)} examples${example.value === null ? "" : "; of the whole batch, not of the example shown alone"}</span>
      </p>
      <details class="health__rules">
        <summary>The ${rules.length} rules</summary>
        <dl>${rules.map((rule) => html`<${RuleEntry} key=${rule.name} rule=${rule} />`)}</dl>
      </details>
    </div>
    ${broken.length > 0 && html`<ol class="health__findings">${shown.map((one) => html`<${FindingEntry} key=${one.worst.rule.name} ...${one} />`)}</ol>`}
    ${hidden.length > 0 && html`<p class="health__more"><button class="button" onClick=${() => setAllShown(true)}>Show ${hidden.length} more</button> <span class="soft">${hidden.map(({ worst }) => worst.rule.title).join(", ")}</span></p>`}
    <${HealthTable} about=${about} layers=${told.layers} batches=${batches} />
  `
}

/** A rule that is broken: where it is worst, and folded, in which other layers. @param {RuleBroken} properties */
function FindingEntry({ worst: { rule, severity, words, cell, factor, value, began }, others }) {
  return html`
    <li class="finding" data-severity=${severity}>
      <${SeveritySign} severity=${severity} />
      <div class="finding__body">
        <p class="finding__words"><strong>${rule.title}.</strong> <${NamedWords} text=${formatNumbersIn(words)} /></p>
        ${others.length > 0 && html`
          <details class="finding__rule">
            <summary>Also in ${layersWords(others)}</summary>
            <ul class="finding__others">${others.map((other) => html`<li key=${other.layer}><${NamedWords} text=${formatNumbersIn(other.words)} />${other.cell && html` <button class="link" onClick=${() => other.cell && lookAt(other.cell)}>Look at <${CellName} cell=${other.cell} /></button>`}</li>`)}</ul>
          </details>
        `}
        <details class="finding__rule">
          <summary>Rule and source</summary>
          <dl>
            <div><dt>Rule</dt><dd>${rule.bound}</dd></div>
            <div><dt>Here</dt><dd>${formatNumber(value, 3)}${factor && html`, made by ${factor}`}</dd></div>
            <div><dt>Source</dt><dd>${rule.source}</dd></div>
          </dl>
        </details>
      </div>
      <div class="finding__doors">
        ${began?.cell && html`<button class="button" onClick=${() => began.cell && goToCell(began.step, began.cell).then(showInspectorsTop)}>Go to step ${formatCount(began.step)}, <${CellName} cell=${began.cell} /></button>`}
        ${cell && html`<button class="button" onClick=${() => lookAt(cell)}>Look at <${CellName} cell=${cell} />${began && " here"}</button>`}
      </div>
    </li>
  `
}

/** @param {{cell: Cell}} properties */
const CellName = ({ cell: { tensor, layer, row, col } }) => html`<${Symbol} tensor=${tensor} layer=${layer} cell=${[row, col]} />`

/** @param {{rule: Rule}} properties */
function RuleEntry({ rule }) {
  return html`
    <div>
      <dt>${rule.title}</dt>
      <dd>${rule.bound}. <span class="soft">${rule.source}.</span></dd>
    </div>
  `
}

/** While one example is looked at alone: which, what that means, and the way back. */
import { html } from "htm/preact"
import { answerWords, examplesOf } from "../lib/batch_examples.js"
import { formatNumber } from "../lib/format.js"
import { hasAccuracy } from "../lib/run_words.js"
import { lookAtExample } from "../look_actions.js"
import { example, session, wholeTrace } from "../state.js"
import { ExampleMark } from "./example_mark.js"

export function AloneNote() {
  const col = example.value
  const whole = wholeTrace.value
  if (col === null || !whole) return null
  const m = whole.batch.size
  const one = examplesOf(whole)[col]
  const names = session.value?.dataset.class_names ?? []
  return html`
    <aside class="alone" aria-label="One example alone">
      <${ExampleMark} col=${0} />
      <p class="alone__words">
        <strong>Example ${col} alone</strong>${one && html`${hasAccuracy(session.value) && html`, ${one.isRight ? "rightly " : html`a ${names[one.label] ?? one.label}${one.predicted < 0 ? ", " : " "}`}${answerWords(one, (label) => names[label] ?? `${label}`)}`}, loss ${formatNumber(one.loss, 3)}`}.${" "}
        <span class="soft">Every column is this example, and dW and db are what it says by itself; those of the batch are the mean over its ${m}.</span>
      </p>
      <span class="alone__doors">
        <button class="button" onClick=${() => lookAtExample((col + m - 1) % m)} aria-label="The example before">‹</button>
        <button class="button" onClick=${() => lookAtExample((col + 1) % m)} aria-label="The next example">›</button>
        <button class="button" data-look="primary" onClick=${() => lookAtExample(null)}>Whole batch</button>
      </span>
    </aside>
  `
}

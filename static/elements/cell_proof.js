/**
 * The proof of one gradient: the same number by a central difference, and both as gradients of the mean and of the sum.
 *
 *   <CellProof cell={cell} />
 *
 * @import { Cell, Gradcheck } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { formatNumber, formatNumbersIn } from "../lib/format.js"
import { signs } from "../lib/proof_words.js"
import { toProblem } from "../problems.js"
import { checkGradients, look } from "../readings.js"
import { catalog, example, session, trace } from "../state.js"
import { pause } from "../transport_actions.js"
import { ProblemNote } from "./problem.js"

/** @param {{cell: Cell}} properties */
export function CellProof({ cell }) {
  const [answer, setAnswer] = useState(/** @type {{key: string, check: Gradcheck | null, problem: import("../state.js").Problem | null} | null} */ (null))
  const [isBusy, setBusy] = useState(false)
  const about = look()
  const key = `${session.value?.id} ${trace.value?.step} ${example.value}`
  const known = answer?.key === key ? answer : null // a proof of another step proves nothing here
  const newest = useRef(0) // an answer to an earlier question is no reason to stop waiting
  useEffect(() => {
    newest.current++
    setBusy(false)
  }, [key])
  const check = async () => {
    const mine = ++newest.current
    pause() // a proof of a step that has gone by would be thrown away
    setBusy(true)
    try {
      setAnswer({ key, check: await checkGradients(about, cell), problem: null })
    } catch (error) {
      setAnswer({ key, check: null, problem: toProblem(error) })
    }
    if (mine === newest.current) setBusy(false)
  }
  const told = known?.check?.cell
  return html`
    <section class="proof-of-cell" aria-label="Proof of this number">
      <header class="proof-of-cell__head">
        <h3 class="eyebrow">Proof</h3>
        <button class="button" onClick=${check} disabled=${isBusy}>${isBusy ? "Checking…" : "Check by difference"}</button>
      </header>
      ${known?.problem && html`<${ProblemNote} problem=${known.problem} />`}
      ${known?.check && told && html`
        <p class="verdict" data-outcome=${known.check.outcome} role="status">
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path d=${signs[known.check.outcome]} fill="none" stroke="currentColor" stroke-width="2" /></svg>
          <span>${formatNumbersIn(known.check.words)}</span>
        </p>
        <table class="proof-of-cell__numbers">
          <thead><tr><th scope="col"><span class="visually-hidden">gradient of</span></th><th scope="col">analytic</th><th scope="col">difference</th></tr></thead>
          <tbody>
            ${/** @type {const} */ ([["mean", told.of_mean], ["sum", told.of_sum]]).map(([of, pair]) => html`
              <tr key=${of} data-own=${told.carries === of ? "" : undefined}>
                <th scope="row">of the ${of}</th><td>${formatNumber(pair.analytic, 7)}</td><td>${formatNumber(pair.numeric, 7)}</td>
              </tr>
            `)}
          </tbody>
        </table>
        <p class="proof-of-cell__note">
          The page's number is the gradient of the <strong>${told.carries}</strong> of the losses; the other is ${told.carries === "mean" ? "m times as large" : "it divided by m"}, m = ${trace.value?.batch.size}.${" "}${catalog.value?.convention}${" "}For the difference, the number was moved by ${formatNumber(known.check.h)} to each side, or, above 1, by that share of it.
        </p>
      `}
    </section>
  `
}

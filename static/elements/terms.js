/**
 * The terms of a sum as bars around zero, largest first or as the sum runs. Where the sum is over the examples, each term is an example:
 * its picture or its class, and which way it pulls.
 *
 *   <Terms explanation={explanation} asked={asked} onAsk={setAsked} />
 *
 * @import { Explanation, Term } from "../types.js"
 */
import { html } from "htm/preact"
import { mixesExamples, NO_PASS_ALONE } from "../lib/cell_words.js"
import { formatCount, formatNumber } from "../lib/format.js"
import { isRounding } from "../lib/rounding_words.js"
import { lookAtExample } from "../look_actions.js"
import { example as alone, session, wholeTrace } from "../state.js"
import { ExampleMark } from "./example_mark.js"
import { FactorLink } from "./factor_link.js"

const MORE = 24
const MOST = 1000 // the server tells no more at once

/** @param {{explanation: Explanation, asked: import("./explained.js").Asked, onAsk: (asked: import("./explained.js").Asked) => void}} properties */
export function Terms({ explanation, asked, onAsk }) {
  const { count, rest, cancellation, tensor } = explanation
  const isWhole = explanation.terms.length === count
  const order = asked.order === "either" ? (isWhole ? "index" : "magnitude") : asked.order
  const terms = isWhole && order === "index" ? [...explanation.terms].sort((one, other) => one.position - other.position) : explanation.terms
  const largest = terms.reduce((most, { product }) => Math.max(most, finiteSize(product)), 0)
  const overExamples = terms.some(({ letter }) => letter === "i")
  const hasPictures = Boolean(session.value?.dataset.image)
  const isGradient = /^d[Wb]$/.test(tensor)
  const isSigned = isGradient || tensor === "Z" || tensor === "dA" // elsewhere no term can cancel another
  const isNothing = isRounding(explanation, wholeTrace.value?.dtype ?? "")
  const hasShares = !isNothing && terms.some(({ share }) => Number.isFinite(Number(share)))
  const unseen = count - terms.length
  const more = Math.max(MORE, terms.length) // twice as many each time
  return html`
    <section class="terms" aria-label="Terms">
      <header class="terms__head">
        <h3 class="eyebrow">${overExamples ? "Per example" : "Its terms"}${isGradient && html`<span class="explained__operation">before 1/m</span>`}</h3>
        <span class="terms__order">
          ${/** @type {const} */ ([["magnitude", "largest"], ["index", "in order"]]).map(([by, title]) => html`
            <button key=${by} class="terms__by" aria-pressed=${order === by} onClick=${() => onAsk({ ...asked, order: by })}>${title}</button>
          `)}
        </span>
      </header>
      ${count > 1 && (isSigned || isNothing) && html`<p class="terms__agreement"><span>cancellation index <strong>${Number.isNaN(Number(cancellation)) ? "–" : formatNumber(cancellation, 3)}</strong></span> <span class="soft">${isNothing ? "only rounding is left: the terms cancel" : agreementWords(Number(cancellation), overExamples, Number.isFinite(Number(explanation.magnitude)))}</span></p>`}
      ${overExamples && mixesExamples(wholeTrace.value) && html`<p class="soft">${NO_PASS_ALONE}</p>`}
      ${(isGradient || hasShares) && html`<p class="terms__axis" data-wide=${overExamples && !hasPictures ? "" : undefined} aria-hidden="true"><span>${isGradient && `◂ raises the ${tensor === "db" ? "bias" : "weight"}`}</span><span>${isGradient && "lowers it ▸"}</span><span>${hasShares && "% of sum"}</span></p>`}
      <ol class="terms__list" data-wide=${overExamples && !hasPictures ? "" : undefined}>
        ${terms.map((term) => html`<${Row} key=${term.position} term=${term} largest=${largest} isGradient=${isGradient} isShare=${!isNothing} />`)}
      </ol>
      ${unseen > 0 && html`
        <p class="terms__rest">
          <span>${formatCount(unseen)} more, together ${formatNumber(rest, 3)}</span>
          ${terms.length < MOST
            ? html`<button class="button" onClick=${() => onAsk({ ...asked, limit: Math.min(MOST, asked.limit + more) })}>Show ${Math.min(more, unseen)} more</button>`
            : html`<span class="soft">The REST API tells them all, ${formatCount(MOST)} at a time.</span>`}
        </p>
      `}
    </section>
  `
}

/** @param {{term: Term, largest: number, isGradient: boolean, isShare: boolean}} properties `isShare`: whether the sum is something to have a share of */
function Row({ term, largest, isGradient, isShare }) {
  const { index, letter, factors, product, share } = term
  const size = Number(product)
  const width = largest > 0 && Number.isFinite(size) ? (50 * Math.abs(size)) / largest : 0
  const side = size < 0 ? { right: "50%" } : { left: "50%" }
  const isExample = letter === "i" && index !== null
  const isMixed = mixesExamples(wholeTrace.value)
  return html`
    <li class="term" data-zero=${size === 0 ? "" : undefined}>
      <span class="term__who">
        ${isExample && isMixed
          ? html`<span class="term__example" data-alone="none"><${ExampleMark} col=${index} /></span>`
          : isExample
          ? html`<button class="term__example" title=${`Example ${index}: see its pass alone`} aria-label=${`Example ${index}: see its pass alone`} disabled=${alone.value !== null} onClick=${() => lookAtExample(index)}><${ExampleMark} col=${index} /></button>`
          : html`<span class="soft">${index === null ? "bias" : html`<i>${letter}</i> = ${index}`}</span>`}
      </span>
      <span class="term__bar" aria-hidden="true"><span data-sign=${size < 0 ? "minus" : "plus"} data-gradient=${isGradient ? "" : undefined} style=${{ ...side, width: `${width}%` }}></span></span>
      <span class="term__product">${formatNumber(product, 3)}</span>
      <span class="term__made">
        <span class="term__factors">${factors.map((factor, at) => html`${at > 0 && html`<span class="soft"> · </span>`}<${FactorLink} key=${at} factor=${factor} />`)}</span>
        <span class="term__share soft">${isShare && Number.isFinite(Number(share)) && html`${shareText(Number(share))}<span class="visually-hidden"> of the sum</span>`}</span>
      </span>
    </li>
  `
}

/** @param {import("../types.js").Value} value */
const finiteSize = (value) => (Number.isFinite(Number(value)) ? Math.abs(Number(value)) : 0)

/** @param {number} share finite */
function shareText(share) {
  const percent = 100 * share
  return `${percent < 0 ? "−" : ""}${Math.abs(percent) < 10 ? Math.abs(percent).toFixed(1) : Math.abs(percent) < 10_000 ? Math.round(Math.abs(percent)) : "over 9,999"} %`
}

/** @param {number} index @param {boolean} overExamples @param {boolean} isFinite */
function agreementWords(index, overExamples, isFinite) {
  const who = overExamples ? "examples" : "terms"
  if (Number.isNaN(index)) return isFinite ? "every term is 0" : "its terms are not finite"
  if (index > 0.9995) return `all ${who} pull the same way`
  return `${(100 * index).toFixed(index < 0.1 ? 1 : 0)} % of what the ${who} pull is left`
}

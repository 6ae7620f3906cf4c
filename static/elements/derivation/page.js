/** The derivation page: its bar, and whichever of loading, failed, empty and shown is true. */
import { html } from "htm/preact"
import { useEffect, useMemo, useRef } from "preact/hooks"
import { writeAddress } from "../../address.js"
import { followReading, open, typesetChapters } from "../../derivation_actions.js"
import { hiddenLayer, lastLayer, typesetEntries } from "../../derivation_state.js"
import { chaptersOf } from "../../lib/derivation_chapters.js"
import { resultsOf } from "../../lib/derivation_results.js"
import { formatCount } from "../../lib/format.js"
import { holdTarget } from "../../lib/hold_target.js"
import { catalog, load, session, trace, transport } from "../../state.js"
import { ProblemNote } from "../problem.js"
import { SchemeButton } from "../scheme_button.js"
import { HiddenLayer, OutputLayer, Together, Update } from "./backward.js"
import { Chapters } from "./chapters.js"
import { Contents } from "./contents.js"
import { Forward } from "./forward.js"
import { Setting } from "./setting.js"

/** @import { Catalog, Session, Trace } from "../../types.js" */

export function DerivationPage() {
  const { status } = load.value
  return html`
    <${Bar} />
    ${status === "loading" && html`<${Loading} />`}
    ${status === "failed" && html`<${Failed} />`}
    ${status === "empty" && html`<${Empty} />`}
    ${status === "ready" && html`<${Shown} />`}
  `
}

function Bar() {
  return html`
    <header class="page__bar derivation-bar">
      <p class="page__name"><a href=${lensAddress()}>Backscope</a></p>
      <p class="page__run">The derivation</p>
      <nav class="page__actions" aria-label="Page">
        <a class="button" data-look="plain" href=${lensAddress()}>Lens</a>
        <a class="button" data-look="plain" href="/docs">API</a>
        <button class="button" data-look="plain" onClick=${() => print()} disabled=${load.value.status !== "ready"}>Print</button>
        <${SchemeButton} />
      </nav>
    </header>
  `
}

/** The lens on the same step. */
const lensAddress = () => `/${writeAddress({ session: session.value?.id ?? null, step: trace.value?.step ?? null, example: null, phase: null, cell: null })}`

function Shown() {
  const run = /** @type {Session} */ (session.value)
  const { output, hidden } = resultsOf(/** @type {Catalog} */ (catalog.value), run.phases, lastLayer.value, hiddenLayer.value)
  const chapters = useMemo(() => chaptersOf(/** @type {Catalog} */ (catalog.value)), [catalog.value])
  const now = /** @type {Trace} */ (trace.value)
  const updated = now.layers[lastLayer.value]?.W_next ? run.phases.filter(({ lane, layer }) => lane === "update" && layer === lastLayer.value) : []
  // the place that the address names is only there now; a chapter's has its height once all before it is typeset
  const isNamed = location.hash.length > 1
  const count = chapters.reduce((sum, { entries }) => sum + entries.length, 0)
  const text = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => typesetChapters(count, isNamed), [chapters])
  useEffect(() => followReading(chapters.map(({ id }) => id)), [chapters])
  useEffect(() => text.current ? holdTarget(text.current, () => typesetEntries.value < count) : undefined, [chapters])
  return html`
    <div class="derivation">
      <${Contents} output=${output} hidden=${hidden} updates=${updated} chapters=${chapters} />
      <main class="derivation__text" id="derivation" tabindex="-1" ref=${text}>
        <h1>The backward pass, derived</h1>
        <p class="derivation__lead">Of every number in a network one can ask: if it grew a little, how much would the loss grow in proportion? The answer is its gradient. This page derives all of them, in the order in which they are computed, from the loss back to the input.</p>
        <p class="derivation__run">The numbers are those of step ${formatCount(now.step)} of a run on ${run.dataset.title}, a ${run.config.layer_sizes.join("–")} network. Each is a door to the same number <a href=${lensAddress()}>in the lens</a>.</p>
        ${transport.value.problem && html`<${ProblemNote} problem=${transport.value.problem} />`}
        <${Setting} />
        <${Forward} />
        <${OutputLayer} results=${output} />
        ${hidden.length > 0 ? html`<${HiddenLayer} results=${hidden} before=${output} />` : html`<p>This network has no hidden layer: its backward pass ends here.</p>`}
        ${updated.length > 0 && html`<${Update} phases=${updated} />`}
        <${Together} results=${[...output, ...hidden]} />
        <${Chapters} chapters=${chapters} />
      </main>
    </div>
  `
}

function Loading() {
  return html`
    <main class="state" id="derivation" aria-busy="true">
      <h1 class="state__title">The backward pass, derived</h1>
      <p class="soft" role="status">Getting the numbers of a step…</p>
    </main>
  `
}

function Failed() {
  const { problem } = load.value
  return html`
    <main class="state" id="derivation">
      <h1 class="state__title">The derivation has no numbers</h1>
      ${problem && html`<${ProblemNote} problem=${problem} onRetry=${open} />`}
      <p><a class="button" href="/derivation">Derive with a small network of its own</a></p>
    </main>
  `
}

function Empty() {
  return html`
    <main class="state" id="derivation">
      <h1 class="state__title">No batch has been taken yet</h1>
      <p class="soft">Gradients come with the first batch. Take it in the lens, then come back.</p>
      <p><a class="button" data-look="primary" href=${lensAddress()}>Open the lens</a> <a class="button" href="/derivation">Derive with a small network</a></p>
    </main>
  `
}

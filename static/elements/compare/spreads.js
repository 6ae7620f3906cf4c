/**
 * How the numbers of one tensor are spread: an outline for each run over the same bins, as shares of its cells. Zeros and what is
 * not finite have no bin, and are told apart.
 *
 * @import { Spreads as Told, TensorAt } from "../../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useState } from "preact/hooks"
import { readSpreads } from "../../compare_look_actions.js"
import { items, living, lockstep, opened, runs, shown, step } from "../../compare_state.js"
import { letterAt, nameInFiles } from "../../lib/compare_words.js"
import { axisTicks } from "../../lib/distribution_data.js"
import { tensorIn } from "../../lib/compare_pictures.js"
import { plainName } from "../../lib/compare_phases.js"
import { formatCount, formatNumber } from "../../lib/format.js"
import { kindOf } from "../../lib/notation.js"
import { apartWords, binsFor, largestBin, outline, shareTicks, spreadColumns } from "../../lib/spread_data.js"
import { toProblem } from "../../problems.js"
import { Choice } from "../lens.js"
import { ProblemNote } from "../problem.js"
import { Badge, strokeOf } from "./badge.js"
import { saveCompared } from "./curves.js"
import { useRoom } from "./room.js"

const [HEIGHT, LEFT, FOOT] = [200, 46, 24]

/** @typedef {{key: string, told: Told | null, runs: string[], problem: import("../../state.js").Problem | null}} Answer `runs`: their ids, in the order of the answer */

export function Spreads() {
  const [chosen, setChosen] = useState("")
  const [scale, setScale] = useState(/** @type {"" | "linear" | "symlog"} */ (""))
  const [last, setLast] = useState(/** @type {Answer | null} */ (null))
  const [asked, setAsked] = useState(0)
  const [box, width] = useRoom()
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null))
  const nameOf = (/** @type {TensorAt} */ { tensor, layer }) => `${tensor}.${layer}`
  const at = items.value.find((one) => nameOf(one) === chosen) ?? items.value[0]
  const axis = scale || (at && kindOf(at.tensor) === "backward" ? "symlog" : "linear")
  // that a run was deleted is no reason to ask again: what was seen of it stays
  const able = opened.value.filter(({ session }) => (session?.step ?? 0) > 0)
  const key = JSON.stringify([at, axis, step.value, able.map(({ id, session }) => [id, session?.step]), asked])
  // of what none of the runs has in this step there is no distribution to ask for
  const found = at ? (shown.value?.runs ?? []).flatMap(({ trace }) => tensorIn(trace, at) ?? []) : []
  const isThere = found.length > 0
  const wanted = binsFor(Math.max(0, ...found.map(({ shape }) => shape[0] * shape[1])))
  const isPlaying = lockstep.value.status === "playing"
  useEffect(() => {
    if (!at || !isThere || step.value === 0 || isPlaying) return
    const life = new AbortController()
    const ids = living.value.filter((run) => able.includes(run)).map(({ id }) => id)
    readSpreads(at, axis, wanted, life.signal).then(
      (told) => setLast({ key, told, runs: ids, problem: null }),
      (error) => life.signal.aborted || setLast({ key, told: null, runs: ids, problem: toProblem(error) }),
    )
    return () => life.abort()
  }, [key, isPlaying, isThere, wanted])
  if (!at) return null
  const told = last?.told ?? null
  const places = last?.runs.map((id) => runs.value.findIndex((run) => run.id === id)) ?? []
  const toldAt = Math.max(0, ...(told?.sessions.map((one) => one?.step ?? 0) ?? []))
  const most = told ? largestBin(told) : 0
  const inner = Math.max(0, width - LEFT - 8)
  const bins = told ? told.edges.length - 1 : 1
  const bin = told && pointed !== null ? Math.max(0, Math.min(bins - 1, pointed)) : null
  /** @param {PointerEvent} event */
  const point = (event) => {
    const area = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect()
    setPointed(Math.floor(((event.clientX - area.left - LEFT) / Math.max(1, inner)) * bins))
  }
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by) return
    setPointed(Math.max(0, Math.min(bins - 1, (bin ?? (by > 0 ? -1 : bins)) + by)))
    event.preventDefault()
    event.stopPropagation()
  }
  const share = (/** @type {import("../../types.js").Spread} */ one, /** @type {number} */ of) => `${formatNumber((100 * (one.bins[of] ?? 0)) / (one.cells || 1), 3)} %`
  const words = told ? told.sessions.map((one, position) => `run ${letterAt(places[position] ?? 0)}: ${one ? apartWords(one) : "has no such tensor"}`).join("; ") : ""
  return html`
    <section class="compare__part" aria-label="Distributions of all runs" data-stale=${last && last.key !== key ? "" : undefined}>
      <header class="compare__part-head">
        <h2 class="eyebrow">Distribution</h2>
        <label class="choice"><span class="choice__title">of</span>
          <select aria-label="Tensor of the distribution" onChange=${(/** @type {any} */ event) => setChosen(event.currentTarget.value)}>
            ${items.value.map((one) => html`<option key=${nameOf(one)} value=${nameOf(one)} selected=${one === at}>${plainName(one.tensor, one.layer)}</option>`)}
          </select>
        </label>
        <${Choice} title="Values" value=${axis} onChoose=${setScale} options=${[["linear", "linear"], ["symlog", "logarithmic"]]} />
        ${told && html`<button class="plot__save" title="Save the counts of all bins as CSV" onClick=${() => { const { header, columns } = spreadColumns(told, told.sessions.map((one, at) => nameInFiles(places[at] ?? 0, last?.runs[at] ?? "", one && one.step < toldAt ? one.step : null))); saveCompared(`step-${toldAt}-${told.tensor}-${told.layer}`, header, columns) }}>CSV<span class="visually-hidden"> of the distribution</span></button>`}
      </header>
      ${last?.problem && html`<${ProblemNote} problem=${last.problem} onRetry=${() => setAsked(asked + 1)} />`}
      ${step.value === 0 ? html`<p class="soft">No batch has been taken yet.</p>` : html`
        <div class="spreads__box" ref=${box} role="img" tabindex="0" aria-label=${told ? `Shares of cells over values from ${formatNumber(told.edges[0])} to ${formatNumber(told.edges.at(-1))}; ${words}. Left and right move from bin to bin.` : "The distribution is on its way."} onPointerMove=${point} onPointerLeave=${() => setPointed(null)} onKeyDown=${move} onBlur=${() => setPointed(null)}>
          ${told && inner > 0 && html`
            <svg class="spreads" width=${width} height=${HEIGHT + FOOT + 8} aria-hidden="true">
              <g transform=${`translate(${LEFT} 8)`}>
                ${shareTicks(most).map(({ percent, place }) => html`<g key=${percent}><path class="spreads__grid" d=${`M0 ${HEIGHT * (1 - place)}H${inner}`} /><text class="spreads__share" x="-6" y=${HEIGHT * (1 - place) + 4} text-anchor="end">${formatNumber(percent, 2)} %</text></g>`)}
                ${axisTicks({ ...told, wanted: 0, steps: [], cells: [], bins: [], zeros: [], nan: [], posinf: [], neginf: [] }, 64 / inner).map(({ value, place }) => html`<g key=${value}><path class="spreads__tick" d=${`M${place * inner} ${HEIGHT}v4`} /><text x=${place * inner} y=${HEIGHT + 17} text-anchor="middle">${formatNumber(value, 3)}</text></g>`)}
                ${bin !== null && html`<rect class="spreads__bin" x=${(bin / bins) * inner} width=${inner / bins} y="0" height=${HEIGHT} />`}
                ${told.sessions.map((one, position) => one && html`<path key=${one.id} class="spreads__line" d=${outline(one, most, inner, HEIGHT)} style=${{ stroke: `var(${strokeOf(places[position] ?? 0).token})` }} stroke-dasharray=${strokeOf(places[position] ?? 0).dash?.join(" ")} />`)}
              </g>
            </svg>`}
        </div>
        <p class="spreads__readout" aria-live="polite">${told && bin !== null ? html`${formatNumber(told.edges[bin])} to ${formatNumber(told.edges[bin + 1])}: ${told.sessions.map((one, position) => html`<span key=${position}><strong>${letterAt(places[position] ?? 0)}</strong> ${one ? share(one, bin) : "–"}</span> `)}` : html`<span class="soft">Shares of each run's cells, in the same ${bins} bins. Zeros and what is not finite are counted apart:</span>`}</p>
        <ul class="spreads__apart">
          ${told?.sessions.map((one, position) => html`<li key=${position}><${Badge} place=${places[position] ?? 0} /> <span class="soft">${one ? `${one.step < step.value ? `at its step ${formatCount(one.step)}: ` : ""}${apartWords(one)}` : "has no such tensor in this step"}</span></li>`)}
        </ul>`}
    </section>
  `
}

/** One number at a time: what it is, its exact value, its twin, and the tensor it stands in. */
import { html } from "htm/preact"
import { useEffect, useState } from "preact/hooks"
import * as actions from "../actions.js"
import { formatCount, formatExact, formatNumber } from "../lib/format.js"
import { describeCell, kindOf, setForLayer } from "../lib/notation.js"
import { phasesOf, sourcesOf, twinOf } from "../phases.js"
import { catalog, lit, selected, session, trace } from "../state.js"
import { isWhole, tensorOf, valueAt } from "../tensors.js"
import { Equation } from "./equation.js"
import { Symbol } from "./symbol.js"

export function Inspector() {
  const now = trace.value
  if (!now) return null
  const cell = lit.value
  const found = cell && tensorOf(now, cell.tensor, cell.layer)
  return cell && found ? html`<${CellCard} cell=${cell} tensor=${found} />` : html`<${Overview} />`
}

/** @param {{cell: import("../types.js").Cell, tensor: import("../types.js").Tensor}} properties */
function CellCard({ cell, tensor }) {
  const now = /** @type {import("../types.js").Trace} */ (trace.value)
  const last = now.layers.length - 1
  const value = useExact(cell, tensor)
  const twin = twinOf(cell, now)
  const twinValue = twin && valueAt(now, twin)
  const sources = sourcesOf(cell, now)
  const equation = equationOf(cell)
  const isChosen = selected.value !== null && lit.value === selected.value
  return html`
    <section class="cell-card" data-kind=${kindOf(cell.tensor)}>
      <header class="cell-card__head">
        <h2 class="cell-card__name"><${Symbol} tensor=${cell.tensor} layer=${cell.layer} cell=${[cell.row, cell.col]} /></h2>
        ${isChosen && html`<button class="button" data-look="plain" onClick=${() => actions.select(null)} title="Let go (Esc)">Let go</button>`}
      </header>
      <p class="cell-card__value">${value === null ? "–" : formatNumber(value, 5)}</p>
      <p class="cell-card__exact" title="Every digit of the ${now.dtype} number">${value === null ? "" : formatExact(value)}</p>
      <p class="cell-card__words">${describeCell(cell, last)}</p>
      ${cell.tensor === "dZ" && cell.layer < last && html`<p class="cell-card__words">${stoppedWords(now, cell)}</p>`}

      ${twin &&
      twinValue !== null &&
      html`
        <h3 class="eyebrow">Its twin</h3>
        <p class="cell-card__row">
          <button class="link" onClick=${() => actions.select(twin)}><${Symbol} tensor=${twin.tensor} layer=${twin.layer} cell=${[twin.row, twin.col]} /></button>
          <span>${formatNumber(twinValue, 5)}</span>
        </p>
      `}
      ${equation &&
      html`
        <h3 class="eyebrow">Computed by</h3>
        <p class="cell-card__equation"><${Equation} latex=${setForLayer(equation.latex, equation.layer, last)} /></p>
      `}
      ${sources.length > 0 &&
      html`
        <ul class="cell-card__sources">
          ${sources.map(
            (source) => html`<li key=${source.tensor}>${source.tensor === "Y" ? html`<span class="symbol">Y</span>` : html`<${Symbol} tensor=${source.tensor} layer=${source.layer} />`} <span class="soft">${regionWords(source)}</span></li>`,
          )}
        </ul>
      `}
      <h3 class="eyebrow">The whole tensor</h3>
      <${Summary} tensor=${tensor} />
      <p class="cell-card__actions">
        <button class="button" onClick=${() => { actions.select(cell); actions.openDialog("table") }}>Show as table</button>
      </p>
    </section>
  `
}

/** The number at full precision: of a pooled tensor it is asked for alone.
 * @param {import("../types.js").Cell} cell @param {import("../types.js").Tensor} tensor @returns {number | null} */
function useExact(cell, tensor) {
  const now = /** @type {import("../types.js").Trace} */ (trace.value)
  const [asked, setAsked] = useState(/** @type {{tensor: object, row: number, col: number, value: number} | null} */ (null))
  useEffect(() => {
    if (isWhole(tensor)) return
    const life = new AbortController()
    actions
      .readCell(cell, life.signal)
      .then((value) => setAsked(value === null ? null : { tensor, row: cell.row, col: cell.col, value }))
      .catch(() => undefined) // let go, or no answer: the dash stays
    return () => life.abort()
  }, [tensor, cell.row, cell.col])
  if (isWhole(tensor)) return valueAt(now, cell)
  return asked && asked.tensor === tensor && asked.row === cell.row && asked.col === cell.col ? asked.value : null
}

/** @param {import("../types.js").Trace} now @param {import("../types.js").Cell} cell */
function stoppedWords(now, cell) {
  const Z = valueAt(now, { ...cell, tensor: "Z" })
  if (now.layers[cell.layer]?.activation !== "relu" || Z === null || Number.isNaN(Z)) return ""
  return Z > 0 ? "Z is above 0 here, so ReLU passes the gradient on unchanged." : "Z is not above 0 here, so ReLU stops the gradient: exactly 0 goes on."
}

/** The register's equation for one number of this tensor. @param {import("../types.js").Cell} cell */
function equationOf(cell) {
  const now = trace.value
  if (!now || !catalog.value) return null
  const phase = phasesOf(now).find(({ name, layer }) => name === cell.tensor && layer === cell.layer)
  if (!phase) return null
  const family = /** @type {import("../types.js").CatalogEntry[]} */ (/** @type {any} */ (catalog.value)[phase.equation.from] ?? [])
  const latex = family.find(({ name }) => name === phase.equation.name)?.equations[phase.equation.tensor]?.cell
  return latex ? { latex, layer: phase.equation.layer } : null
}

/** @param {import("../types.js").Region} region */
function regionWords({ tensor, row, col }) {
  if (row === null && col === null) return "all of it"
  if (row === null) return `column ${col}`
  if (col === null) return `row ${row}`
  return tensor === "b" ? `unit ${row}` : `row ${row}, column ${col}`
}

/** @param {{tensor: import("../types.js").Tensor}} properties */
function Summary({ tensor }) {
  const { shape, stats } = tensor
  const cells = shape[0] * shape[1]
  const broken = stats.nan + stats.posinf + stats.neginf
  const rows = [
    ["shape", `${shape[0]} × ${shape[1]}`],
    ["smallest", formatNumber(Number(stats.min))],
    ["largest", formatNumber(Number(stats.max))],
    ["mean", formatNumber(Number(stats.mean))],
    ["norm (L2)", formatNumber(Number(stats.l2))],
    ["exactly 0", `${formatCount(stats.zeros)} of ${formatCount(cells)}`],
  ]
  if (broken > 0) rows.push(["not finite", `${stats.nan} NaN, ${stats.posinf} +∞, ${stats.neginf} −∞`])
  return html`<dl class="summary">${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function Overview() {
  const now = /** @type {import("../types.js").Trace} */ (trace.value)
  const last = now.layers.length - 1
  return html`
    <section class="overview">
      <h2 class="eyebrow">Gradients of this step</h2>
      <table class="overview__layers">
        <thead>
          <tr><th scope="col">layer</th><th scope="col">‖dA‖</th><th scope="col">‖dW‖</th><th scope="col" title="cells of A that are exactly 0">A = 0</th></tr>
        </thead>
        <tbody>
          ${[...now.layers].reverse().map(
            ({ index, name, A, dA, dW }) => html`
              <tr key=${index}>
                <th scope="row">${index === 0 ? "input" : name}</th>
                <td>${dA ? html`<button class="link" onClick=${() => actions.select({ tensor: "dA", layer: index, row: 0, col: 0 })}>${formatNumber(Number(dA.stats.l2), 3)}</button>` : html`<span class="soft" title="joined with the loss">–</span>`}</td>
                <td>${dW ? html`<button class="link" onClick=${() => actions.select({ tensor: "dW", layer: index, row: 0, col: 0 })}>${formatNumber(Number(dW.stats.l2), 3)}</button>` : ""}</td>
                <td>${A && index > 0 && index < last ? `${Math.round((100 * A.stats.zeros) / (A.shape[0] * A.shape[1]))} %` : ""}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      <p class="overview__hint">Point at any cell: its number, its twin in the other lane and what it was computed from. Click to keep it.</p>
      <p class="overview__note">${catalog.value?.convention}</p>
      <p class="overview__note">
        ${session.value ? `${formatCount(session.value.parameter_count)} parameters, ${now.dtype}, batch of ${now.batch.size}.` : ""}
      </p>
    </section>
  `
}

/**
 * What a weight influences: the largest paths through the network by which it moves the loss.
 *
 *   <CellPaths cell={cell} />
 *
 * @import { Cell, Path, Paths } from "../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useState } from "preact/hooks"
import { formatCount, formatNumber } from "../lib/format.js"
import { outputNames } from "../lib/run_words.js"
import { toProblem } from "../problems.js"
import { look, readPaths } from "../readings.js"
import { example, returns, session, trace } from "../state.js"
import { ExampleMark } from "./example_mark.js"
import { FactorLink } from "./factor_link.js"
import { ProblemNote } from "./problem.js"

const SHOWN = 5

/** @param {{cell: Cell}} properties */
export function CellPaths({ cell }) {
  const [isOpen, setOpen] = useState(false)
  const [answer, setAnswer] = useState(/** @type {{key: string, paths: Paths | null, problem: import("../state.js").Problem | null} | null} */ (null))
  const about = look()
  const key = `${session.value?.id} ${trace.value?.step} ${example.value}`
  useEffect(() => {
    if (!isOpen) return
    const life = new AbortController()
    readPaths(about, cell, SHOWN, life.signal)
      .then((paths) => setAnswer({ key, paths, problem: null }))
      .catch((error) => life.signal.aborted || setAnswer({ key, paths: null, problem: toProblem(error) }))
    return () => life.abort()
  }, [isOpen, key, returns.value]) // without an answer, again when the server is back
  const known = answer?.key === key ? answer : null
  return html`
    <details class="paths" open=${isOpen} onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
      <summary>What it leads to</summary>
      ${known?.problem && html`<${ProblemNote} problem=${known.problem} />`}
      ${!known && isOpen && html`<p class="soft">Looking for the largest paths…</p>`}
      ${known?.paths && html`<${List} found=${known.paths} />`}
    </details>
  `
}

/** @param {{found: Paths}} properties */
function List({ found }) {
  const { paths, count, rest, gradient } = found
  if (!Number.isFinite(Number(gradient))) return html`<p>The gradient is not finite, and neither are paths that lead to it: none is larger than another.</p>`
  if (paths.length === 0) return html`<p>None of the ${formatCount(count)} paths from here moves the loss: on each one something is exactly 0, a stopped unit or an input.</p>`
  return html`
    <p class="soft">Its gradient is the sum over ${formatCount(count)} paths, each through one example and one chain of units to the loss${paths.some(({ layers }) => new Set(layers).size < layers.length) ? "; ⇢ leads through a normalisation, from a unit of Z to one of N" : ""}. The largest:</p>
    <ol class="paths__list">
      ${paths.map((path) => html`
        <li key=${`${path.example} ${path.units.join("-")}`} class="path">
          <p class="path__head">
            <${ExampleMark} col=${path.example} />
            <span class="path__units">${chainOf(path)}</span>
            <strong>${formatNumber(path.product, 3)}</strong>
            <span class="soft">${percentOf(path)}</span>
          </p>
          <p class="path__factors"><span class="soft">1/m</span>${path.factors.map((factor, at) => html`<span class="soft"> · </span><${FactorLink} key=${at} factor=${factor} />`)}</p>
        </li>
      `)}
    </ol>
    ${count > paths.length && html`<p class="soft">All others together: ${restText(rest, gradient)}. In all ${formatNumber(gradient, 4)}.</p>`}
  `
}

/** What is not shown; a rest of rounding is none. @param {import("../types.js").Value} rest @param {import("../types.js").Value} gradient */
const restText = (rest, gradient) => (Math.abs(Number(rest)) <= 1e-12 * Math.abs(Number(gradient)) ? "0" : formatNumber(rest, 3))

/** unit 3 → unit 17 → output 7, for a name alone may be a bare number beside the example's class; through a layer normalisation, unit 3 ⇢ unit 5 of one layer. @param {Path} path */
function chainOf({ units, layers }) {
  const last = (trace.value?.layers.length ?? 1) - 1
  const names = outputNames(session.value)
  return units
    .map((unit, at) => `${at === 0 ? "" : layers[at] === layers[at - 1] ? " ⇢ " : " → "}${layers[at] === last ? `output ${names[unit] ?? unit}` : `unit ${unit}`}`)
    .join("")
}

/** @param {Path} path */
function percentOf({ share }) {
  const percent = 100 * Number(share)
  return Number.isFinite(percent) ? `${percent < 0 ? "−" : ""}${Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0)} %` : ""
}

/**
 * The lanes in one grid: a column a tensor, right above its own gradient, and below that what the update makes of it.
 *
 *   <Lanes room={{width, lane}} />   `lane` pixels for the highest tensor of a lane
 *
 * @import { Column } from "../lib/lens_columns.js"
 * @import { Layout } from "../lib/lens_layout.js"
 * @import { LayerTrace, Trace } from "../types.js"
 */
import { html } from "htm/preact"
import { useRef, useState } from "preact/hooks"
import { litCount, seen, shownLayers, view, whatIf } from "../edit_state.js"
import { columnsOf, inOrder, updateOf, updateRows } from "../lib/lens_columns.js"
import { lensLayout, linesOf, pixelsOf, spansOf } from "../lib/lens_layout.js"
import { kindOf, mark } from "../lib/notation.js"
import { PAPER } from "../lib/paper.js"
import { axesOf, isOfUpdate } from "../lib/tensor_names.js"
import { changeRole } from "../lib/what_if.js"
import { catalog, isFolded, isOnPaper, isUpdateOpen, phase, selected, session } from "../state.js"
import { tensorOf } from "../tensors.js"
import { openUpdate } from "../view_actions.js"
import { Count } from "./count.js"
import { Equation } from "./equation.js"
import { Heatmap } from "./heatmap.js"
import { useSidewaysInSight, useWalkInSight } from "./in_sight.js"
import { Edges, LayerRail } from "./layer_rail.js"
import { Legends } from "./legend.js"
import { LayerSign } from "./standing_marks.js"
import { Symbol } from "./symbol.js"

/** Lines of the grid. */
const NAMES = 1
const FORWARD = 2
const BACKWARD = 4
const UPDATE = 6


const HEADING = 860 // pixels of a lane's heading with its legends

const UPDATE_SHARE = 0.4 // of a lane's height for each row of the update: it has several

/** Where the parts of one layer stand. @typedef {{layer: LayerTrace, columns: Column[], start: number}} Placed */

/** @param {{room: {width: number, lane: number}}} properties */
export function Lanes({ room }) {
  const lanes = useRef(/** @type {HTMLElement | null} */ (null))
  useSidewaysInSight(lanes)
  useWalkInSight()
  const seenNow = seen.value
  if (!seenNow) return null
  const now = { ...seenNow, layers: shownLayers.value } // what has a place: tensors that only one side of a what-if has, too
  const rows = updateRows(now.layers)
  const hasUpdate = rows.made.length > 0
  // while the update is looked at, what it reads and what it makes are in sight together
  const laneHeight = isUpdateOpen.value && hasUpdate && phase.value?.lane === "update" ? Math.round(room.lane / 2) : room.lane
  // while an edit is tried, the columns of the step that was taken: one more would move all that is compared
  const columns = (whatIf.value?.before.layers ?? now.layers).map((layer) => columnsOf(layer, isFolded.value))
  const sized = now.layers.map(({ size }, l) => ({ size, columns: columns[l] ?? [] }))
  const layout = lensLayout(sized, now.batch.size, room.width, laneHeight, Math.round(room.lane * UPDATE_SHARE))
  const tensors = inOrder(columns.flat().flatMap((column) => column.tensors))
  const isWider = layout.total > room.width && !isOnPaper.value
  const whole = { first: 0, last: now.layers.length - 1, total: layout.total }
  // a line of paper may be a third wider than it is: it is printed as much smaller
  const lines = isOnPaper.value ? linesOf(spansOf(layout), (4 / 3) * PAPER) : [whole]
  return html`
    ${isWider && html`<${LayerRail} lanes=${lanes} spans=${spansOf(layout)} layers=${now.layers} />`}
    <div class="lens__window">
      ${isWider && html`<${Edges} lanes=${lanes} total=${layout.total} />`}
      <div class="lens__scroll" ref=${lanes} tabindex=${isWider ? 0 : undefined} role=${isWider ? "region" : undefined} aria-label=${isWider ? "The lanes, wider than the window" : undefined}>
        ${lines.map((line) => html`<${Line} key=${line.first} now=${now} columns=${columns} layout=${layout} line=${line} rows=${rows} hasUpdate=${hasUpdate} tensors=${tensors} width=${isOnPaper.value ? line.total : room.width} />`)}
      </div>
    </div>
  `
}

/**
 * Layers beside each other: all of them, or those of a line on paper. One grid for all lanes, so that a tensor and its gradient can't but share their column.
 *
 * @param {{now: Trace, columns: Column[][], layout: Layout, line: {first: number, last: number, total: number}, rows: {made: string[], from: string[]}, hasUpdate: boolean, tensors: string[], width: number}} properties
 */
function Line({ now, columns, layout, line: { first, last, total }, rows, hasUpdate, tensors, width }) {
  const template = layout.widths.slice(first, last + 1).map((layer) => layer.map(({ column }) => `${column}px`).join(" ")).join(` ${layout.layerGap - 2 * layout.gap}px `)
  let place = 1
  const placed = now.layers.slice(first, last + 1).map((layer) => {
    const start = place
    const own = columns[layer.index] ?? []
    place += own.length + 1
    return { layer, columns: own, start }
  })
  // the headings may be wider than narrow lanes: a legend that is alone on its line looks like another lane's
  const heading = { maxWidth: `${width}px`, minWidth: `${Math.min(width, HEADING)}px` }
  const fit = isOnPaper.value ? Math.min(1, PAPER / total) : undefined
  return html`
    <div class="lens__grid" data-phase=${phase.value?.key} data-what-if=${whatIf.value ? view.value : undefined} style=${{ gridTemplateColumns: template, columnGap: `${layout.gap}px`, "--fit": fit }}>
      ${placed.map(
        ({ layer: { index, name, activation }, columns, start }) => html`
          <p key=${index} class="lens__layer" style=${{ gridColumn: `${start} / span ${columns.length}`, gridRow: NAMES }}>
            <span class="lens__layer-name">${index === 0 ? "input" : name}${activation && html` <span class="soft">${activation}</span>`}<${LayerSign} layer=${index} /></span>
          </p>
        `,
      )}
      <header class="lens__lane" data-kind="forward" style=${{ gridRow: FORWARD, ...heading }}>
        <h2 class="lens__direction">Forward <${Arrow} /></h2>
        <${Legends} kinds=${["parameter", "forward"]} tensors=${tensors} />
      </header>
      ${placed.map((one) => html`<${Lane} key=${`forward ${one.layer.index}`} placed=${one} layout=${layout} line=${FORWARD + 1} name=${(/** @type {string} */ tensor) => tensor} />`)}
      <header class="lens__lane" data-kind="backward" style=${{ gridRow: BACKWARD, ...heading }}>
        <h2 class="lens__direction"><${Arrow} back /> Backward<span class="lens__hint">each gradient under what it belongs to</span></h2>
        <${Legends} kinds=${["backward"]} tensors=${tensors.map((tensor) => `d${tensor}`)} />
      </header>
      ${[...placed].reverse().map((one) => html`<${Lane} key=${`backward ${one.layer.index}`} placed=${one} layout=${layout} line=${BACKWARD + 1} name=${(/** @type {string} */ tensor) => `d${tensor}`} />`)}
      ${hasUpdate && html`<${Update} placed=${placed} rows=${rows} layout=${layout} heading=${heading} />`}
    </div>
  `
}

/** One layer's part of the upper lane or of the lower. @param {{placed: Placed, layout: Layout, line: number, name: (tensor: string) => string}} properties */
function Lane({ placed: { layer, columns, start }, layout, line, name }) {
  const height = layout.heights[layer.index] ?? 0
  return columns.map(({ tensors }, position) => {
    const place = layout.widths[layer.index]?.[position] ?? { column: 0, width: 0 }
    return html`
      <div class="lens__cell" key=${tensors[0]} style=${{ gridColumn: start + position, gridRow: line }}>
        ${tensors.map((tensor) => html`<${Picture} key=${tensor} tensor=${name(tensor)} layer=${layer} place=${place} height=${height} isNumbered=${layout.isNumbered} />`)}
      </div>
    `
  })
}

/** What the update makes, a row each; and, folded until it is asked for or spoken of, what it makes that from.
 * @param {{placed: Placed[], rows: {made: string[], from: string[]}, layout: Layout, heading: {maxWidth: string, minWidth: string}}} properties */
function Update({ placed, rows, layout, heading }) {
  const [asked, setAsked] = useState(/** @type {boolean | null} */ (null)) // null: as what is looked at needs it
  const isOpen = isUpdateOpen.value
  const optimizer = session.value?.config.optimizer.name
  const title = catalog.value?.optimizers.find(({ name }) => name === optimizer)?.title ?? "the optimizer"
  const named = (/** @type {string[]} */ some) => inOrder(placed.flatMap(({ layer, columns }) => columns.flatMap(({ tensors }) => tensors.flatMap((tensor) => some.flatMap((row) => updateOf(layer, tensor)[row] ?? [])))))
  const before = named(rows.from)
  const isBeforeOpen = asked ?? isOfUpdate(selected.value?.tensor ?? "")
  const shown = isBeforeOpen ? [...rows.made, ...rows.from] : rows.made
  const fold = UPDATE + 1 + rows.made.length
  return html`
    <header class="lens__lane" data-kind="parameter" style=${{ gridRow: UPDATE, ...heading }}>
      <h2 class="lens__direction">
        <button class="lens__fold" aria-expanded=${isOpen} onClick=${() => openUpdate(!isOpen)}><${Chevron} /> Update</button>
        <span class="lens__hint">${isOpen ? `by ${title}, under what it moves` : `what ${title} makes of the gradients`}</span>
      </h2>
      ${isOpen && html`<${Legends} kinds=${["parameter", "backward", "held"]} tensors=${named(shown).filter((tensor) => !isCount(tensor))} />`}
    </header>
    ${isOpen && rows.made.map((row, at) => html`<${UpdateRow} key=${row} row=${row} line=${UPDATE + 1 + at} placed=${placed} layout=${layout} />`)}
    ${isOpen && before.length > 0 && html`
      <header class="lens__lane" data-kind="held" style=${{ gridRow: fold, ...heading }}>
        <h3 class="lens__direction">
          <button class="lens__fold" aria-expanded=${isBeforeOpen} onClick=${() => setAsked(!isBeforeOpen)}><${Chevron} /> Before the update</button>
          <span class="lens__hint">the states that it was made from</span>
        </h3>
      </header>
    `}
    ${isOpen && isBeforeOpen && rows.from.map((row, at) => html`<${UpdateRow} key=${row} row=${row} line=${fold + 1 + at} placed=${placed} layout=${layout} />`)}
  `
}

/** @param {{row: string, line: number, placed: Placed[], layout: Layout}} properties */
function UpdateRow({ row, line, placed, layout }) {
  return placed.map(({ layer, columns, start }) =>
    columns.map(({ tensors }, position) => {
      const names = tensors.flatMap((tensor) => updateOf(layer, tensor)[row] ?? [])
      const place = layout.widths[layer.index]?.[position] ?? { column: 0, width: 0 }
      return names.length > 0 && html`
        <div class="lens__cell" data-lane="update" key=${names[0]} style=${{ gridColumn: start + position, gridRow: line }}>
          ${names.map((tensor) => isCount(tensor) ? html`<${Count} key=${tensor} tensor=${tensor} layer=${layer.index} role=${roleOf(tensor, layer.index)} />` : html`<${Picture} key=${tensor} tensor=${tensor} layer=${layer} place=${place} height=${layout.updateHeights[layer.index] ?? 0} isNumbered=${layout.isNumbered} />`)}
        </div>
      `
    }),
  )
}

/** Whether a tensor is one number for all cells: it is written, and not drawn. @param {string} tensor */
const isCount = (tensor) => axesOf(tensor) === "one"

/** A tensor in its place, or why there is none. @param {{tensor: string, layer: LayerTrace, place: {column: number, width: number}, height: number, isNumbered: boolean}} properties */
function Picture({ tensor, layer: { index, size }, place: { column, width }, height, isNumbered }) {
  const now = /** @type {Trace} */ (seen.value)
  const found = tensorOf(now, tensor, index)
  if (found) return html`<${Heatmap} tensor=${tensor} layer=${index} ...${pixelsOf(found.shape, size, width, height, isNumbered)} column=${column} isNumbered=${isNumbered} role=${roleOf(tensor, index)} />`
  const isJoined = tensor === "dA" && index === now.layers.length - 1
  const why = tensor === "dD" ? "no gradient: the mask is given" : isJoined ? "joined with the loss" : null
  // also one that is the same as what it stands for, and so did not change
  const [isBefore, isAfter] = whatIf.value ? [whatIf.value.before, whatIf.value.after].map((one) => tensorOf(one, tensor, index) !== null) : []
  if (isBefore !== isAfter) return html`<${Absent} tensor=${tensor} layer=${index} width=${width} height=${height} why=${isAfter ? "only with the edit" : "only without the edit"} />`
  return why && html`<${Absent} tensor=${tensor} layer=${index} width=${width} height=${height} why=${why} equation=${isJoined ? joinedEquation(index) : null} />`
}

/** How dZ is made where it comes from output and loss together: as this run's own loss has it, with label smoothing or without. @param {number} layer the output */
const joinedEquation = (layer) => session.value?.phases.find((one) => one.tensor === "dZ" && one.layer === layer)?.whole.replace(/\([^()]*\) ?\w*/g, "{$&}") ?? null // a bracket with what it multiplies is not broken

/** Pixels that an equation needs so as not to be one symbol a line. */
const ROOM_FOR_EQUATION = 80

/** Where a gradient would stand. It is as high as its words need, for a batch in one unit has not the height of a line.
 * @param {{tensor: string, layer: number, width: number, height: number, why: string, equation?: string | null}} properties */
function Absent({ tensor, layer, width, height, why, equation = null }) {
  return html`
    <figure class="heatmap" data-kind=${kindOf(tensor)}>
      <figcaption class="heatmap__name"><${Symbol} tensor=${tensor} layer=${layer} /><span class="heatmap__shape">none</span></figcaption>
      <p class="lens__joined" data-narrow=${width < 64 ? "" : undefined} style=${{ width: `${width}px`, minHeight: `${height}px` }}><span>${why}${equation && width >= ROOM_FOR_EQUATION && html`: <${Equation} latex=${mark(null, equation)} />`}</span></p>
    </figure>
  `
}

/** What a tensor is in the phase that is looked at. @param {string} tensor @param {number} layer */
function roleOf(tensor, layer) {
  if (whatIf.value) return changeRole(whatIf.value.changed, litCount.value, tensor, layer)
  const now = phase.value
  if (!now) return undefined
  // what an update makes is shown at what it moves while its own lane is closed
  const shown = (/** @type {string} */ name) => (isUpdateOpen.value ? name : name.replace("_next", ""))
  /** @param {{tensor: string, layer: number}} other */
  const isIt = (other) => shown(other.tensor) === tensor && other.layer === layer
  return now.writes.some(isIt) ? "writes" : now.reads.some(isIt) ? "reads" : "idle"
}

/** @param {{back?: boolean}} properties */
function Arrow({ back = false }) {
  return html`<svg width="22" height="10" viewBox="0 0 22 10" aria-hidden="true" class="lens__arrow"><path d=${back ? "M22 5H2M6 1 2 5l4 4" : "M0 5h20M16 1l4 4-4 4"} fill="none" stroke="currentColor" stroke-width="1.5" /></svg>`
}

function Chevron() {
  return html`<svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" class="lens__chevron"><path d="M3 1 7 5 3 9" fill="none" stroke="currentColor" stroke-width="1.5" /></svg>`
}

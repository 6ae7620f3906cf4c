/**
 * How much is stopped, beside the heatmaps of the gate: a bar and its number for each unit, and for each example.
 *
 *   <UnitCounts counts={[...]} of={32} height={12} from={{row: 0, col: 0}} layer={1} tensor="dZ" what="stopped" />      beside the rows
 *   <ExampleCounts counts={[...]} of={32} width={8} from={{row: 0, col: 0}} layer={1} tensor="dZ" what="stopped" />     below the columns
 */
import { html } from "htm/preact"
import { hint, select } from "../cell_actions.js"

export const COUNTS = 104 // pixels beside the maps
const BAR = 44

/** How many examples each unit stops: a bar beside its row. @param {{counts: number[], of: number, height: number, from: {row: number, col: number}, layer: number, tensor: string, what: string}} properties */
export function UnitCounts({ counts, of, height, from, layer, tensor, what }) {
  const hasText = height >= 11
  const bar = hasText ? height - 3 : Math.max(1, height - (height > 2 ? 1 : 0))
  return html`
    <svg class="gate__counts" width=${COUNTS} height=${counts.length * height} role="img" aria-label=${`${what} examples of each unit: ${counts.map((count, unit) => `unit ${from.row + unit}, ${count}`).join("; ")}`}>
      ${counts.map((count, unit) => {
        const y = unit * height
        const width = of ? (count / of) * BAR : 0
        return html`
          <g key=${unit} data-all=${count === of ? "" : undefined}>
            <rect class="gate__bar" x="8" y=${y + (height - bar) / 2} width=${Math.max(count ? 1 : 0, width)} height=${bar} />
            ${hasText && html`<text class="gate__count" x=${8 + width + 4} y=${y + height / 2}>${count === of ? `${count} · all` : count}</text>`}
            <rect class="gate__slot" x="0" y=${y} width=${COUNTS} height=${height} onPointerEnter=${() => hint({ tensor, layer, row: from.row + unit, col: from.col })} onPointerLeave=${() => hint(null)} onClick=${() => select({ tensor, layer, row: from.row + unit, col: from.col })} />
          </g>
        `
      })}
      <path class="gate__base" d=${`M8.5 0v${counts.length * height}`} />
    </svg>
  `
}

/** How many units stop each example: a bar below its column. @param {{counts: number[], of: number, width: number, from: {row: number, col: number}, layer: number, tensor: string, what: string}} properties */
export function ExampleCounts({ counts, of, width, from, layer, tensor, what }) {
  const isWide = width >= 16
  // where not every number has room, the fewest and the most alone: the others are pointed at
  const numbered = isWide ? null : endsOf(counts)
  const tall = BAR + 14
  const inset = width > 3 ? 1 : 0
  return html`
    <svg class="gate__counts gate__counts--below" width=${counts.length * width} height=${tall} role="img" aria-label=${`${what} units of each example: ${counts.map((count, col) => `example ${from.col + col}, ${count}`).join("; ")}`}>
      ${counts.map((count, col) => {
        const high = of ? (count / of) * BAR : 0
        const middle = col * width + width / 2
        return html`
          <g key=${col}>
            <rect class="gate__bar" x=${isWide ? middle - 6 : col * width + inset} y="0" width=${isWide ? 12 : width - 2 * inset} height=${high} />
            ${(numbered === null || numbered.includes(col)) && html`<text class="gate__count" x=${middle} y=${high + 9} text-anchor="middle">${count}</text>`}
            <rect class="gate__slot" x=${col * width} y="0" width=${width} height=${tall} onPointerEnter=${() => hint({ tensor, layer, row: from.row, col: from.col + col })} onPointerLeave=${() => hint(null)} onClick=${() => select({ tensor, layer, row: from.row, col: from.col + col })} />
          </g>
        `
      })}
      <path class="gate__base" d=${`M0 .5h${counts.length * width}`} />
    </svg>
  `
}

/** Where the most and the fewest stand, where they don't touch. @param {number[]} counts */
function endsOf(counts) {
  const most = counts.indexOf(Math.max(...counts))
  const fewest = counts.findIndex((count, col) => count === Math.min(...counts) && Math.abs(col - most) > 3)
  return fewest < 0 ? [most] : [most, fewest]
}

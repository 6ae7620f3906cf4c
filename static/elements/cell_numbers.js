/**
 * The numbers of a picture of few cells, each in its cell: whole, or none of them. For eyes alone: ears have the cells and the table.
 *
 *   <CellNumbers matrix={...} scale={...} size={{width: 60, height: 28}} />
 *
 * @import { Matrix, Scale } from "../types.js"
 * @import { CellSize } from "../lib/cell_sizes.js"
 */
import { html } from "htm/preact"
import { inkOn } from "../draw/color_scales.js"
import { cellTexts } from "../lib/cell_texts.js"

const LARGE = 13 / 11 // of --text-m to the small print, where cells are high enough

/**
 * @param {{matrix: Matrix, scale: Scale, size: CellSize, most?: number, isAligned?: boolean, isLeftOut?: (at: number) => boolean}} properties
 *   `most` digits, `isAligned` as `cellTexts` has it; what is not finite has its word in the picture itself
 */
export function CellNumbers({ matrix: { cols, data }, scale, size, most, isAligned, isLeftOut }) {
  const large = size.height >= 32 ? cellTexts(data, size.width, { most, zoom: LARGE, isLeftOut }) : null
  const texts = large ?? cellTexts(data, size.width, { most, isAligned, isLeftOut })
  return texts && html`
    <div class="cell-numbers" data-large=${large ? "" : undefined} style=${{ gridTemplateColumns: `repeat(${cols}, ${size.width}px)`, gridAutoRows: `${size.height}px` }} aria-hidden="true">
      ${texts.map((text, at) => html`<span key=${at} data-ink=${inkOn(scale, data[at] ?? 0)}>${text}</span>`)}
    </div>
  `
}

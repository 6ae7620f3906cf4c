/** What the page shows and which keys it knows. */
import { html } from "htm/preact"
import { useEffect, useRef } from "preact/hooks"
import { catalog } from "../state.js"
import { openDialog } from "../view_actions.js"

const keys = [
  ["n", "take the next batch, after the newest step"],
  ["space", "play or pause"],
  ["← →", "one phase back or on"],
  ["page ↑ ↓ in the phases", "from layer to layer"],
  ["shift ← →", "one step back or on"],
  ["g", "go to a step: type its number"],
  ["arrows in a heatmap", "move from cell to cell (shift: ten at a time)"],
  ["← → in the rail of layers", "bring a layer into sight (enter: go into it)"],
  ["t in a heatmap", "jump to the twin in the other lane"],
  ["enter", "keep the cell in the inspector, to walk on from there"],
  ["esc", "let the cell go"],
  ["ctrl z", "undo the last edit (shift: redo)"],
  ["↑ ↓ in a number", "more or less (shift: ten steps, alt: a tenth)"],
  ["?", "this help"],
]

export function Help() {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null))
  useEffect(() => box.current?.showModal(), [])
  return html`
    <dialog class="help" ref=${box} aria-labelledby="help-title" onClose=${() => openDialog("none")}>
      <h2 id="help-title" class="help__title" tabindex="-1" autofocus>How to read the lens</h2>
      <p>Every tensor of one training step stands right above its own gradient. In the upper lane the forward pass runs from left to right; in the lower lane the backward pass runs from right to left.</p>
      <p>Point at a cell: its twin in the other lane lights, with the rows and columns it was computed from. A heatmap's rows are units, its columns are examples, or, for weights, the units they come from. Rows and columns are counted from 0, as in the API.</p>
      <p>Click a cell to keep it. Beside the lens stands where its number came from: the equation with its values, and the terms, each a door to the cells that it is made of. Where a sum is over the examples, a click on one shows its pass alone.</p>
      <p>Under Edit, a chosen cell can be changed: drag its number, and the step is taken again with it. What changes is lit, before, after or as the difference; nothing is kept until you say so.</p>
      <p>${catalog.value?.convention}</p>
      <dl class="help__keys">${keys.map(([key, what]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
      <form method="dialog"><button class="button" data-look="primary">Close</button></form>
    </dialog>
  `
}

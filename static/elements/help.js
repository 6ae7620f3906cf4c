/** What the page shows and which keys it knows. */
import { html } from "htm/preact"
import { useEffect, useRef } from "preact/hooks"
import { namesOf } from "../lib/derivation_names.js"
import { catalog, trace } from "../state.js"
import { openDialog } from "../view_actions.js"
import { Symbol } from "./symbol.js"

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
  ["enter", "keep the cell in the inspector; once more: go there, to walk on"],
  ["esc", "let the cell go, back to its heatmap"],
  ["ctrl z", "undo the last edit (shift: redo)"],
  ["↑ ↓ in a number", "more or less (shift: ten steps, alt: a tenth)"],
  ["?", "this help"],
]

/** What the letters on the page stand for, in the order of the pass. @param {import("../types.js").Trace} now @returns {[unknown, string][]} */
function lettersOf(now) {
  const symbols = (/** @type {string[]} */ tensors) => tensors.map((tensor, at) => html`${at > 0 && ", "}<${Symbol} key=${tensor} tensor=${tensor} />`)
  return [
    [html`<${Symbol} tensor="A" layer=${0} />, <${Symbol} tensor="Y" />`, "the examples of the batch, and their targets"],
    ...namesOf(now).map(({ tensors, meaning }) => /** @type {[unknown, string]} */ ([symbols(tensors), meaning])),
    [html`[<i>l</i>]`, "in brackets above: the layer, from 0, the input, to L, the output"],
    [html`<i>m</i>`, "how many examples are in the batch"],
    ["‖ ‖", "a norm: the root of the sum of the squares of all cells"],
    ["logits", "Z of the output layer, before they become probabilities"],
    ["nats", "what a loss by logarithms is counted in, as bits are by logarithms to the base 2: a guess among 10 equal chances costs ln 10 = 2.303"],
  ]
}

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
      <h3 class="help__part">The letters</h3>
      ${trace.value && html`<dl class="help__letters">${lettersOf(trace.value).map(([names, meaning], at) => html`<div key=${at}><dt>${names}</dt><dd>${meaning}</dd></div>`)}</dl>`}
      <p class="soft">Where each gradient comes from is derived, line by line, on the page <a href="/derivation">Derivation</a>.</p>
      <h3 class="help__part">The keys</h3>
      <dl class="help__keys">${keys.map(([key, what]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
      <form method="dialog"><button class="button" data-look="primary">Close</button></form>
    </dialog>
  `
}

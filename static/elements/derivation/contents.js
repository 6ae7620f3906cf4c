/**
 * The table of contents.
 *
 * @import { Chapter } from "../../lib/derivation_chapters.js"
 * @import { Result } from "../../lib/derivation_results.js"
 */
import { html } from "htm/preact"
import { Symbol } from "../symbol.js"
import { layerName } from "./prose.js"

/** @param {{output: Result[], hidden: Result[], hasUpdate: boolean, chapters: Chapter[]}} properties */
export function Contents({ output, hidden, hasUpdate, chapters }) {
  return html`
    <nav class="contents" aria-label="Contents">
      <p class="eyebrow" aria-hidden="true">Contents</p>
      <ol class="contents__list">
        <li><a href="#setting">The setting</a></li>
        <li><a href="#forward">The forward pass</a></li>
        <li><a href="#output">The output layer</a><${Results} results=${output} /></li>
        ${hidden.length > 0 && html`<li><a href="#hidden">A hidden layer</a><${Results} results=${hidden} /></li>`}
        ${hasUpdate && html`<li><a href="#update">The update</a></li>`}
        <li><a href="#together">All together</a></li>
        <li><a href="#ingredients">Every ingredient</a>
          <ol class="contents__chapters">${chapters.map(({ id, title }) => html`<li key=${id}><a href=${`#${id}`}>${title}</a></li>`)}</ol>
        </li>
      </ol>
    </nav>
  `
}

/** @param {{results: Result[]}} properties */
function Results({ results }) {
  return html`<ol class="contents__results">${results.map(({ anchor, number, phase, layer }) => html`<li key=${anchor}><a href=${`#${anchor}`}>(${number}) <${Symbol} tensor=${phase.tensor} layer=${layerName(layer)} /></a></li>`)}</ol>`
}

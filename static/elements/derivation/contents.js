/**
 * The table of contents.
 *
 * @import { Chapter } from "../../lib/derivation_chapters.js"
 * @import { Result } from "../../lib/derivation_results.js"
 * @import { SessionPhase } from "../../types.js"
 */
import { html } from "htm/preact"
import { useEffect, useRef } from "preact/hooks"
import { chapterRead } from "../../derivation_state.js"
import { Symbol } from "../symbol.js"
import { layerName } from "./prose.js"

/** @param {{output: Result[], hidden: Result[], updates: SessionPhase[], chapters: Chapter[]}} properties */
export function Contents({ output, hidden, updates, chapters }) {
  const nav = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => {
    const line = nav.current?.querySelector("[aria-current]")
    // only this list moves: to scroll the line itself into view would move the page
    if (nav.current && line instanceof HTMLElement) nav.current.scrollTop = line.offsetTop - nav.current.clientHeight / 3
  }, [chapterRead.value])
  return html`
    <nav class="contents" aria-label="Contents" ref=${nav}>
      <p class="eyebrow" aria-hidden="true">Contents</p>
      <ol class="contents__list">
        <li><a href="#setting">The setting</a></li>
        <li><a href="#forward">The forward pass</a></li>
        <li><a href="#output">The output layer</a><${Results} results=${output} /></li>
        ${hidden.length > 0 && html`<li><a href="#hidden">A hidden layer</a><${Results} results=${hidden} /></li>`}
        ${updates.length > 0 && html`<li><a href="#update">The update</a><${Updates} phases=${updates} /></li>`}
        <li><a href="#together">All together</a></li>
        <li><a href="#ingredients">Every ingredient</a>
          <ol class="contents__chapters">${chapters.map((chapter) => html`<${ChapterLine} key=${chapter.id} chapter=${chapter} />`)}</ol>
        </li>
      </ol>
    </nav>
  `
}

/** @param {{phases: SessionPhase[]}} properties */
function Updates({ phases }) {
  return html`<ol class="contents__updates">${phases.map(({ tensor, key }) => html`<li key=${key}><a href=${`#update-${tensor}`}><${Symbol} tensor=${tensor} layer=${layerName("l")} /></a></li>`)}</ol>`
}

/** A chapter and, while it is read, its ingredients: all of them at once would be four screens of names. @param {{chapter: Chapter}} properties */
function ChapterLine({ chapter: { id, title, entries } }) {
  const isRead = chapterRead.value === id
  return html`
    <li>
      <a href=${`#${id}`} aria-current=${isRead ? "location" : undefined}>${title}</a>
      ${isRead && entries.length > 1 && html`<ol class="contents__entries">${entries.map(({ anchor, entry }) => html`<li key=${anchor}><a href=${`#${anchor}`}>${entry.title}</a></li>`)}</ol>`}
    </li>
  `
}

/** @param {{results: Result[]}} properties */
function Results({ results }) {
  return html`<ol class="contents__results">${results.map(({ anchor, number, phase, layer }) => html`<li key=${anchor}><a href=${`#${anchor}`}>(${number}) <${Symbol} tensor=${phase.tensor} layer=${layerName(layer)} /></a></li>`)}</ol>`
}

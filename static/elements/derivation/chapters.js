/**
 * Every ingredient of the catalogue with its equations and what leads to them, a chapter for each family.
 *
 *   <Chapters chapters={chaptersOf(catalog)} />
 *
 * @import { Chapter, ChapterEntry, Derived, Step } from "../../lib/derivation_chapters.js"
 */
import { useComputed } from "@preact/signals"
import { html } from "htm/preact"
import { typesetEntries } from "../../derivation_state.js"
import { placeOfShared } from "../../lib/derivation_chapters.js"
import { lettersOf } from "../../lib/derivation_results.js"
import { mark } from "../../lib/notation.js"
import { catalog } from "../../state.js"
import { Equation } from "../equation.js"
import { Symbol } from "../symbol.js"
import { layerName, Prose } from "./prose.js"
import { Steps, Why } from "./result.js"
import { Wide } from "../wide.js"

/** @param {{chapters: Chapter[]}} properties */
export function Chapters({ chapters }) {
  return html`
    <section id="ingredients" aria-labelledby="ingredients-title">
      <h2 id="ingredients-title">Every ingredient</h2>
      <p>The derivation above is that of one network. What follows are the parts that networks are made of here, each with its equations and what leads to them, in letters that hold for any layer: <em>l</em> for a layer, <em>L</em> for the last one, <em>n</em> for the number of the step where there is one.</p>
      <p class="convention"><${Prose} text=${catalog.value?.convention ?? ""} /></p>
    </section>
    ${chapters.map((chapter) => html`<${ChapterOf} key=${chapter.id} chapter=${chapter} />`)}
  `
}

/** @param {{chapter: Chapter}} properties */
function ChapterOf({ chapter: { id, title, lead, shared, entries } }) {
  return html`
    <section class="chapter" id=${id} aria-labelledby=${`${id}-title`}>
      <h2 id=${`${id}-title`}>${title}</h2>
      <p><${Prose} text=${lead} /></p>
      ${entries.length > 1 && html`<ul class="chapter__entries" aria-label=${`In this chapter: ${title}`}>${entries.map(({ anchor, entry }) => html`<li key=${anchor}><a href=${`#${anchor}`}>${entry.title}</a></li>`)}</ul>`}
      ${shared.length > 0 && html`<${Shared} id=${id} shared=${shared} place=${entries[0]?.place ?? 0} />`}
      ${entries.map((one) => html`<${Ingredient} key=${one.anchor} one=${one} id=${id} shared=${shared} />`)}
    </section>
  `
}

/** Steps that most of a chapter have, with letters to refer to. @param {{id: string, shared: Step[], place: number}} properties */
function Shared({ id, shared, place }) {
  const isTypeset = useComputed(() => typesetEntries.value > place)
  return html`
    <ol class="chapter__shared">
      ${shared.map((step, at) => html`
        <li key=${at} id=${sharedAnchor(id, at)}>
          <span class="result__number">(${letterAt(at)})</span>
          <${Steps} lines=${[isTypeset.value ? step : { ...step, latex: "" }]} own=${[]} label=${`Step ${letterAt(at)}`} />
        </li>
      `)}
    </ol>
  `
}

/** @param {number} at from 0 */
const letterAt = (at) => String.fromCharCode(97 + at)

/** @param {string} id of the chapter @param {number} at */
const sharedAnchor = (id, at) => `${id}-step-${letterAt(at)}`

/** @param {{one: ChapterEntry, id: string, shared: Step[]}} properties */
function Ingredient({ one: { anchor, kind, entry, derived, place }, id, shared }) {
  const isTypeset = useComputed(() => typesetEntries.value > place)
  const lettered = entry.parameters.filter(({ symbol }) => symbol !== "")
  const own = lettersOf(entry)
  return html`
    <div class="ingredient" id=${anchor} data-typeset=${isTypeset.value}>
      <h3 class="result__title" id=${`${anchor}-title`}>${entry.title}${kind && html`<span class="visually-hidden">: </span><span class="result__about soft">${kind}</span>`}</h3>
      <p><${Prose} text=${entry.description} own=${own} /></p>
      ${isTypeset.value && html`
        ${lettered.length > 0 && html`<p class="ingredient__letters soft">${lettered.map(({ name, symbol, help }, at) => html`${at > 0 && "; "}<${Equation} key=${name} latex=${symbol} /> (<${Prose} text=${help} own=${own} />)`)}.</p>`}
        ${derived.map((equation) => html`<${DerivedEquation} key=${equation.name} derived=${equation} id=${id} shared=${shared} own=${own} title=${entry.title} isNamed=${derived.length > 1 && equation.equation.derivation.length > 0} />`)}
      `}
      <p class="ingredient__source soft">${entry.source}</p>
    </div>
  `
}

/** @param {{derived: Derived, id: string, shared: Step[], own: string[], title: string, isNamed: boolean}} properties */
function DerivedEquation({ derived: { name, equation, alike }, id, shared, own, title, isNamed }) {
  const label = `${title}, ${name.replace("_next", "")}`
  return html`
    <div class="ingredient__equation">
      ${isNamed && html`<h4 class="ingredient__name"><${Symbol} tensor=${name} layer=${layerName(equation.whole.includes("[L]") ? "L" : "l")} /></h4>`}
      ${partsOf(equation.derivation, shared).map(({ steps, letter }, at) => letter < 0
        ? html`<${Steps} key=${at} lines=${steps} own=${own} label=${label} />`
        : html`<p key=${at} class="ingredient__like">Step <a href=${`#${sharedAnchor(id, letter)}`}>(${letterAt(letter)})</a>, as in most of this chapter.</p>`)}
      <div class="result__equation"><${Wide} label=${label}><${Equation} latex=${mark(null, equation.whole)} display /></${Wide}></div>
      <${Why} equation=${equation} own=${own} />
      ${alike.length > 0 && html`<p class="soft">The same holds for ${alike.map((other, at) => html`${at > 0 && (at === alike.length - 1 ? " and " : ", ")}<${Symbol} key=${other} tensor=${other} layer=${layerName("l")} />`)}, with their letters.</p>`}
    </div>
  `
}

/** A derivation, its steps that are told elsewhere apart. @param {Step[]} steps @param {Step[]} shared @returns {{steps: Step[], letter: number}[]} */
function partsOf(steps, shared) {
  const parts = /** @type {{steps: Step[], letter: number}[]} */ ([])
  for (const step of steps) {
    const letter = placeOfShared(shared, step)
    const before = parts.at(-1)
    if (letter < 0 && before && before.letter < 0) before.steps.push(step)
    else parts.push({ steps: [step], letter })
  }
  return parts
}

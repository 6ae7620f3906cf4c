/**
 * A name that somebody else gave, such as a class of a CSV file: as much of it as there is room for, and all of it for who points at it or hears it.
 *
 *   <LongName of="Iris versicolor" />
 */
import { html } from "htm/preact"

/** @param {{of: string}} properties */
export const LongName = ({ of: name }) => html`<span class="long-name" title=${name}>${name}</span>`

/** The same inside a drawing, where CSS shortens nothing: the content of a <text>. @param {{of: string, most: number}} properties `most`: characters */
export const LongText = ({ of: name, most }) => (name.length <= most ? name : html`${name.slice(0, most - 1)}…<title>${name}</title>`)

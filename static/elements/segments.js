/**
 * One of a few, side by side: a radio group, so the arrow keys choose.
 *
 *   <Segments title="Show" name="view" value="after" options={[["before", "Before"], ...]} onChoose={...} />
 */
import { html } from "htm/preact"

/** @param {{title: string, name: string, value: string, options: [string, string][], onChoose: (value: any) => void}} properties */
export function Segments({ title, name, value, options, onChoose }) {
  return html`
    <fieldset class="segments">
      <legend class="visually-hidden">${title}</legend>
      ${options.map(([option, text]) => html`
        <label key=${option} class="segments__option"><input type="radio" name=${name} value=${option} checked=${value === option} onChange=${() => onChoose(option)} /><span>${text}</span></label>
      `)}
    </fieldset>
  `
}

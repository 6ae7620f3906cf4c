/**
 * Experiments to begin with: each one click, and an address of its own that can be passed on.
 *
 * @import { Preset } from "../../types.js"
 */
import { html } from "htm/preact"

/** @param {{presets: Preset[], isBusy: boolean, onOpen: (name: string) => void}} properties */
export function Presets({ presets, isBusy, onOpen }) {
  if (presets.length === 0) return null
  /** @param {MouseEvent} event @param {string} name */
  const open = (event, name) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return // a tab or a window of its own
    event.preventDefault()
    if (!isBusy) onOpen(name)
  }
  return html`
    <section class="presets" aria-labelledby="presets-title">
      <h3 class="eyebrow" id="presets-title">Presets <span class="presets__hint">${presets.length} experiments, one click each</span></h3>
      <ul class="presets__list" tabindex="0" aria-label="Presets">
        ${presets.map(
          ({ name, title, look_for }) => html`
            <li key=${name}>
              <a class="presets__preset" href=${`/?preset=${name}`} aria-disabled=${isBusy ? "true" : undefined} onClick=${(/** @type {MouseEvent} */ event) => open(event, name)}>
                <strong>${title}</strong>
                <span>${look_for}</span>
              </a>
            </li>
          `,
        )}
      </ul>
    </section>
  `
}

/**
 * Experiments to begin with: each one click, and an address of its own that can be passed on.
 *
 * @import { Preset } from "../../types.js"
 */
import { html } from "htm/preact"
import { useState } from "preact/hooks"

/** @param {{presets: Preset[], isBusy: boolean, onOpen: (name: string) => void}} properties */
export function Presets({ presets, isBusy, onOpen }) {
  const [looked, setLooked] = useState(/** @type {Preset | null} */ (null))
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
      <ul class="presets__list" aria-label="Presets">
        ${presets.map((preset) => {
          const { name, title, look_for } = preset
          return html`
            <li key=${name}>
              <a
                class="presets__preset"
                href=${`/?preset=${name}`}
                aria-disabled=${isBusy ? "true" : undefined}
                aria-describedby=${`preset-${name}`}
                onClick=${(/** @type {MouseEvent} */ event) => open(event, name)}
                onPointerEnter=${() => setLooked(preset)}
                onFocus=${() => setLooked(preset)}
              >${title}</a>
              <span class="visually-hidden presets__words" id=${`preset-${name}`}>${look_for}</span>
            </li>
          `
        })}
      </ul>
      <p class="presets__look" aria-hidden="true">${looked ? html`<strong>${looked.title}.</strong> ${looked.look_for}` : html`<span class="soft">Point at one to read what is to be seen in it.</span>`}</p>
    </section>
  `
}

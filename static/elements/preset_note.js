/** What to look for in the preset that was opened, until it is put away or another run is opened. */
import { html } from "htm/preact"
import { leavePreset } from "../preset_actions.js"
import { preset, session } from "../state.js"

export function PresetNote() {
  const now = preset.value
  if (!now || now.session !== session.value?.id) return null
  return html`
    <aside class="preset-note" aria-label="What to look for">
      <p><strong>${now.title}.</strong> ${now.look_for}</p>
      <button class="button" data-look="plain" aria-label="Put this note away" onClick=${leavePreset}>×</button>
    </aside>
  `
}

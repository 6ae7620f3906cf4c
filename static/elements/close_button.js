/**
 * Puts a notice away.
 *
 *   <CloseButton onClose={forget} />
 */
import { html } from "htm/preact"

/** @param {{onClose: () => void}} properties */
export const CloseButton = ({ onClose }) => html`<button class="button notice__close" data-look="plain" aria-label="Close" title="Close" onClick=${onClose}>×</button>`

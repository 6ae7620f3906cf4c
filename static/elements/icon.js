/**
 * The signs of what steps and plays.
 *
 *   <Icon name="next" />
 */
import { html } from "htm/preact"

const paths = {
  play: "M4 2.5v11l9.5-5.5z",
  pause: "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z",
  next: "M2.5 2.5v11l8-5.5zM11.5 2.5h2v11h-2z",
  back: "M13.5 2.5v11l-8-5.5zM2.5 2.5h2v11h-2z",
}

/** @param {{name: keyof typeof paths}} properties */
export function Icon({ name }) {
  return html`<svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d=${paths[name]} fill="currentColor" /></svg>`
}

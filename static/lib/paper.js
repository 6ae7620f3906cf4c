/** Pixels of a line on A4 or Letter between their margins. */
export const PAPER = 690

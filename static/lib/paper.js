/** Pixels of a line on A4 between the margins of its sheet (`@page`); Letter has some more. */
export const PAPER = 670

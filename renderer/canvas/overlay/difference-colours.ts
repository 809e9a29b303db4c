/** Membrane here alone, and only in what is compared with: of two versions, and of mask and truth. Legends show the same. */
export const GAINED = '#cc79a7';
export const LOST = '#0072b2';

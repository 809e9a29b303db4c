import { MAX_GAMMA, MIN_GAMMA } from '#contract/entities';
import type { ContrastWindow } from './contrast-window';

/** Position 0…1 of a gamma on its slider, and back: logarithmic, 1 in the middle, where it holds fast. */
export function gammaToSlider(gamma: number): number {
  return Math.log(gamma / MIN_GAMMA) / Math.log(MAX_GAMMA / MIN_GAMMA);
}
export function sliderToGamma(position: number): number {
  const gamma = MIN_GAMMA * (MAX_GAMMA / MIN_GAMMA) ** Math.min(1, Math.max(0, position));
  return Math.abs(gamma - 1) < 0.04 ? 1 : Math.round(gamma * 100) / 100;
}

/** A window with one end typed by hand. An end that passes the other pushes it along: white stays above black. */
export function typedWindow(
  { min, max }: ContrastWindow,
  change: { readonly min: number } | { readonly max: number },
): ContrastWindow {
  const span = max > min ? max - min : 1;
  if ('min' in change) return { min: change.min, max: max > change.min ? max : change.min + span };
  return { min: min < change.max ? min : change.max - span, max: change.max };
}

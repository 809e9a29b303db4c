/** When training ends. */
export type StopRule =
  | { readonly kind: 'steps'; readonly steps: number }
  /** Wall-clock time of training alone, with a limit of steps. */
  | { readonly kind: 'minutes'; readonly minutes: number; readonly mostSteps: number };

/** Learning rate at a share of the run in [0, 1]: linear warm-up, then half a cosine down to 0. */
export function learningRateAt(progress: number, peak: number, warmUp: number): number {
  if (progress < warmUp) return peak * (progress / warmUp);
  return (peak / 2) * (1 + Math.cos(Math.PI * Math.min(1, (progress - warmUp) / (1 - warmUp))));
}

/** How much of the run lies behind, in [0, 1]. */
export function progressOf(stop: StopRule, step: number, seconds: number): number {
  switch (stop.kind) {
    case 'steps':
      return Math.min(1, step / stop.steps);
    case 'minutes':
      return Math.min(1, Math.max(seconds / (stop.minutes * 60), step / stop.mostSteps));
  }
}

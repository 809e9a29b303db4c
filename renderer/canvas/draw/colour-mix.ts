/** A colour in the making: channels 0…255, not premultiplied, and what it covers (0…1). */
export interface Mix {
  red: number;
  green: number;
  blue: number;
  alpha: number;
}

export function emptyMix(): Mix {
  return { red: 0, green: 0, blue: 0, alpha: 0 };
}

/** Red, green and blue of `#rrggbb`. */
export function channelsOf(colour: string): readonly [number, number, number] {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return [(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255];
}

/** Lays a colour over what is there (source over). */
export function lay(mix: Mix, colour: string, alpha: number): void {
  layChannels(mix, channelsOf(colour), alpha);
}

export function layChannels(
  mix: Mix,
  [red, green, blue]: readonly [number, number, number],
  alpha: number,
): void {
  if (alpha <= 0) return;
  const sum = alpha + mix.alpha * (1 - alpha);
  const share = alpha / sum;
  mix.red += (red - mix.red) * share;
  mix.green += (green - mix.green) * share;
  mix.blue += (blue - mix.blue) * share;
  mix.alpha = sum;
}

/** As a pixel of an ImageData read as 32-bit little-endian words. */
export function pack(mix: Mix): number {
  return (
    ((Math.round(mix.alpha * 255) << 24) |
      (Math.round(mix.blue) << 16) |
      (Math.round(mix.green) << 8) |
      Math.round(mix.red)) >>>
    0
  );
}

/** Lays a colour over a packed pixel. */
export function layOverPacked(
  pixel: number,
  channels: readonly [number, number, number],
  alpha: number,
): number {
  const mix = {
    red: pixel & 255,
    green: (pixel >>> 8) & 255,
    blue: (pixel >>> 16) & 255,
    alpha: (pixel >>> 24) / 255,
  };
  layChannels(mix, channels, alpha);
  return pack(mix);
}

/** A colour `share` (0…1) of the way from one to another. */
export function between(
  from: string,
  to: string,
  share: number,
): readonly [number, number, number] {
  const [a, b] = [channelsOf(from), channelsOf(to)];
  const at = (i: 0 | 1 | 2): number => a[i] + (b[i] - a[i]) * share;
  return [at(0), at(1), at(2)];
}

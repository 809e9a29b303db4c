import { Conditioning, noConditioning } from './entities';

/**
 * A conditioning as a line: `none`, or what is done, such as
 * `invert,flat=64,smooth=1.5,scale=2`.
 */
export function formatConditioning({
  inverted,
  scale,
  flatField,
  smoothing,
}: Conditioning): string {
  const parts = [
    inverted ? 'invert' : '',
    flatField > 0 ? `flat=${String(flatField)}` : '',
    smoothing > 0 ? `smooth=${String(smoothing)}` : '',
    scale === 1 ? '' : `scale=${String(scale)}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'none' : parts.join(',');
}

const names: Readonly<Record<string, 'flatField' | 'smoothing' | 'scale'>> = {
  flat: 'flatField',
  smooth: 'smoothing',
  scale: 'scale',
};

/** The conditioning that a line names; null where it is none of `formatConditioning`, or out of range. */
export function parseConditioning(text: string): Conditioning | null {
  if (text === 'none') return noConditioning;
  let result: Conditioning = noConditioning;
  for (const part of text.split(',')) {
    const [word = '', value, ...rest] = part.trim().split('=');
    if (rest.length > 0) return null;
    if (word === 'invert' && value === undefined) result = { ...result, inverted: true };
    else {
      const key = names[word];
      if (key === undefined || value === undefined || value.trim() === '') return null;
      result = { ...result, [key]: Number(value) };
    }
  }
  return Conditioning.safeParse(result).data ?? null;
}

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

const names: ReadonlyMap<string, 'flatField' | 'smoothing' | 'scale'> = new Map([
  ['flat', 'flatField'],
  ['smooth', 'smoothing'],
  ['scale', 'scale'],
]);

/** The conditioning that a line names; null where it is none of `formatConditioning`, or out of range. */
export function parseConditioning(text: string): Conditioning | null {
  if (text === 'none') return noConditioning;
  let result: Conditioning = noConditioning;
  const said = new Set<string>();
  for (const part of text.split(',')) {
    const [word = '', value, ...rest] = part.trim().split('=');
    // Said twice, nobody knows which is meant.
    if (rest.length > 0 || said.has(word)) return null;
    said.add(word);
    if (word === 'invert' && value === undefined) result = { ...result, inverted: true };
    else {
      const key = names.get(word);
      if (key === undefined || value === undefined || !/^\d+(\.\d+)?$/.test(value.trim()))
        return null;
      result = { ...result, [key]: Number(value) };
    }
  }
  return Conditioning.safeParse(result).data ?? null;
}

import type { AskedRange } from '../../compute/requests';
import { usageError } from '../arguments';

/**
 * The range of a prediction as it is typed: `auto`, `logits`, or two numbers as in `0-255` and `-128-127`.
 * @throws MembranaError usage
 */
export function askedRange(text: string | null): AskedRange {
  if (text === null || text === 'auto') return { kind: 'auto' };
  if (text === 'logits') return { kind: 'logits' };
  const match = /^(-?[\d.]+(?:e-?\d+)?)-(-?[\d.]+(?:e-?\d+)?)$/i.exec(text);
  const from = Number(match?.[1] ?? Number.NaN);
  const to = Number(match?.[2] ?? Number.NaN);
  if (!Number.isFinite(from) || !Number.isFinite(to) || from === to)
    throw usageError(
      `--range is "${text}"; give two different numbers as in 0-255, logits or auto.`,
      'evaluate',
    );
  return { kind: 'linear', from, to };
}

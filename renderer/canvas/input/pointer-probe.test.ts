import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PointerProbe } from './pointer-probe';
import type { PointerInfo } from '../view-types';

const labels = { width: 8, height: 8, labelAt: () => 0 };

/** A picture whose probability is here once it was fetched; `raw` may be here from the start. */
function picture(raw: number | null) {
  let here = false;
  return {
    rawAt: () => raw ?? (here ? 7 : null),
    cellsAt: () => [],
    probabilityAt: () => (here ? 0.25 : null),
    inspect: () => {
      here = true;
      return Promise.resolve();
    },
  };
}

describe('the pixel under the pointer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  for (const raw of [null, 7])
    it(`is told with its probability when the pointer rests, its raw value being ${raw === null ? 'away' : 'here'}`, async () => {
      const told: (PointerInfo | null)[] = [];
      const probe = new PointerProbe((info) => told.push(info));
      probe.ask(picture(raw), labels, 0, { x: 2.5, y: 3.5 });
      expect(told.at(-1)).toMatchObject({ x: 2, y: 3, probability: null });
      await vi.runAllTimersAsync();
      expect(told.at(-1)).toMatchObject({ x: 2, y: 3, raw: 7, probability: 0.25 });
    });
});

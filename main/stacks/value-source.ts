import { labelRegion } from './label-values';
import type { StackSource } from './stack-source';

const plainGrey = { kind: 'grey', stored: 'grey', alpha: null } as const;

/**
 * Where a stack has one value: 255 there and 0 elsewhere, so that halving
 * gives the covered share of a pixel. Regions are read at level 0; what could
 * not be read is 0. Closing it closes the stack behind it.
 */
export function valueSource(source: StackSource, value: number): StackSource {
  return {
    info: { ...source.info, type: 'uint8', samples: 1, meaning: plainGrey },
    readUnit: source.readUnit,
    // Of ids no mean can be taken: what another program made of them is not read.
    levels: [0],
    async readRegion(z, rect, level, signal) {
      const region = await source.readRegion(z, rect, level, signal);
      const { width, height, bad } = region;
      const { values } = labelRegion(region, source.info.meaning);
      const mask = new Uint8Array(width * height);
      for (let at = 0; at < mask.length; at += 1) mask[at] = Number(values[at]) === value ? 255 : 0;
      for (const block of bad)
        for (let y = block.y; y < block.y + block.height; y += 1)
          mask.fill(0, y * width + block.x, y * width + block.x + block.width);
      return { type: 'uint8', samples: 1, width, height, data: mask, bad };
    },
    pageState: (z, decode, signal) => source.pageState(z, decode, signal),
    reference: () => source.reference(),
    close: () => source.close(),
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkName, chunksIn } from './chunk-grid';

const side = fc.integer({ min: 1, max: 40 });
const chunk = fc.record({ z: fc.integer({ min: 1, max: 5 }), y: side, x: side });

describe('the chunks that a part of a slice meets', () => {
  it('cover each of its pixels once, and nothing beside it', () => {
    fc.assert(
      fc.property(
        chunk,
        fc.record({ x: fc.nat(50), y: fc.nat(50), width: side, height: side }),
        fc.nat(9),
        (size, rect, z) => {
          const level = { halvings: 1, shape: { z: 10, y: 90, x: 90 }, chunk: size };
          const seen = new Map<string, string>();
          for (const { key, rect: place, seen: part } of chunksIn(level, z, rect, 2)) {
            expect(key).toMatchObject({ level: 1, channel: 2, z: Math.floor(z / size.z) });
            for (let y = part.y; y < part.y + part.height; y += 1)
              for (let x = part.x; x < part.x + part.width; x += 1) {
                expect([place.x <= x, x < place.x + size.x]).toEqual([true, true]);
                expect([Math.floor(y / size.y), Math.floor(x / size.x)]).toEqual([key.y, key.x]);
                expect(seen.has(`${x}/${y}`)).toBe(false);
                seen.set(`${x}/${y}`, chunkName(key));
              }
          }
          expect(seen.size).toBe(rect.width * rect.height);
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, painted, UNTOUCHED } from '#contract/label-byte';
import { TILE_PIXELS } from '#contract/tiles';
import { opened, paint } from '#labels/testing/small-session';
import { confirmShown } from './confirm-shown';

const MITO = 3;
const region = { kind: 'slice' } as const;
const { signal } = new AbortController();

/** One tile: membrane at its first row's even columns, a class over its first 40 columns. */
function pictureWith(found: boolean) {
  const mask = new Uint8Array(TILE_PIXELS);
  const own = new Uint8Array(TILE_PIXELS);
  for (let x = 0; x < 40; x += 1) own[x] = MITO;
  for (let x = 0; x < 60; x += 2) mask[x] = 255;
  return {
    maskTiles: () => Promise.resolve(new Map([[0, mask]])),
    classTiles: () => Promise.resolve(new Map(found ? [[0, own]] : [])),
  };
}

describe('confirming what is shown', () => {
  it('writes membrane first, then a class of one’s own, else interior; what was painted stays', async () => {
    const session = await opened();
    paint(session, [{ x: 10, y: 0 }], { label: painted(INTERIOR), radius: 0.5 });
    const picture = pictureWith(true);
    await confirmShown({ session, picture, z: 0, region, from: 128, signal });
    const at = (x: number): number | undefined => session.tiles.labelAt(0, x, 0);
    expect([at(0), at(1), at(10)]).toEqual([confirmed(MEMBRANE), confirmed(MITO), INTERIOR]);
    expect([at(50), at(51)]).toEqual([confirmed(MEMBRANE), confirmed(INTERIOR)]);
    // A tile without a prediction is left alone.
    expect(at(600)).toBe(UNTOUCHED);
  });

  it('makes a class of interior that was confirmed before the model knew the class, and one undo takes that back', async () => {
    const session = await opened();
    const at = (x: number): number | undefined => session.tiles.labelAt(0, x, 0);
    await confirmShown({ session, picture: pictureWith(false), z: 0, region, from: 128, signal });
    expect([at(0), at(1)]).toEqual([confirmed(MEMBRANE), confirmed(INTERIOR)]);
    const changed = await confirmShown({
      ...{ session, picture: pictureWith(true), z: 0, region, from: 128, signal },
    });
    expect(changed).toBe(20);
    expect([at(0), at(1), at(41)]).toEqual([
      ...[confirmed(MEMBRANE), confirmed(MITO)],
      confirmed(INTERIOR),
    ]);
    session.undo();
    expect(at(1)).toBe(confirmed(INTERIOR));
  });
});

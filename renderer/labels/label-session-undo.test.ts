import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INTERIOR, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import { TILE_PIXELS } from '#contract/tiles';
import { MemoryDisk } from './memory-disk';
import { polygonArea } from './operations/polygon';
import { everywhere } from './paint-mode';
import {
  everything,
  HEIGHT,
  membraneLocked,
  onlyUntouched,
  opened,
  paint,
  same,
  snapshot,
  WIDTH,
} from './testing/small-session';

/** One thing a person does. */
const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('stroke' as const),
      z: fc.nat(2),
      x: fc.double({ min: -20, max: WIDTH + 20, noNaN: true }),
      y: fc.double({ min: -20, max: HEIGHT + 20, noNaN: true }),
      dx: fc.double({ min: -90, max: 90, noNaN: true }),
      dy: fc.double({ min: -90, max: 90, noNaN: true }),
      radius: fc.double({ min: 0.5, max: 40, noNaN: true }),
      label: fc.constantFrom(UNTOUCHED, INTERIOR, MEMBRANE),
      rule: fc.constantFrom(everywhere, onlyUntouched),
      abort: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('confirm' as const),
      z: fc.nat(2),
      x: fc.nat(WIDTH),
      y: fc.nat(HEIGHT),
      size: fc.integer({ min: 1, max: 200 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('fill' as const, 'unreview' as const),
      z: fc.nat(2),
      corners: fc.array(fc.record({ x: fc.nat(WIDTH), y: fc.nat(HEIGHT) }), {
        minLength: 3,
        maxLength: 5,
      }),
      label: fc.constantFrom(UNTOUCHED, INTERIOR, MEMBRANE, VOID),
      rule: fc.constantFrom(everywhere, onlyUntouched, membraneLocked),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const) }) },
);

describe('undo and redo', () => {
  it('lead back to the start and to the end again over 500 random steps, and a reopened session goes on from there', async () => {
    const [steps] = fc.sample(fc.array(operation, { minLength: 500, maxLength: 500 }), {
      numRuns: 1,
      seed: 20_26,
    });
    const disk = new MemoryDisk();
    const session = await opened(disk);
    const start = snapshot(session);
    const stripes = Uint8Array.from({ length: TILE_PIXELS }, (_, i) => 1 + ((i >> 4) & 1));
    for (const step of steps ?? []) {
      switch (step.kind) {
        case 'stroke': {
          const { z, label, radius, rule, x, y } = step;
          const stroke = session.beginStroke({ z, label, radius, rule, name: 'Brush' });
          stroke.extend([
            { x, y },
            { x: x + step.dx, y: y + step.dy },
          ]);
          stroke.extend([{ x: x + step.dx, y: y - step.dy }]);
          if (step.abort) stroke.abort();
          else stroke.commit();
          break;
        }
        case 'confirm': {
          const rect = { x: step.x, y: step.y, width: step.size, height: step.size };
          session.confirm(step.z, { kind: 'rectangle', rect }, () => stripes);
          break;
        }
        case 'fill':
        case 'unreview': {
          const { z, label, rule } = step;
          const area = polygonArea(step.corners, everything);
          if (step.kind === 'fill') session.paint(z, 'Fill', area, label, rule);
          else session.unreview(z, 'Un-review', area, rule.locked);
          break;
        }
        case 'undo':
          session.undo();
          break;
        case 'redo':
          session.redo();
          break;
      }
    }
    while (session.redo());
    const end = snapshot(session);
    expect(same(start, end)).toBe(false);
    let undone = 0;
    while (session.undo()) undone += 1;
    expect(undone).toBeGreaterThan(50);
    expect(same(snapshot(session), start)).toBe(true);
    while (session.redo());
    expect(same(snapshot(session), end)).toBe(true);
    session.undo();
    session.undo();
    const [undoName, redoName, now] = [session.undoName, session.redoName, snapshot(session)];
    await session.flushed();

    const reopened = await opened(disk);
    expect(same(snapshot(reopened), now)).toBe(true);
    reopened.restoreHistory(disk.recorded());
    expect([reopened.undoName, reopened.redoName]).toEqual([undoName, redoName]);
    while (reopened.redo());
    expect(same(snapshot(reopened), end)).toBe(true);
    while (reopened.undo());
    expect(same(snapshot(reopened), start)).toBe(true);
  });

  it('come in beneath what was painted before the journal was read', async () => {
    const disk = new MemoryDisk();
    const first = await opened(disk);
    paint(first, [{ x: 100, y: 100 }], { label: INTERIOR });
    paint(first, [{ x: 400, y: 100 }], { label: INTERIOR });
    first.undo();
    await first.flushed();

    const session = await opened(disk);
    paint(session, [{ x: 100, y: 100 }], { label: MEMBRANE, radius: 20 });
    paint(session, [{ x: 600, y: 100 }]);
    session.undo();
    await session.flushed();
    // By now the journal has this session's strokes too: they are not to come twice.
    session.restoreHistory(disk.recorded());
    expect([session.undoName, session.redoName]).toEqual(['Brush', 'Brush']);
    session.undo();
    expect(session.tiles.labelAt(0, 100, 100)).toBe(INTERIOR);
    session.undo();
    expect(session.tiles.labelAt(0, 100, 100)).toBe(UNTOUCHED);
    expect(session.undo()).toBeNull();
    let redone = 0;
    while (session.redo()) redone += 1;
    // What the first session had taken back is gone since a new stroke was painted.
    expect(redone).toBe(3);
    expect(session.tiles.labelAt(0, 400, 100)).toBe(UNTOUCHED);
    expect(session.tiles.labelAt(0, 600, 100)).toBe(MEMBRANE);
  });

  it('reach slices that are not loaded, and what is loaded later shows it', async () => {
    const disk = new MemoryDisk();
    const first = await opened(disk);
    paint(first, [{ x: 100, y: 100 }], { z: 1 });
    await first.flushed();
    const session = disk.session(WIDTH, HEIGHT);
    session.restoreHistory(disk.recorded());
    const loading = session.load(1, everything);
    expect(session.undo()).toMatchObject({ z: 1 });
    await loading;
    expect(session.tiles.labelAt(1, 100, 100)).toBe(UNTOUCHED);
    await session.flushed();
    expect(disk.tile(1, 0, 0)?.every((value) => value === 0)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { MEMBRANE, painted } from '#contract/label-byte';
import { planeExtent, placeIn, voxelOf, type PlaneAxis } from '#contract/planes';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import type { LabelSession } from './label-session';
import { MemoryDisk } from './memory-disk';
import { everywhere, type PaintRule } from './paint-mode';
import { PlaneLabels } from './plane-labels';
import type { Point } from './rasterize';

const stack = { width: 600, height: 40, depth: 30 };
const label = painted(MEMBRANE);
/** A slice is as thick as four of its pixels are wide. */
const THICK = 4;

interface Scene {
  readonly disk: MemoryDisk;
  readonly session: LabelSession;
  readonly plane: PlaneLabels;
  /** Planes fetched so far. */
  readonly fetched: number[];
}

/** Planes as the owner of the disk puts them together: from the tiles of the slices. */
function scene(axis: PlaneAxis, disk = new MemoryDisk()): Scene {
  const session = disk.session(stack.width, stack.height);
  const { width, height } = planeExtent(axis, stack);
  const fetched: number[] = [];
  const plane = new PlaneLabels({
    session,
    axis,
    stack,
    stretch: axis === 'xz' ? { x: 1, y: THICK } : { x: THICK, y: 1 },
    fetchTile: (index, tx, ty) => {
      fetched.push(index);
      const tile = new Uint8Array(TILE_PIXELS);
      for (let y = ty * TILE_SIZE; y < Math.min(height, (ty + 1) * TILE_SIZE); y += 1)
        for (let x = tx * TILE_SIZE; x < Math.min(width, (tx + 1) * TILE_SIZE); x += 1) {
          const voxel = voxelOf(axis, index, x, y);
          tile[(y % TILE_SIZE) * TILE_SIZE + (x % TILE_SIZE)] = onDisk(disk, voxel) ?? 0;
        }
      return Promise.resolve(tile.some(Boolean) ? tile : null);
    },
  });
  return { disk, session, plane, fetched };
}

function onDisk(disk: MemoryDisk, { x, y, z }: ReturnType<typeof voxelOf>): number | undefined {
  return disk.tile(z, Math.floor(x / TILE_SIZE), Math.floor(y / TILE_SIZE))?.[
    (y % TILE_SIZE) * TILE_SIZE + (x % TILE_SIZE)
  ];
}

const everything = { x: 0, y: 0, width: 10_000, height: 10_000 };

function stroke(
  { plane }: Scene,
  index: number,
  points: Point[],
  radius: number,
  rule: PaintRule = everywhere,
): boolean {
  const open = plane.beginStroke({ z: index, radius, name: 'Brush', label, rule });
  open.extend(points);
  return open.commit();
}

/** The voxels that carry a label, as the slices of the session have them. */
async function labelled(session: LabelSession): Promise<string[]> {
  const found: string[] = [];
  for (let z = 0; z < stack.depth; z += 1) {
    await session.load(z, everything);
    for (let y = 0; y < stack.height; y += 1)
      for (let x = 0; x < stack.width; x += 1)
        if (session.tiles.labelAt(z, x, y) !== 0) found.push([x, y, z].join());
  }
  return found.sort();
}

/** What a round brush reaches in a plane of voxels that are THICK as long along z. */
function reached(axis: PlaneAxis, index: number, at: Point, radius: number): string[] {
  const found: string[] = [];
  const { width, height } = planeExtent(axis, stack);
  const [long, high] = axis === 'xz' ? [1, THICK] : [THICK, 1];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if (Math.hypot((x + 0.5 - at.x) * long, (y + 0.5 - at.y) * high) <= radius) {
        const voxel = voxelOf(axis, index, x, y);
        found.push([voxel.x, voxel.y, voxel.z].join());
      }
  return found.sort();
}

describe.each(['xz', 'yz'] as const)('painting in a plane (%s)', (axis) => {
  const at = axis === 'xz' ? { x: 511.5, y: 12.5 } : { x: 12.5, y: 20.5 };
  const index = 17;

  it('changes the voxels under a brush that is round to the eye, on every slice that it reaches', async () => {
    const here = scene(axis);
    await here.plane.load(index, everything);
    expect(stroke(here, index, [at], 9)).toBe(true);
    expect(await labelled(here.session)).toEqual(reached(axis, index, at, 9));
    await here.session.flushed();
    const slices = here.disk.patches.map(({ z }) => z);
    expect(slices).toEqual([10, 11, 12, 13, 14]);
  });

  it('is one step, taken back and done again on all slices', async () => {
    const box =
      axis === 'xz'
        ? { x: 502, y: 17, width: 19, height: 1 }
        : { x: 17, y: 11, width: 1, height: 19 };
    const here = scene(axis);
    await here.plane.load(index, everything);
    stroke(here, index, [at], 9);
    const before = await labelled(here.session);
    expect(here.session.undo()).toMatchObject({
      several: { slices: [14, 13, 12, 11, 10], box },
    });
    expect(await labelled(here.session)).toEqual([]);
    const place = placeIn(axis, voxelOf(axis, index, Math.floor(at.x), Math.floor(at.y)));
    expect(here.plane.tiles.labelAt(index, place.x, place.y)).toBe(0);
    expect(here.session.undo()).toBeNull();
    here.session.redo();
    expect(await labelled(here.session)).toEqual(before);
    expect(here.plane.tiles.labelAt(index, place.x, place.y)).toBe(label);
  });

  it('follows the rule of painting, pixel by pixel', async () => {
    const here = scene(axis);
    await here.plane.load(index, everything);
    stroke(here, index, [at], 3);
    const locked: PaintRule = { ...everywhere, locked: new Set([MEMBRANE]) };
    const before = await labelled(here.session);
    const open = here.plane.beginStroke({
      z: index,
      radius: 5,
      name: 'Brush',
      label: 3,
      rule: locked,
    });
    open.extend([at]);
    open.commit();
    for (const voxel of before) {
      const [x = 0, y = 0, z = 0] = voxel.split(',').map(Number);
      expect(here.session.tiles.labelAt(z, x, y)).toBe(label);
    }
  });

  it('leaves a mark as thick as a slice, however thin the brush', async () => {
    const here = scene(axis);
    await here.plane.load(index, everything);
    const end = axis === 'xz' ? { x: at.x + 20, y: 12.1 } : { x: 12.1, y: at.y + 15 };
    const start = axis === 'xz' ? { x: at.x, y: 12.1 } : { x: 12.1, y: at.y };
    stroke(here, index, [start, end], 1);
    const voxels = (await labelled(here.session)).map((voxel) => voxel.split(',').map(Number));
    expect(new Set(voxels.map(([, , z]) => z))).toEqual(new Set([12]));
    expect(voxels.length).toBeGreaterThanOrEqual(axis === 'xz' ? 21 : 16);
  });

  it('ends without a trace by Escape', async () => {
    const here = scene(axis);
    await here.plane.load(index, everything);
    const open = here.plane.beginStroke({
      z: index,
      radius: 9,
      name: 'Brush',
      label,
      rule: everywhere,
    });
    open.extend([at]);
    expect(here.session.painting).toBe(true);
    expect(here.session.undo()).toBeNull();
    open.abort();
    expect(await labelled(here.session)).toEqual([]);
    expect(here.session.undoName).toBeNull();
  });
});

describe('a plane', () => {
  it('shows what was painted in a slice, before it is saved and after', async () => {
    const here = scene('yz');
    here.disk.failure = new Error('the disk is away');
    for (const z of [4, 5]) await here.session.load(z, everything);
    const early = here.session.beginStroke({
      z: 4,
      radius: 2,
      name: 'Brush',
      label,
      rule: everywhere,
    });
    early.extend([{ x: 100.5, y: 10.5 }]);
    early.commit();
    // Fetched from a disk that knows nothing yet.
    await here.plane.load(100, everything);
    expect(here.plane.tiles.labelAt(100, 4, 10)).toBe(label);
    const changes: number[] = [];
    here.plane.onChange(({ z }) => changes.push(z));
    const late = here.session.beginStroke({
      z: 5,
      radius: 2,
      name: 'Brush',
      label,
      rule: everywhere,
    });
    late.extend([{ x: 100.5, y: 20.5 }]);
    late.commit();
    expect(here.plane.tiles.labelAt(100, 5, 20)).toBe(label);
    expect(changes).toEqual([100]);
    here.disk.failure = null;
    here.session.retryNow();
    await here.session.flushed();
    const again = scene('yz', here.disk);
    await again.plane.load(100, everything);
    expect([again.plane.tiles.labelAt(100, 4, 10), again.plane.tiles.labelAt(100, 5, 20)]).toEqual([
      label,
      label,
    ]);
  });

  it('shows nothing of a stroke that waits to be saved in another layer', async () => {
    const disk = new MemoryDisk();
    disk.failure = new Error('no disk');
    const other = disk.session(stack.width, stack.height, { layer: 'another' });
    const open = other.beginStroke({ z: 3, radius: 2, name: 'Brush', label, rule: everywhere });
    await other.load(3, everything);
    open.extend([{ x: 20, y: 10 }]);
    expect(open.commit()).toBe(true);
    const { session, plane } = scene('xz', disk);
    session.takeOver(other.unsaved());
    expect(session.unsaved()).toHaveLength(1);
    await plane.load(10, everything);
    expect(plane.tiles.labelAt(10, 20, 3)).toBe(0);
  });

  it('is not painted while a stroke is open in a slice', async () => {
    const here = scene('xz');
    await here.session.load(0, everything);
    const open = here.session.beginStroke({
      z: 0,
      radius: 2,
      name: 'Brush',
      label,
      rule: everywhere,
    });
    expect(here.plane.painting).toBe(true);
    open.abort();
    expect(here.plane.painting).toBe(false);
  });

  it('refuses to be painted in a project that is open for reading', () => {
    const disk = new MemoryDisk();
    const session = disk.session(600, 40, { access: 'read-only' });
    const plane = new PlaneLabels({
      ...{ session, axis: 'xz', stack, stretch: { x: 1, y: 1 } },
      fetchTile: () => Promise.resolve(null),
    });
    expect(() =>
      plane.beginStroke({ z: 0, radius: 2, name: 'Brush', label, rule: everywhere }),
    ).toThrow(/reading only/);
  });
});

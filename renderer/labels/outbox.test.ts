import { describe, expect, it } from 'vitest';
import { MembranaError } from '#contract/errors';
import { MEMBRANE } from '#contract/label-byte';
import type { LabelSession } from './label-session';
import { MemoryDisk } from './memory-disk';
import { everywhere } from './paint-mode';
import type { SavedState } from './outbox';

const slice = { x: 0, y: 0, width: 600, height: 600 };

async function opened(disk: MemoryDisk, tileBudget?: number): Promise<LabelSession> {
  const session = disk.session(600, 600, tileBudget === undefined ? {} : { tileBudget });
  await session.load(0, slice);
  return session;
}

function dot(session: LabelSession, x: number): void {
  const stroke = session.beginStroke({
    z: 0,
    label: MEMBRANE,
    radius: 4,
    rule: everywhere,
    name: 'Brush',
  });
  stroke.extend([{ x, y: 50 }]);
  stroke.commit();
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const fullDisk = new MembranaError('disk.full', 'The disk is full.', { hint: 'Free 64 MB.' });

describe('saving', () => {
  it('sends every step once, in order, and says saved when all are acknowledged', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    const states: SavedState[] = [];
    session.onSaved((state) => states.push(state));
    for (let i = 0; i < 20; i += 1) dot(session, 20 + 25 * i);
    session.undo();
    expect(session.saved).toEqual({ kind: 'saving', pending: 21 });
    await session.flushed();
    expect(disk.patches.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 21 }, (_, i) => i + 1),
    );
    expect(disk.patches.at(-1)?.action).toBe('undo');
    expect(states.at(-1)).toEqual({ kind: 'saved', sequence: 21 });
    expect(states.filter(({ kind }) => kind === 'saved')).toHaveLength(1);
    expect(session.latencies()).toHaveLength(21);
  });

  it('says that steps are kept beside a project that another process holds, sends each once, and never says saved', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    const states: SavedState[] = [];
    session.onSaved((state) => states.push(state));
    disk.failure = new MembranaError('project.taken-over', 'Another process has it.', {
      hint: 'Close it there.',
      data: { keptAside: true, count: 1, file: 'aside-1.log' },
    });
    for (let i = 0; i < 3; i += 1) dot(session, 20 + 25 * i);
    await session.flushed();
    expect(session.saved).toEqual({ kind: 'aside', kept: 3 });
    expect(states.some(({ kind }) => kind === 'saved' || kind === 'failed')).toBe(false);
    // One whose file could not be made stays in the window and is sent again.
    disk.failure = new MembranaError('project.taken-over', 'Another process has it.', {
      hint: 'Close it there.',
      data: { keptAside: false },
    });
    dot(session, 200);
    await settled();
    expect(session.saved).toMatchObject({ kind: 'failed', pending: 1 });
  });

  it('fails loudly, lets painting go on, tries again by itself and loses nothing', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    disk.failure = fullDisk;
    dot(session, 20);
    await settled();
    expect(session.saved).toMatchObject({
      kind: 'failed',
      pending: 1,
      error: { code: 'disk.full' },
    });
    dot(session, 60);
    dot(session, 90);
    expect(session.saved).toMatchObject({ kind: 'failed', pending: 3 });
    disk.clock.pass(499);
    await settled();
    expect(disk.sent).toHaveLength(1);
    disk.clock.pass(1);
    await settled();
    expect(disk.sent).toHaveLength(2);
    disk.failure = null;
    disk.clock.pass(1000);
    await session.flushed();
    expect(disk.patches.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(session.saved).toEqual({ kind: 'saved', sequence: 3 });
  });

  it('tries again at once when asked', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    disk.failure = fullDisk;
    dot(session, 20);
    await settled();
    disk.failure = null;
    session.retryNow();
    await session.flushed();
    expect(disk.journal).toHaveLength(1);
  });

  it('sends the same bytes again when an answer was lost, and the labels come out the same', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk);
    disk.loseAnswers = true;
    dot(session, 20);
    await settled();
    dot(session, 24);
    disk.loseAnswers = false;
    disk.clock.pass(500);
    await session.flushed();
    expect(disk.sent).toHaveLength(3);
    expect(disk.sent[1]).toEqual(disk.sent[0]);
    expect(disk.journal).toHaveLength(2);
    expect(
      Buffer.compare(
        disk.tile(0, 0, 0) ?? new Uint8Array(),
        session.tiles.read(0, 0, 0) ?? new Uint8Array(),
      ),
    ).toBe(0);
  });
});

describe('the memory for tiles', () => {
  it('never drops what is not saved yet, and lets it go afterwards', async () => {
    const disk = new MemoryDisk();
    const session = await opened(disk, 1);
    disk.failure = fullDisk;
    dot(session, 20);
    dot(session, 560);
    expect(session.isLoaded(0, slice)).toBe(true);
    expect(session.tiles.labelAt(0, 20, 50)).toBe(MEMBRANE);
    await settled();
    disk.failure = null;
    session.retryNow();
    await session.flushed();
    expect(session.isLoaded(0, slice)).toBe(false);
    expect(session.tiles.bytes).toBeLessThanOrEqual(512 * 512);
    await session.load(0, { x: 0, y: 0, width: 10, height: 10 });
    expect(session.tiles.labelAt(0, 20, 50)).toBe(MEMBRANE);
  });

  it('loads a tile once for two who ask, and again for one when only the other gave up', async () => {
    const disk = new MemoryDisk();
    let fetches = 0;
    const session = disk.session(600, 600, {
      fetchTile: (z, tx, ty, signal) => {
        fetches += 1;
        return new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => {
            reject(new Error('gave up'));
          });
          setTimeout(() => void disk.fetchTile(z, tx, ty).then(resolve), 20);
        });
      },
    });
    const corner = { x: 0, y: 0, width: 10, height: 10 };
    await Promise.all([session.load(0, corner), session.load(0, corner)]);
    expect(fetches).toBe(1);
    const giveUp = new AbortController();
    const first = session.load(1, corner, giveUp.signal);
    const second = session.load(1, corner);
    giveUp.abort();
    await expect(first).rejects.toThrow('gave up');
    await second;
    expect(session.isLoaded(1, corner)).toBe(true);
    expect(fetches).toBe(3);
  });
});

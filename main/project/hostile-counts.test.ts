import { mkdir, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealJson, unsealJson } from '../storage/checksum';
import { nodeFileSystem } from '../storage/node-file-system';
import { LastSavedFile, readLastSaved, type LastSaved } from '../storage/journal/last-saved';
import { openProject } from './project-store';
import {
  differingSlices,
  newProject,
  NaiveLabels,
  paintThree,
  quickStorage,
  randomPatch,
  seeded,
  temporaryFolder,
} from './testing/sample-project';

type Content = Record<string, unknown>;
const whileLocked = { readOnlyIfLocked: false };

let place: Awaited<ReturnType<typeof temporaryFolder>>;
let folder = '';
beforeEach(async () => {
  place = await temporaryFolder();
  folder = join(place.folder, 'Sample.emproj');
  const project = await newProject(folder);
  await paintThree(project, new NaiveLabels());
  await project.versions.save('Before');
  await project.close();
});
afterEach(() => place.remove());

/** Writes the sealed JSON of a file anew, changed. */
async function change(file: string, how: (content: Content) => Content): Promise<void> {
  const path = join(folder, file);
  const content = unsealJson(await readFile(path, 'utf8'));
  if (!content) throw new Error(`${file} is damaged`);
  await writeFile(path, sealJson(how(content), 0));
}

async function changeDocument(how: (content: Content) => Content): Promise<void> {
  await change('project.json', how);
  await rm(join(folder, 'journal', 'project-backup.json'));
}

const classes = (count: number): unknown[] =>
  Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    name: 'c'.repeat(60),
    colour: '#8b93a0',
    key: null,
    locked: false,
  }));
const stack = (content: Content, part: Content): Content => ({
  ...content,
  stacks: (content['stacks'] as Content[]).map((entry) => ({ ...entry, ...part })),
});
const size = (content: Content, dimensions: Content): Content =>
  stack(content, {
    info: { ...((content['stacks'] as Content[])[0]?.['info'] as Content), ...dimensions },
  });

const beyond: readonly (readonly [string, (content: Content) => Content])[] = [
  ['127 classes', (content) => ({ ...content, classes: classes(127) })],
  ['a class twice', (content) => ({ ...content, classes: [...classes(2), ...classes(1)] })],
  ['no classes', (content) => ({ ...content, classes: [] })],
  ['a width of nothing', (content) => size(content, { width: 0 })],
  ['more slices than there are numbers', (content) => size(content, { depth: 2 ** 40 })],
  ['a slice of a petabyte', (content) => size(content, { width: 2 ** 25, height: 2 ** 25 })],
  [
    '10,001 stacks',
    (content) => ({
      ...content,
      stacks: Array<unknown>(10_001).fill((content['stacks'] as unknown[])[0]),
    }),
  ],
  ['a name of a megabyte', (content) => ({ ...content, name: 'n'.repeat(1 << 20) })],
  [
    'a million and one slices out of view',
    (content) =>
      stack(content, {
        hiddenPredictions: [{ model: 'm', slices: Array<number>(1_000_001).fill(7) }],
      }),
  ],
];

describe('a project.json that claims too much', () => {
  it.each(beyond)('%s: says that it is damaged', async (_, how) => {
    await changeDocument(how);
    const opening = openProject(folder, whileLocked, quickStorage);
    await expect(opening).rejects.toMatchObject({
      code: 'project.corrupt',
      data: { file: 'project.json' },
    });
  });

  it('as much as there may be of everything opens', async () => {
    await changeDocument((content) =>
      size({ ...content, classes: classes(126), name: 'n'.repeat(1000) }, { depth: 2 ** 31 - 1 }),
    );
    const project = await openProject(folder, whileLocked, quickStorage);
    expect(project.classes).toHaveLength(126);
    await project.close();
  });

  it('nested as deep as a file allows is damaged, not a crash', async () => {
    const deep = `${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}`;
    await writeFile(join(folder, 'project.json'), `{"checksum":"00000000","deep":${deep}}`);
    await rm(join(folder, 'journal', 'project-backup.json'));
    const opening = openProject(folder, whileLocked, quickStorage);
    await expect(opening).rejects.toMatchObject({ code: 'project.corrupt' });
  });
});

it('labels without a journal are found by what is there, however large the stack is said to be', async () => {
  await changeDocument((content) =>
    size(content, { width: 2 ** 18, height: 2 ** 18, depth: 4000 }),
  );
  await rm(join(folder, 'journal'), { recursive: true });
  const image = join(folder, 'labels', 'stack-1', 'membranes.ome.zarr', '0');
  for (let z = 100; z < 110; z += 1) await mkdir(join(image, String(z)), { recursive: true });
  const project = await openProject(folder, whileLocked, quickStorage);
  expect(project.labels.reviewedSlices().length).toBeGreaterThan(0);
  await project.close();
});

it('a version whose chunks would have a terabyte is left out', async () => {
  const [name = ''] = (await readdir(join(folder, 'versions'))).filter((file) =>
    file.endsWith('.json'),
  );
  await change(join('versions', name), (content) => {
    const tiles = content['tiles'] as Record<string, Content>;
    return {
      ...content,
      tiles: Object.fromEntries(
        Object.entries(tiles).map(([key, tile]) => [key, { ...tile, classesBytes: 2 ** 40 }]),
      ),
    };
  });
  const project = await openProject(folder, whileLocked, quickStorage);
  expect(await project.versions.list()).toEqual([]);
  await expect(project.versions.record(1)).rejects.toMatchObject({ code: 'project.corrupt' });
  await project.close();
});

it('a journal file of nothing but holes is set aside, and the strokes before it count', async () => {
  const hole = await open(join(folder, 'journal', '000900.log'), 'w');
  await hole.truncate(96 << 20);
  await hole.close();
  const project = await openProject(folder, whileLocked, quickStorage);
  expect(project.labels.lastSequence).toBe(3);
  await project.close();
});

/** Names with the last numbers that there are, and beyond. */
const lastNumbers: readonly string[] = [
  'journal/999999999.log',
  'journal/000001-g999999999.log',
  'journal/999999999-g4294967295.log',
  'journal/aside-g999999999-abc.log',
  'journal/commit-999999999-g000001.json',
  'journal/commit-999999999.json',
  'journal/pending-999999999-g999999999.json',
  'journal/commit-0000003-g0000003.json',
  'versions/999999999.pack',
  'versions/999999999.json',
  'versions/0000001.json',
  'predictions/stack-1/m/z0000001.map',
];

it.each(lastNumbers)(
  'a file %s is refused or left alone, and costs no step that was saved',
  async (name) => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    const refused = { code: 'project.corrupt' };
    const attempt = async (work: () => Promise<unknown>): Promise<void> => {
      await work().catch((error: unknown) => {
        expect(error).toMatchObject(refused);
      });
    };
    const naive = new NaiveLabels();
    for (let sequence = 1; sequence <= 3; sequence += 1)
      naive.apply(randomPatch(seeded(sequence), sequence));
    let saved = 3;
    for (let opening = 0; opening < 2; opening += 1)
      await attempt(async () => {
        const project = await openProject(folder, whileLocked, { ...quickStorage, undoBytes: 0 });
        expect(project.labels.lastSequence).toBe(saved);
        expect(await differingSlices(project, naive)).toEqual([]);
        await attempt(() => paintThree(project, naive, saved + 1));
        saved += 3;
        await attempt(() => project.labels.checkpoint());
        await attempt(async () => {
          const { number } = await project.versions.save('Again');
          expect((await project.versions.list()).map((version) => version.number)).toContain(
            number,
          );
        });
        await project.close();
      });
  },
);

const beyondLimit: readonly (readonly [string, Partial<LastSaved>])[] = [
  ['generation', { generation: 2 ** 32 }],
  ['sequence', { acknowledged: Number.MAX_SAFE_INTEGER }],
];

it.each(beyondLimit)(
  'last-saved.bin with a %s beyond the last one is not believed',
  async (_, wrong) => {
    const saved = { generation: 1, after: 0, acknowledged: 3, folded: 0, ...wrong };
    const file = await LastSavedFile.create(nodeFileSystem, folder, saved);
    await file.close();
    expect(await readLastSaved(nodeFileSystem, folder)).toBeNull();
    const project = await openProject(folder, whileLocked, quickStorage);
    await paintThree(project, new NaiveLabels(), 4);
    await project.close();
    const again = await openProject(folder, whileLocked, quickStorage);
    expect(again.labels.lastSequence).toBe(6);
    await again.close();
  },
);

it('journal files that are too large together are refused before they are read', async () => {
  for (let n = 900; n < 912; n += 1) {
    const hole = await open(join(folder, 'journal', `${String(n).padStart(6, '0')}.log`), 'w');
    await hole.truncate(1 << 30);
    await hole.close();
  }
  await expect(openProject(folder, whileLocked, quickStorage)).rejects.toMatchObject({
    code: 'file.too-large',
  });
}, 20_000);

it('a hole behind the last record takes no space in quarantine', async () => {
  const [name = ''] = (await readdir(join(folder, 'journal'))).filter((file) =>
    file.endsWith('.log'),
  );
  await truncate(join(folder, 'journal', name), 96 << 20);
  const project = await openProject(folder, whileLocked, quickStorage);
  expect(project.labels.lastSequence).toBe(3);
  await project.close();
  let blocks = 0;
  for (const file of await readdir(join(folder, 'journal')))
    blocks += (await stat(join(folder, 'journal', file))).blocks;
  expect(blocks * 512).toBeLessThan(8 << 20);
}, 20_000);

import { join } from 'node:path';
import { editOfPatch, type VoxelEdit } from '#volume/voxel-edit';
import type { FileSystem } from '../../../storage/file-system';
import { readRecord, type JournalRecord } from '../../../storage/journal/journal-record';
import { journalFolder, listSegments } from '../../../storage/journal/journal-segment';
import { readDocument } from '../../project-document';
import { openProject } from '../../project-store';
import { recoverJournal } from '../../../storage/recovery/recovery';
import { PowerLossDisk } from '../../../storage/testing/power-loss-file-system';
import {
  differingLayers,
  encodeStep,
  NaiveLayers,
  newLayeredProject,
  randomEdit,
  sampleLayers,
} from '../layered-project';
import { randomPatch, seeded } from '../sample-project';
import { Findings } from './findings';
import { sessionPlace, sessionStorage } from './paint-session';

/** Enough that one lost record is less than one in a hundred. */
export const RECORDS = 128;
const storage = { ...sessionStorage, segmentBytes: 1 << 20, undoBytes: 1 << 20 };

async function replaceFile(files: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  await files.unlink(path);
  const file = await files.open(path, 'wx');
  await file.write(bytes, 0, bytes.length, 0);
  await file.sync();
  await file.close();
}

/** A small step, of one layer and of two in turn: a few hundred bytes of journal, so that all of them can be tried. */
function smallStep(sequence: number): Uint8Array<ArrayBuffer> {
  const patch = randomPatch(seeded(sequence), sequence);
  const tiles = patch.tiles.slice(0, 1).map((tile) => ({
    ...tile,
    runs: tile.runs.slice(0, 6),
    after: { kind: 'uniform', value: 1 + (sequence % 3) } as const,
  }));
  const [labels, cells] = sampleLayers;
  const edit = editOfPatch({ ...patch, tiles }, labels.layer);
  if (sequence % 2 === 0) return encodeStep(edit);
  const after = { kind: 'uniform', value: 70_000 + sequence } as const;
  const { stack, layer, element } = cells;
  const chunks = edit.layers.flatMap((one) => one.chunks).map((chunk) => ({ ...chunk, after }));
  return encodeStep({ ...edit, layers: [...edit.layers, { stack, layer, element, chunks }] });
}

interface Journalled {
  readonly disk: PowerLossDisk;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly records: readonly JournalRecord[];
  /** Where each record ends. */
  readonly ends: readonly number[];
}

/** A project that was killed with all of its strokes in one journal file. */
async function journalled(): Promise<Journalled> {
  const disk = new PowerLossDisk(seeded(1));
  const project = await newLayeredProject(sessionPlace, { ...storage, files: disk });
  for (let sequence = 1; sequence <= RECORDS; sequence += 1)
    await project.labels.append(smallStep(sequence));
  const [segment, ...others] = await listSegments(disk, journalFolder(sessionPlace));
  if (segment === undefined || others.length > 0) throw new Error('the strokes lie in one file');
  const { path } = segment;
  const bytes = await disk.readFile(path, Infinity);
  // Closing makes no checkpoint then, as a kill would not.
  project.labels.stop('killed');
  await project.close();
  const records: JournalRecord[] = [];
  const ends: number[] = [];
  for (let at = 0; ;) {
    const read = readRecord(bytes, at);
    if (read.kind !== 'record') break;
    records.push(read.record);
    ends.push(read.end);
    at = read.end;
  }
  return { disk, path, bytes, records, ends };
}

/** Everything that was recovered is what was written. */
function allTrue(replay: readonly JournalRecord[], written: readonly JournalRecord[]): boolean {
  return replay.every(({ sequence, payload }) => {
    const original = written[sequence - 1];
    return original !== undefined && Buffer.compare(payload, original.payload) === 0;
  });
}

/** The journal cut at every byte of its last three records. */
export async function journalCuts(): Promise<Findings> {
  const findings = new Findings('journal cut');
  const { disk, path, bytes, records, ends } = await journalled();
  findings.expect(records.length === RECORDS, 'the journal does not hold what was painted');
  for (let length = ends.at(-4) ?? 0; length < bytes.length; length += 1) {
    await replaceFile(disk, path, bytes.subarray(0, length));
    const whole = ends.filter((end) => end <= length).length;
    const { replay, setAside } = await recoverJournal(disk, sessionPlace, { repair: false });
    findings.count('cuts');
    // At the end of a record nothing tells that there was more.
    const visible = !ends.includes(length);
    if (visible) findings.count('detectable');
    if (visible && setAside.records === 1) findings.count('detected');
    findings.count('records', whole);
    findings.count('recovered', replay.length);
    const right = replay.length === whole && allTrue(replay, records);
    findings.expect(
      right,
      `cut at ${String(length)}: ${String(replay.length)} of ${String(whole)}`,
    );
  }
  findings.expect(
    findings.counts['detected'] === findings.counts['detectable'],
    'a cut was not noticed',
  );
  return findings;
}

/** Every `stride`-th byte of the journal flipped, one at a time. */
export async function journalFlips(stride: number): Promise<Findings> {
  const findings = new Findings('journal flipped');
  const { disk, path, bytes, records } = await journalled();
  let worst = 1;
  for (let at = 0; at < bytes.length; at += stride) {
    const flipped = Uint8Array.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
    await replaceFile(disk, path, flipped);
    const { replay, setAside, missing } = await recoverJournal(disk, sessionPlace, {
      repair: false,
    });
    findings.count('flips');
    findings.count('detected', setAside.records > 0 || missing > 0 ? 1 : 0);
    findings.count('records', RECORDS);
    findings.count('recovered', replay.length);
    worst = Math.min(worst, replay.length / RECORDS);
    findings.expect(allTrue(replay, records), `flip at ${String(at)}: a wrong record was believed`);
  }
  findings.expect(
    findings.counts['detected'] === findings.counts['flips'],
    'a flip was not noticed',
  );
  findings.expect(worst >= 0.99, `a flip cost all but ${String(100 * worst)} % of the records`);
  await findings.attempt('opening a flipped journal', async () => {
    const middle = bytes.length >> 1;
    const flipped = Uint8Array.from(bytes);
    flipped[middle] = (flipped[middle] ?? 0) ^ 4;
    await replaceFile(disk, path, flipped);
    const project = await openProject(
      sessionPlace,
      { readOnlyIfLocked: false },
      { ...storage, files: disk },
    );
    const { recovery } = project;
    findings.expect(recovery?.complete === false, 'a damaged journal was called whole');
    findings.expect((await project.verify()).problems.length === 0, 'damage stayed in the journal');
    await project.close();
  });
  return findings;
}

/** A step in the first tile of all four layers. */
function everywhere(sequence: number): VoxelEdit {
  const layers = sampleLayers.map(({ stack, layer, element }) => {
    const value = element === 'uint8' ? 1 + (sequence % 2) : 70_000 * sequence;
    const runs = Uint32Array.of(sequence * 3, 40 + sequence, 600 + sequence * 5, 30);
    const before = { kind: 'uniform', value: 0 } as const;
    const chunk = { z: 0, ty: 0, tx: 0, runs, before, after: { kind: 'uniform', value } as const };
    return { stack, layer, element, chunks: [chunk] };
  });
  return { sequence, action: 'do', name: 'Brush', layers };
}

/** Every `stride`-th byte of a chunk of label bytes and of one of ids flipped: noticed, and rebuilt from the generation before and the journal. */
export async function chunkFlips(stride: number): Promise<Findings> {
  const findings = new Findings('chunk flipped');
  const disk = new PowerLossDisk(seeded(2));
  const files = { ...storage, files: disk };
  const naive = new NaiveLayers();
  const writer = await newLayeredProject(sessionPlace, files);
  for (let sequence = 1; sequence <= 12; sequence += 1) {
    const edit = sequence % 2 === 0 ? everywhere(sequence) : randomEdit(seeded(sequence), sequence);
    naive.apply(edit);
    await writer.labels.append(encodeStep(edit));
    if (sequence % 4 === 0) await writer.labels.checkpoint();
  }
  for (const image of ['stack-1/membranes', 'stack-2/nuclei']) {
    const chunk = join('labels', `${image}.ome.zarr`, '0', '0', '0', '0');
    const path = join(sessionPlace, chunk);
    const bytes = await disk.readFile(path, Infinity);
    for (let at = 0; at < bytes.length; at += stride) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await replaceFile(disk, path, flipped);
      // Beside the writer: it changes nothing.
      const reader = await openProject(sessionPlace, { readOnlyIfLocked: true }, files);
      const { problems } = await reader.verify();
      findings.count('flips');
      findings.count('detected', problems.some(({ file }) => file === chunk) ? 1 : 0);
      findings.count('rebuilt', (await differingLayers(reader, naive)).length === 0 ? 1 : 0);
      await reader.close();
    }
    await replaceFile(disk, path, bytes);
  }
  await writer.close();
  const { flips, detected, rebuilt } = findings.counts;
  findings.expect(detected === flips, 'a flip was not noticed');
  findings.expect(rebuilt === flips, 'a flipped chunk was not rebuilt');
  return findings;
}

/** Every byte of project.json flipped: noticed, and read from its backup. */
export async function documentFlips(): Promise<Findings> {
  const findings = new Findings('project.json flipped');
  const disk = new PowerLossDisk(seeded(3));
  await (await newLayeredProject(sessionPlace, { ...storage, files: disk })).close();
  const path = join(sessionPlace, 'project.json');
  const bytes = await disk.readFile(path, Infinity);
  const whole = JSON.stringify((await readDocument(disk, sessionPlace)).content);
  for (let at = 0; at < bytes.length; at += 1) {
    const flipped = Uint8Array.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
    await replaceFile(disk, path, flipped);
    findings.count('flips');
    await findings.attempt(`flip at ${String(at)}`, async () => {
      const { content, fromBackup } = await readDocument(disk, sessionPlace);
      findings.count('detected', fromBackup ? 1 : 0);
      findings.count('recovered', JSON.stringify(content) === whole ? 1 : 0);
    });
  }
  const { flips, detected, recovered } = findings.counts;
  findings.expect(detected === flips, 'a flip was not noticed');
  findings.expect(recovered === flips, 'project.json did not come back from its backup');
  return findings;
}

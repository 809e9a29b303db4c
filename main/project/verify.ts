import { join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { ModelId, StackId } from '#contract/ids';
import { largestChunk, planesOf } from '../labels/label-image';
import { auditPath, FIRST_STACK, LARGEST_AUDIT, parseAudit } from './work/audit-file';
import { currentChunk, previousChunk, type LayerPlace } from '../labels/checkpoint';
import { checksum } from '../storage/checksum';
import { committedTiles, readCommits, type TileEntry } from '../storage/recovery/commit-record';
import { effortPath, LARGEST_EFFORT, parseEffort } from './work/effort-file';
import {
  readFileIfSound,
  readFileIfThere,
  systemCode,
  type FileSystem,
} from '../storage/file-system';
import { journalFolder, listSegments, scanSegment } from '../storage/journal/journal-segment';
import { lastSavedPath, readLastSaved } from '../storage/journal/last-saved';
import {
  LARGEST_PREDICTION,
  readPredictionHeader,
  readPredictionTile,
  type ReadAt,
} from './predictions/prediction-file';
import { LARGEST_DOCUMENT } from './project-document';
import { parseProjectFile } from './project-file';
import { verifyVersions } from './versions/verify-versions';

export interface Problem {
  /** The file, relative to the project folder. */
  readonly file: string;
  readonly problem: string;
}

export interface Verification {
  /** Files read and compared with their checksums. */
  readonly checked: number;
  readonly problems: readonly Problem[];
}

class Findings {
  checked = 0;
  readonly problems: Problem[] = [];

  constructor(private readonly project: string) {}

  add(path: string, problem: string | null): void {
    this.checked += 1;
    if (problem === null) return;
    const file = path.slice(this.project.length + 1).replaceAll('\\', '/');
    this.problems.push({ file, problem });
  }
}

/** Reads every file of the project that has a checksum and lists those that fail. Changes nothing. */
export async function verifyProject(
  files: FileSystem,
  project: string,
  signal?: AbortSignal,
): Promise<Verification> {
  const findings = new Findings(project);
  const file = join(project, 'project.json');
  let problem: string | null = null;
  let stacks: readonly StackId[] = [FIRST_STACK];
  try {
    const bytes = await readFileIfThere(files, file, LARGEST_DOCUMENT);
    if (bytes) stacks = parseProjectFile(bytes).content.stacks.map(({ id }) => id);
    else problem = 'it is missing';
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  findings.add(file, problem);
  const small = [
    ...stacks.map((stack) => ({
      path: auditPath(project, stack),
      most: LARGEST_AUDIT,
      parse: parseAudit,
    })),
    { path: effortPath(project), most: LARGEST_EFFORT, parse: parseEffort },
  ];
  for (const one of small) await verifySealed(files, one, findings);
  await verifyJournal(files, project, findings, signal);
  await verifyChunks(files, project, findings, signal);
  await verifyPredictions(files, project, findings, signal);
  const found = findings.add.bind(findings);
  await verifyVersions(files, project, found, signal);
  return { checked: findings.checked, problems: findings.problems };
}

interface SealedFile {
  readonly path: string;
  /** Bytes of the largest one that is read. */
  readonly most: number;
  readonly parse: (bytes: Uint8Array) => unknown;
}

/** A file that a project may do without. */
async function verifySealed(
  files: FileSystem,
  { path, most, parse }: SealedFile,
  findings: Findings,
): Promise<void> {
  if ((await files.status(path)) === null) return;
  const bytes = await readFileIfSound(files, path, most);
  findings.add(path, bytes && parse(bytes) !== null ? null : 'its checksum does not match');
}

async function verifyJournal(
  files: FileSystem,
  project: string,
  findings: Findings,
  signal?: AbortSignal,
): Promise<void> {
  const journal = journalFolder(project);
  const saved = lastSavedPath(project);
  if (await files.status(saved))
    findings.add(saved, (await readLastSaved(files, project)) ? null : 'it is damaged');
  for (const file of await listSegments(files, journal)) {
    signal?.throwIfAborted();
    // Copies that a person or a sync client made are read, and owe nobody anything.
    if (!file.ours) continue;
    const { rest, restBytes, damage } = await scanSegment(files, file);
    const left = `${String(restBytes.length)} bytes at its end`;
    const problem = {
      none: null,
      unfinished: `an unfinished record (${left})`,
      damaged: `a damaged record (${left})`,
    }[rest];
    const { path } = file;
    for (const { at, bytes } of damage)
      findings.add(path, `${String(bytes.length)} damaged bytes at ${String(at)}`);
    findings.add(path, problem);
  }
}

async function verifyChunks(
  files: FileSystem,
  project: string,
  findings: Findings,
  signal?: AbortSignal,
): Promise<void> {
  const records = await readCommits(files, journalFolder(project));
  for (const name of records.damaged)
    findings.add(join(journalFolder(project), name), 'its checksum does not match');
  const [newest, older] = records.commits;
  for (const { stack, layer, element, tiles } of newest?.layers ?? [])
    for (const [tile, entry] of Object.entries(tiles)) {
      signal?.throwIfAborted();
      const place = { files, project, stack, layer, element };
      const pending = records.pending.map((record) => committedTiles(record, place)[tile]);
      const earlier = older && committedTiles(older, place)[tile];
      await verifyTile(place, { tile, entry, earlier, pending, hasOlder: !!older }, findings);
    }
}

interface TileRecords {
  readonly tile: string;
  readonly entry: TileEntry;
  readonly earlier: TileEntry | undefined;
  readonly pending: readonly (TileEntry | undefined)[];
  readonly hasOlder: boolean;
}

async function verifyTile(
  place: LayerPlace,
  { tile, entry, earlier, pending, hasOlder }: TileRecords,
  findings: Findings,
): Promise<void> {
  const most = largestChunk(place.element);
  for (const plane of planesOf(place.element)) {
    const path = currentChunk(place, tile, plane);
    const bytes = await readFileIfSound(place.files, path, most);
    const crc = bytes && checksum(bytes);
    // A checkpoint that a kill cut short may have written both copies of a damaged tile anew.
    const begun = pending.map((one) => one?.[plane]);
    const known = crc === entry[plane] || begun.includes(crc ?? undefined);
    findings.add(
      path,
      bytes ? (known ? null : 'its checksum does not match') : 'it is missing, or no plain file',
    );
    const previousPath = previousChunk(place, tile, plane);
    const previous = await readFileIfSound(place.files, previousPath, most);
    if (!previous) continue;
    const wanted = [entry[plane], earlier?.[plane], ...begun];
    // Of the first checkpoint there is no generation before; what lies there is of no use and no harm.
    const fine = !hasOlder || wanted.includes(checksum(previous));
    findings.add(previousPath, fine ? null : 'its checksum does not match');
  }
}

async function verifyPredictions(
  files: FileSystem,
  project: string,
  findings: Findings,
  signal?: AbortSignal,
): Promise<void> {
  const root = join(project, 'predictions');
  for (const stack of await files.list(root)) {
    if (!StackId.safeParse(stack).success) continue;
    for (const model of await files.list(join(root, stack))) {
      if (!ModelId.safeParse(model).success) continue;
      for (const name of await files.list(join(root, stack, model))) {
        if (!name.endsWith('.map')) continue;
        signal?.throwIfAborted();
        const path = join(root, stack, model, name);
        findings.add(path, await predictionProblem(files, path));
      }
    }
  }
}

async function predictionProblem(files: FileSystem, path: string): Promise<string | null> {
  try {
    const bytes = await files.readFile(path, LARGEST_PREDICTION);
    const readAt: ReadAt = (offset, length) =>
      Promise.resolve(bytes.subarray(offset, offset + length));
    const open = await readPredictionHeader(readAt);
    if (!open) return 'its header is damaged';
    for (const tile of open.header.tiles)
      if (!(await readPredictionTile(readAt, open.start, tile)))
        return 'a tile does not match its checksum';
    return null;
  } catch (error) {
    return error instanceof MembranaError
      ? error.message
      : `it can't be read (${systemCode(error)})`;
  }
}

import { join } from 'node:path';
import type { LayerKey, RecoveryReport } from '#contract/entities';
import type { ProjectId } from '#contract/ids';
import type { StackEntry } from './project-file';
import type { LayerFacts } from '../labels/label-layer';
import { ProjectLabels } from '../labels/project-labels';
import { ReserveFile } from '../storage/reserve-file';
import { EffortStore } from './work/effort-store';
import { numberAfter } from '../storage/file-number';
import { warnOfFullDisk } from './free-space';
import { Journal } from '../storage/journal/journal';
import type { Generation } from '../storage/journal/journal-record';
import { journalFolder } from '../storage/journal/journal-segment';
import { latestGeneration } from '../storage/recovery/generations';
import { LastSavedFile } from '../storage/journal/last-saved';
import { movedError } from '../storage/journal/moved-error';
import type { Moved } from '../storage/journal/segment-parts';
import { Ledger } from '../storage/recovery/ledger';
import { PredictionStore } from './predictions/prediction-store';
import { readDocument, type ProjectDocument } from './project-document';
import type { ProjectLock } from '../storage/lock/project-lock';
import { everyLayer } from './arrangement';
import { ProjectSteps } from './project-steps';
import { recoverJournal, type Recovered } from '../storage/recovery/recovery';
import { recoveryReport } from './recovery-report';
import type { StorageOptions } from './storage-options';

type Holding =
  | { readonly kind: 'read-write'; readonly lock: ProjectLock; readonly cleanShutdown: boolean }
  | { readonly kind: 'read-only'; readonly reason: string };

/** What an open project is made of: its folder, what project.json says, and how it is held. */
export interface ProjectParts {
  readonly folder: string;
  readonly document: ProjectDocument;
  readonly storage: StorageOptions;
  readonly holding: Holding;
}

/** What lies in the folder of an open project. */
export interface OpenStores {
  readonly labels: ProjectLabels;
  /** The predictions of a stack, opened when they are asked for first. */
  readonly predictions: (stack: StackEntry) => Promise<PredictionStore>;
  readonly efforts: EffortStore;
  readonly journal: Journal | null;
  readonly steps: ProjectSteps;
  readonly recovered: Recovered;
  readonly recovery: RecoveryReport | null;
  /** Resolves when what vanished with the journal folder is back in it. */
  readonly restored: () => Promise<void>;
}

/**
 * Recovers the journal, then opens everything that stands on it; `assertWritable`
 * throws where predictions may not be written any more.
 *
 * @throws MembranaError disk.full, file.write-failed, project.corrupt
 */
export async function openStores(
  parts: ProjectParts,
  assertWritable: () => void,
): Promise<OpenStores> {
  const { folder, document, storage, holding } = parts;
  const { files, onWarning } = storage;
  const writes = holding.kind === 'read-write';
  const rescue = rescueFolder(storage, document.content.id);
  const recovered = await recoverJournal(files, folder, { repair: writes, rescue });
  const reserve = new ReserveFile(files, journalFolder(folder), storage.reserveBytes);
  if (writes) await warnOfFullDisk(folder, storage, await reserve.lay());
  const onMoved = (moved: Moved): void => {
    onWarning(movedError(moved));
    // What else the folder held is put back, too: the checkpoint's record, and the copy of project.json.
    if (moved.place === 'project')
      restoring = restoring.then(() => putBackAll()).catch(() => undefined);
  };
  let restoring = Promise.resolve();
  let putBackAll = (): Promise<void> => Promise.resolve();
  const journal =
    holding.kind === 'read-write'
      ? await openJournal({ parts, lock: holding.lock, recovered, reserve, rescue, onMoved })
      : null;
  try {
    const ledger = new Ledger(journal, recovered);
    const steps = await ProjectSteps.open({ document, ledger, recovered, onWarning }, writes);
    const clean = !writes || holding.cleanShutdown;
    const recovery = recoveryReport(recovered, steps.replayed, clean);
    const efforts = await EffortStore.open({ files, project: folder, recovered, assertWritable });
    const labels = await ProjectLabels.open({
      files,
      project: folder,
      recovered,
      budgets: storage,
      journal,
      readOnlyReason: holding.kind === 'read-only' ? holding.reason : '',
      ledger,
      find: (key) => layerFacts(document, key),
      known: () =>
        document.content.stacks.flatMap((entry) =>
          everyLayer(entry).map(({ id }) => ({ stack: entry.id, layer: id })),
        ),
      release: (sequence) => steps.release(sequence),
      applied: (edit) => {
        efforts.stroke(edit);
      },
      onWarning,
    });
    const opened = new Map<string, Promise<PredictionStore>>();
    const predictions = ({ id, info }: StackEntry): Promise<PredictionStore> => {
      const { width, height, depth } = info;
      const there =
        opened.get(id) ??
        PredictionStore.open({
          files,
          project: folder,
          stack: id,
          width,
          height,
          depth,
          writable: assertWritable,
          hides: (model, z) => steps.hides(id, model, z),
          written: (model, z) => {
            steps.show(id, model, z);
          },
          onWarning,
        });
      opened.set(id, there);
      return there;
    };
    putBackAll = () => putBack(document, labels);
    const restored = (): Promise<void> => restoring;
    return { labels, predictions, efforts, journal, steps, recovered, recovery, restored };
  } catch (error) {
    await journal?.close().catch(() => undefined);
    throw error;
  }
}

/** What project.json says of a layer; null when it has none of that name. */
function layerFacts(document: ProjectDocument, { stack, layer }: LayerKey): LayerFacts | null {
  const entry = document.content.stacks.find(({ id }) => id === stack);
  const info = entry && everyLayer(entry).find(({ id }) => id === layer);
  if (!entry || !info) return null;
  const { width, height, depth } = entry.info;
  const listed = entry.listed && entry.layers.some(({ id }) => id === layer);
  return {
    name: info.name,
    element: info.element,
    shape: { width, height, depth },
    voxelSize: entry.voxelSize ?? entry.info.voxelSize,
    classes: document.content.classes,
    state: listed ? 'listed' : 'removed',
  };
}

/** Where strokes of a project go while its own folder is gone; null = nowhere. */
export function rescueFolder({ rescue }: StorageOptions, project: ProjectId): string | null {
  return rescue === null ? null : join(rescue, project);
}

interface JournalWanted {
  readonly parts: ProjectParts;
  readonly lock: ProjectLock;
  readonly recovered: Recovered;
  readonly reserve: ReserveFile;
  readonly rescue: string | null;
  readonly onMoved: (moved: Moved) => void;
}

/** Begins a generation: its number is on the disk before anything that bears it. */
async function openJournal(wanted: JournalWanted): Promise<Journal> {
  const { parts, lock, recovered, reserve, rescue, onMoved } = wanted;
  const { folder, storage } = parts;
  const { files } = storage;
  const { lastSequence, generations, folded } = recovered;
  const earlier = generations.map(({ generation }) => generation);
  const latest = Math.max(await latestGeneration(files, folder), ...earlier);
  const generation: Generation = {
    generation: Math.max(lock.number, numberAfter([latest], 'the next opening')),
    after: lastSequence,
  };
  const { id } = parts.document.content;
  lock.watch({
    isAnother: async () => {
      const found = await readDocument(files, folder).catch(() => null);
      return found !== null && found.content.id !== id;
    },
    takenBetween: async () => (await latestGeneration(files, folder)) > generation.generation,
  });
  const saved = { ...generation, acknowledged: lastSequence, folded };
  return new Journal({
    files,
    folder: journalFolder(folder),
    rescue,
    reserve,
    segments: recovered.segments,
    segmentBytes: storage.segmentBytes,
    lastSequence,
    generation,
    earlier: generations,
    folded,
    kept: recovered.replay,
    claim: lock,
    lastSaved: await LastSavedFile.create(files, folder, saved),
    onDiskFull: storage.onWarning,
    onMoved,
    askPlace: storage.askPlace,
  });
}

async function putBack(document: ProjectDocument, labels: ProjectLabels): Promise<void> {
  await document.backUp();
  await labels.checkpoint();
}

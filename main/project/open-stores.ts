import type { RecoveryReport } from '#contract/entities';
import { LabelStore } from '../labels/label-store';
import { Ballast } from './ballast';
import { warnOfFullDisk } from './free-space';
import { Journal } from './journal';
import { journalFolder } from './journal-segment';
import { Ledger } from './ledger';
import { PredictionStore } from './prediction-store';
import type { ProjectDocument } from './project-document';
import type { ProjectLock } from './project-lock';
import { firstStack } from './project-stack';
import { ProjectSteps } from './project-steps';
import { recoverJournal, recoveryReport, type Recovered } from './recovery';
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
  readonly labels: LabelStore;
  readonly predictions: PredictionStore;
  readonly journal: Journal | null;
  readonly steps: ProjectSteps;
  readonly recovered: Recovered;
  readonly recovery: RecoveryReport | null;
}

/**
 * Recovers the journal, then opens everything that stands on it; `mustWrite`
 * throws where predictions may not be written any more.
 *
 * @throws MembranaError disk.full, file.write-failed, project.corrupt
 */
export async function openStores(parts: ProjectParts, mustWrite: () => void): Promise<OpenStores> {
  const { folder, document, storage, holding } = parts;
  const { files, onWarning } = storage;
  const writes = holding.kind === 'read-write';
  const recovered = await recoverJournal(files, folder, { repair: writes });
  const ballast = new Ballast(files, journalFolder(folder), storage.ballastBytes);
  if (writes) await warnOfFullDisk(folder, storage, await ballast.lay());
  const journal = writes
    ? new Journal({
        files,
        folder: journalFolder(folder),
        ballast,
        segments: recovered.segments,
        segmentBytes: storage.segmentBytes,
        lastSequence: recovered.lastSequence,
        onDiskFull: onWarning,
      })
    : null;
  const ledger = new Ledger(journal, recovered);
  const steps = await ProjectSteps.open({ document, ledger, recovered, onWarning }, writes);
  const clean = !writes || holding.cleanShutdown;
  const recovery = recoveryReport(recovered, steps.replayed, clean);
  const entry = firstStack(document);
  const { width, height, depth } = entry.info;
  const labels = await LabelStore.open({
    files,
    project: folder,
    stack: entry.id,
    layer: entry.layer,
    shape: { width, height, depth },
    voxelSize: entry.voxelSize ?? entry.info.voxelSize,
    classes: document.content.classes,
    recovered,
    budgets: storage,
    journal,
    readOnlyReason: holding.kind === 'read-only' ? holding.reason : '',
    ledger,
    release: (sequence) => steps.release(sequence),
    onWarning,
  });
  const predictions = await PredictionStore.open({
    files,
    project: folder,
    stack: entry.id,
    width,
    height,
    depth,
    writable: mustWrite,
    hides: (model, z) => steps.hides(entry.id, model, z),
    written: (model, z) => {
      steps.show(entry.id, model, z);
    },
    onWarning,
  });
  return { labels, predictions, journal, steps, recovered, recovery };
}

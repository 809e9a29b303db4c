import { basename, resolve } from 'node:path';
import type {
  ArrangedStack,
  LayerKey,
  ModelNote,
  ProjectView,
  RecoveryReport,
  StackConditioning,
  StackInfo,
  StackTrust,
  ViewState,
  VoxelSize,
} from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { LayerId, type ModelId } from '#contract/ids';
import {
  encodeStep,
  readableStep,
  type ProjectStep,
  type EncodedEdit,
} from '#contract/project-step';
import type { AuditStore } from './work/audit-store';
import type { EffortStore } from './work/effort-store';
import { LabelStore } from '../labels/label-store';
import { newestRecords } from '../storage/journal/journal-history';
import { openStores, rescueFolder, type OpenStores, type ProjectParts } from './open-stores';
import { stepKey } from '../storage/journal/aside-file';
import { mergeAside, type Merged } from './merge-aside';
import { journalFolder } from '../storage/journal/journal-segment';
import type { MembraneLines } from './predictions/membrane-lines';
import type { PredictionStore } from './predictions/prediction-store';
import type { SourceFingerprint, StackEntry } from './project-file';
import { arrangedStack, mustBeShowable, mustFit, shownAfter, shownLayer } from './arrangement';
import {
  entryOf,
  freeStackId,
  mustBeSize,
  newStackEntry,
  relativeHint,
  type NewStack,
  type StackSize,
} from './project-stack';
import { ProjectFacts } from './project-facts';
import { verifyProject, type Verification } from './verify';
import type { VersionStore } from './versions/version-store';
import { openShownLayer, type ShownLayer, type ShownLayerParts } from './shown-layer';
import { writeFailure } from '../storage/write-errors';

/** An open project. Make one with `createProject` or `openProject`, and close it. */
export class Project extends ProjectFacts {
  /** What was put into it by hand. */
  readonly efforts: EffortStore;
  /** What opening had to repair; null when there was nothing. */
  readonly recovery: RecoveryReport | null;
  private lostReason: string | null = null;
  private closing: Promise<void> | null = null;

  private constructor(
    private readonly parts: ProjectParts,
    private readonly stores: OpenStores,
    private shown: ShownLayer,
    private readonly shownParts: ShownLayerParts,
  ) {
    super(parts.folder, parts.document);
    this.efforts = stores.efforts;
    this.recovery = stores.recovery;
    const { holding, storage } = parts;
    if (holding.kind === 'read-write')
      holding.lock.onLost(() => {
        this.lostReason = 'Another process has taken it over.';
        this.stores.labels.takenOver(this.lostReason);
        storage.onWarning(this.readOnlyError(this.lostReason));
      });
  }

  protected get shownKey(): LayerKey {
    return this.shown.key;
  }

  /** @internal Opens the stores; `openProject` holds the lock already. */
  static async open(parts: ProjectParts): Promise<Project> {
    const stores = await openStores(parts, () => {
      project.assertWritable();
    });
    const { content } = parts.document;
    const key = shownLayer(content);
    const shownParts: ShownLayerParts = {
      files: parts.storage.files,
      project: parts.folder,
      stores,
      assertWritable: () => {
        project.assertWritable();
      },
      content: () => ({ classes: project.classes, model: project.currentModel }),
    };
    const shown = await openShownLayer(entryOf(content, key.stack), key, shownParts);
    const project = new Project(parts, stores, shown, shownParts);
    return project;
  }

  /**
   * Brings another stack or layer into the window; how the one before was
   * looked at is kept for when it comes back.
   *
   * @throws MembranaError labels.layer-removed for one that can't be shown
   */
  async show(key: LayerKey): Promise<void> {
    const { document } = this.parts;
    mustBeShowable(this.arrangement, key);
    const entry = entryOf(document.content, key.stack);
    const shown = await openShownLayer(entry, key, this.shownParts);
    const change = shownAfter(document.content, this.shown.key, key);
    if (this.access.kind === 'read-write') document.changeSoon(change);
    else document.replace(change);
    this.shown = shown;
  }

  /**
   * Takes a stack up without listing it: a step of the history does that. It
   * is on the disk, and in the copy of project.json, before this resolves.
   *
   * @throws as setCurrentModel
   */
  async addStack(
    wanted: Pick<NewStack, 'stackPath' | 'info' | 'fingerprint'>,
  ): Promise<ArrangedStack> {
    this.assertWritable();
    const { document } = this.parts;
    const { stacks } = document.content;
    const id = freeStackId(stacks);
    const layer = LayerId.parse('labels-1');
    const entry = {
      ...newStackEntry({ ...wanted, id, folder: this.folder, layer }),
      listed: false,
    };
    await document.change({ stacks: [...stacks, entry] });
    await document.backUp();
    return arrangedStack(entry);
  }

  /** Labels of the layer in the window. */
  get labels(): LabelStore {
    return this.shown.labels;
  }

  /** Predictions of the stack in the window. */
  get predictions(): PredictionStore {
    return this.shown.predictions;
  }

  /** The thinned lines of the predictions. */
  get lines(): MembraneLines {
    return this.shown.lines;
  }

  /** Named states of the layer in the window. */
  get versions(): VersionStore {
    return this.shown.versions;
  }

  /** Random places of the stack in the window and what a person said of them. */
  get audits(): AuditStore {
    return this.shown.audits;
  }

  /** The labels of any layer. @throws MembranaError labels.layer-removed where there is none of that name */
  labelsOf(key: LayerKey): LabelStore {
    this.stores.labels.at(key);
    return new LabelStore(this.stores.labels, key);
  }

  get access(): ProjectView['access'] {
    const { holding } = this.parts;
    if (holding.kind === 'read-only') return holding;
    return this.lostReason === null
      ? { kind: 'read-write' }
      : { kind: 'read-only', reason: this.lostReason };
  }

  private readOnlyError(reason: string): MembranaError {
    return new MembranaError('project.read-only', `${this.name} can't be changed. ${reason}`, {
      hint: 'Close it where it is open, or work on a copy of the project folder.',
      safe: 'Everything that was reported saved is on the disk.',
    });
  }

  /** Throws `project.read-only` where this project may not be written. */
  assertWritable(): void {
    const { access } = this;
    if (access.kind === 'read-only') throw this.readOnlyError(access.reason);
  }

  /** Keeps the view for the next opening; nothing happens in a read-only project. */
  setView(view: ViewState): void {
    if (this.access.kind === 'read-write') this.parts.document.changeSoon({ view });
  }

  /**
   * Saves a step that is no label patch; resolves when the journal is on the
   * disk and the project is as the step says. It shares the sequence of the
   * label patches; one that is known already is acknowledged again.
   *
   * @throws MembranaError project.out-of-step, project.read-only, disk.full, file.write-failed
   */
  async apply(step: ProjectStep): Promise<{ sequence: number }> {
    if (this.lostReason !== null && this.stores.journal)
      throw await this.stores.journal.setAside('step', step.sequence, encodeStep(step));
    this.assertWritable();
    if (this.closing) throw this.readOnlyError('It is being closed.');
    if (step.change.kind === 'layers') mustFit(this.parts.document.content, step);
    const applied = await this.stores.steps.apply(step);
    if (step.change.kind === 'classes' || step.change.kind === 'layers')
      await this.describeLabels();
    return applied;
  }

  /** The names and colours in the label images are for other programs: a failure is a warning. */
  private async describeLabels(): Promise<void> {
    try {
      await this.stores.labels.describe();
    } catch (error) {
      this.parts.storage.onWarning(writeFailure(this.folder, error));
    }
  }

  /** The newest steps of the undo history, of both kinds, that fit in `bytes`, oldest first, without a gap: it begins after the last one that can't be read. */
  async history(bytes: number): Promise<EncodedEdit[]> {
    const { journal, recovered } = this.stores;
    const records = await newestRecords(journal?.readAfter(0) ?? recovered.replay, bytes);
    const history: EncodedEdit[] = [];
    for (const { kind, payload } of records.reverse()) {
      if (kind === 'label-patch') history.push({ kind: 'labels', patch: new Uint8Array(payload) });
      else {
        const step = readableStep(payload);
        // What came before can't be taken back past it.
        if (step === null) break;
        history.push({ kind: 'project', step });
      }
    }
    return history.reverse();
  }

  /** @throws MembranaError project.read-only, disk.full, file.write-failed */
  async setCurrentModel(model: ModelId | null): Promise<void> {
    this.assertWritable();
    await this.parts.document.change({ model });
  }

  /** Writes a note to a model version in place of the one before; an empty text takes it away. @throws as setCurrentModel */
  async setModelNote(note: ModelNote): Promise<void> {
    this.assertWritable();
    const others = this.modelNotes.filter(({ model }) => model !== note.model);
    const text = note.text.trim();
    const modelNotes = text === '' ? others : [...others, { model: note.model, text }];
    await this.parts.document.change({ modelNotes });
  }

  /** Sets the voxel size that counts; null goes back to the file's. @throws as setCurrentModel */
  async setVoxelSize(voxelSize: VoxelSize | null): Promise<void> {
    this.assertWritable();
    await this.changeStack({ voxelSize });
    await this.stores.labels.describe();
  }

  /** @throws as setCurrentModel */
  async setConditioning(conditioning: StackConditioning | null): Promise<void> {
    this.assertWritable();
    await this.changeStack({ conditioning });
  }

  /** @throws as setCurrentModel */
  async setTrust(trust: StackTrust): Promise<void> {
    this.assertWritable();
    await this.changeStack({ trust });
  }

  /** @throws MembranaError stack.shape-mismatch when a stack of these dimensions can't be the project's */
  mustFit(name: string, found: StackSize): void {
    mustBeSize(this.name, this.stack.info, name, found);
  }

  /** Notes where the source is now; `info` of another file that the user accepted. @throws as setCurrentModel */
  async relinkStack(
    path: string,
    fingerprint: SourceFingerprint,
    info: StackInfo = this.entry.info,
  ): Promise<void> {
    this.assertWritable();
    const { name, source } = this.entry;
    await this.changeStack({
      // What the user calls it stays; the name of a file goes with the file.
      name: name === basename(source.absolute) ? basename(path) : name,
      source: {
        ...this.entry.source,
        relative: relativeHint(this.folder, resolve(path)),
        absolute: resolve(path),
        fingerprint,
      },
      info,
    });
  }

  private async changeStack(change: Partial<StackEntry>): Promise<void> {
    const { document } = this.parts;
    const { id } = this.entry;
    const stacks = document.content.stacks.map((one) =>
      one.id === id ? { ...one, ...change } : one,
    );
    await document.change({ stacks });
  }

  /** Resolves when every step that was accepted so far is on the disk and applied, or has failed. */
  async settled(): Promise<void> {
    await this.stores.steps.settled();
    await this.labels.settled();
  }

  /**
   * Adds strokes that were painted by a process that had lost the project, on
   * top of what is there. @throws MembranaError project.read-only, disk.full, file.write-failed
   */
  async mergeAside(): Promise<Merged> {
    this.assertWritable();
    const { storage, document } = this.parts;
    const known = new Set<string>();
    for await (const record of this.stores.journal?.readAfter(0) ?? []) known.add(stepKey(record));
    const rescue = rescueFolder(storage, document.content.id);
    const folders = [journalFolder(this.folder), ...(rescue === null ? [] : [rescue])];
    return mergeAside(storage.files, folders, this.stores.labels, known);
  }

  /** Reads everything that has a checksum and lists what fails. */
  verify(signal?: AbortSignal): Promise<Verification> {
    return verifyProject(this.parts.storage.files, this.folder, signal);
  }

  /** Saves what waits, makes a checkpoint and gives the project free. */
  close(): Promise<void> {
    this.closing ??= this.closeOnce();
    return this.closing;
  }

  private async closeOnce(): Promise<void> {
    const { document, holding } = this.parts;
    await this.stores.labels.close();
    await this.stores.steps.settled();
    await this.stores.restored();
    if (holding.kind === 'read-only') return;
    const ours = this.lostReason === null;
    const steps = [
      () => (ours ? this.efforts.flush() : null),
      () => (ours ? document.flush() : null),
      () => (ours ? document.confirm() : null),
      () => (ours ? document.backUp() : null),
      () => this.stores.journal?.close(),
      () => holding.lock.release(),
    ];
    // Each is tried, whatever became of the one before; labels are in the journal already.
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        this.parts.storage.onWarning(writeFailure(this.folder, error));
      }
    }
  }
}

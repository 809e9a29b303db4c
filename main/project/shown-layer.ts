import type { LabelClass, LayerKey } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { LabelStore } from '../labels/label-store';
import type { OpenStores } from './open-stores';
import { MembraneLines } from './predictions/membrane-lines';
import type { PredictionStore } from './predictions/prediction-store';
import type { StackEntry } from './project-file';
import type { FileSystem } from '../storage/file-system';
import { VersionStore } from './versions/version-store';
import { AuditStore } from './work/audit-store';

/** What belongs to the stack and the layer of labels that the window shows, as long as it does. */
export interface ShownLayer {
  readonly key: LayerKey;
  readonly labels: LabelStore;
  readonly predictions: PredictionStore;
  /** The thinned lines of the predictions. */
  readonly lines: MembraneLines;
  /** Named states of the layer. */
  readonly versions: VersionStore;
  /** Random places of the stack and what a person said of them. */
  readonly audits: AuditStore;
}

export interface ShownLayerParts {
  readonly files: FileSystem;
  readonly project: string;
  readonly stores: OpenStores;
  readonly assertWritable: () => void;
  /** The rest of a version, as it is at the moment of saving. */
  readonly content: () => { readonly classes: LabelClass[]; readonly model: ModelId | null };
}

/** Opens what lies in the project of a stack and one of its layers. @throws MembranaError file.unreadable */
export async function openShownLayer(
  entry: StackEntry,
  key: LayerKey,
  { files, project, stores, assertWritable, content }: ShownLayerParts,
): Promise<ShownLayer> {
  const labels = new LabelStore(stores.labels, key);
  const predictions = await stores.predictions(entry);
  const { width, height } = entry.info;
  return {
    key,
    labels,
    predictions,
    lines: new MembraneLines(predictions, width, height),
    versions: new VersionStore({
      ...{ files, project, ...key, element: labels.element, labels, content },
      writable: assertWritable,
    }),
    audits: new AuditStore(files, project, key.stack, assertWritable),
  };
}

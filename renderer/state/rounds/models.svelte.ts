import type { ModelVersion } from '#contract/entities';
import type { ModelId } from '#contract/ids';

/** Model versions of the project, and the one in use. */
export class ModelsState {
  all = $state.raw<readonly ModelVersion[]>([]);
  currentId = $state<ModelId | null>(null);
  /** The one in use before main put another in its place. */
  replacedId: ModelId | null = null;

  readonly current = $derived(this.find(this.currentId));
  /** Newest first, as the timeline shows them. */
  readonly timeline = $derived(
    [...this.all].sort((a, b) => b.created.localeCompare(a.created) || b.id.localeCompare(a.id)),
  );

  find(id: ModelId | null): ModelVersion | null {
    return this.all.find((model) => model.id === id) ?? null;
  }

  nameOf(id: ModelId | null): string {
    return this.find(id)?.name ?? id ?? '';
  }

  show(models: readonly ModelVersion[], current: ModelId | null): void {
    this.all = models;
    if (current !== this.currentId) this.replacedId = this.currentId;
    this.currentId = current;
  }
}

import type { ModelVersion } from '#contract/entities';
import type { ModelId } from '#contract/ids';

export type VersionState = 'current' | 'accepted' | 'offered' | 'kept-aside' | 'bundled';

/** What became of a version, in the one word that counts most. */
export function stateOf(
  { id, origin, status }: Pick<ModelVersion, 'id' | 'origin' | 'status'>,
  current: ModelId | null,
): VersionState {
  if (id === current) return 'current';
  if (origin === 'bundled') return 'bundled';
  switch (status.kind) {
    case 'accepted':
      return 'accepted';
    case 'kept-aside':
      return status.offered ? 'offered' : 'kept-aside';
  }
}

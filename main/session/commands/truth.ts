import type { Handlers } from '#main/ipc/handlers';
import type { ServiceParts } from '../service-parts';

type TruthCommands = Pick<Handlers, 'truth.open' | 'truth.close'>;

export function truthCommands({ session, grants }: ServiceParts): TruthCommands {
  return {
    async 'truth.open'({ at, grant }) {
      const path = await grants.path(grant, 'labels', 'stack');
      const { signal } = new AbortController();
      return (await session.at(at).openTruth(path, signal)).layer;
    },
    async 'truth.close'({ at }) {
      await session.at(at).closeTruth();
      return null;
    },
  };
}

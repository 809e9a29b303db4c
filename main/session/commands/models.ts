import type { Handlers } from '#main/ipc/handlers';
import type { ServiceParts } from '../service-parts';

type ModelCommands = Pick<Handlers, 'models.list'>;

export function modelCommands({ session }: ServiceParts): ModelCommands {
  return {
    'models.list': () => session.models(),
  };
}

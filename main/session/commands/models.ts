import type { Handlers } from '#main/ipc/handlers';
import type { ServiceParts } from '../service-parts';

type ModelCommands = Pick<Handlers, 'models.list' | 'models.use'>;

export function modelCommands({ session }: ServiceParts): ModelCommands {
  return {
    'models.list': () => session.models(),
    async 'models.use'({ model }) {
      const open = session.required();
      await open.models.find(model);
      await open.project.setCurrentModel(model);
      await session.announceModels();
      return null;
    },
  };
}

import type { Handlers } from '#main/ipc/handlers';
import type { ServiceParts } from '../service-parts';

type ModelCommands = Pick<Handlers, 'models.list' | 'models.notes' | 'models.setNote'>;

export function modelCommands({ session }: ServiceParts): ModelCommands {
  return {
    'models.list': () => session.models(),
    'models.notes': ({ at }) => [...session.at(at).project.modelNotes],
    async 'models.setNote'({ at, note }) {
      const open = session.at(at);
      // A note to a version that is not there could never be read.
      await open.models.find(note.model);
      await open.project.setModelNote(note);
      return [...open.project.modelNotes];
    },
  };
}

import type { Handlers } from '#main/ipc/handlers';
import type { ServiceParts } from '../service-parts';
import { startTrust } from '../start/start-trust';
import { announceConditioning } from '../announce-conditioning';
import { byHand } from '../stack-conditioning';

type ConditioningCommands = Pick<Handlers, 'conditioning.set' | 'trust.measure'>;

export function conditioningCommands(parts: ServiceParts): ConditioningCommands {
  const { session } = parts;
  return {
    async 'conditioning.set'({ at, conditioning }) {
      const open = session.at(at);
      const { project } = open;
      await project.setConditioning(byHand(conditioning, project.conditioning));
      return announceConditioning(parts, open);
    },
    async 'trust.measure'({ at, model }) {
      return { job: await startTrust(parts, session.at(at).project.stack.id, model) };
    },
  };
}

import { basename } from 'node:path';
import type { ArrangedStack } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { Handlers } from '#main/ipc/handlers';
import { addCells, chunksOf } from '#main/project/cell-layers';
import { copyOf } from '#main/project/copy-layer';
import { openStack } from '#main/stacks/open-stack';
import { sameFingerprint, stackFingerprint } from '#main/stacks/fingerprint';
import { assertIdle } from '../open/assert-idle';
import type { ServiceParts } from '../service-parts';

type LayerCommands = Pick<
  Handlers,
  'layers.choose' | 'layers.addStack' | 'layers.copy' | 'layers.duplicateIds'
>;

export function layerCommands({ session, grants, jobs }: ServiceParts): LayerCommands {
  return {
    async 'layers.choose'({ at, key }) {
      await jobs.stopBackground();
      const mayClose = (): void => {
        assertIdle(jobs);
      };
      return (await session.choose(at, key, mayClose)).view();
    },
    async 'layers.addStack'({ at, grant }) {
      const { project } = session.at(at);
      project.assertWritable();
      const stackPath = await grants.path(grant, 'stack');
      const fingerprint = await stackFingerprint(stackPath);
      const find = (): ArrangedStack | null => {
        const known = project.knownStack((one) => sameFingerprint(one, fingerprint));
        if (!known || project.arrangement.every(({ id }) => id !== known.id)) return known;
        throw new MembranaError('stack.already-here', `${known.name} is in this project already.`, {
          hint: 'Choose it in the list of stacks.',
          safe: 'Nothing was changed.',
          data: { file: basename(stackPath) },
        });
      };
      // One that was removed comes back with everything that was painted in it.
      const known = find();
      if (known) return known;
      const source = await openStack(stackPath, { signal: new AbortController().signal });
      try {
        // Meanwhile the same file may have been added once more.
        return find() ?? (await project.addStack({ stackPath, info: source.info, fingerprint }));
      } finally {
        await source.close();
      }
    },
    async 'layers.duplicateIds'({ at, from, into, name }) {
      const { project } = session.at(at);
      project.assertWritable();
      await jobs.stopBackground();
      const mayClose = (): void => {
        assertIdle(jobs);
      };
      mayClose();
      const layers = project.arrangement.find(({ id }) => id === from.stack)?.layers ?? [];
      const source = layers.find(({ id }) => id === from.layer);
      if (source?.kind !== 'cells')
        throw new MembranaError('labels.layer-removed', 'There is no such layer of ids.', {
          hint: 'Choose one of the list of layers.',
          safe: 'Nothing was changed.',
          data: { layer: from.layer },
        });
      await addCells(
        project,
        {
          stack: from.stack,
          layer: { ...source, id: into, name, hidden: false },
          step: 'Duplicate labels',
        },
        chunksOf(project, from, new AbortController().signal),
      );
      const shown = { stack: project.stack.id, layer: project.layer };
      return (await session.choose(at, shown, mayClose)).view();
    },
    async 'layers.copy'({ at, from, into, sequence }) {
      const { project } = session.at(at);
      project.assertWritable();
      return copyOf(project.labelsOf(from), into, sequence);
    },
  };
}

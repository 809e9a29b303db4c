import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { LayerId } from '#contract/ids';
import { LayerInfo } from '#contract/entities';
import { rescuedStrokes, userDataFolder } from '#main/settings/user-data-folder';
import { addCells } from '#main/project/cell-layers';
import { openProject } from '#main/project/project-store';
import { openStack } from '#main/stacks/open-stack';
import { usageError, type Arguments } from '../arguments';
import type { Outcome } from '../command';
import type { Context } from '../context';
import { idChunks, idElement } from '../id-chunks';

/** Adds a label stack to the stack of a project as a layer of ids. */
export async function addIds(args: Arguments, { signal, progress }: Context): Promise<Outcome> {
  const folder = args.path(args.positional(1, 'FOLDER'));
  const path = args.path(args.positional(2, 'LABELS'));
  args.atMost(3);
  const name = LayerInfo.options[1].shape.name.safeParse(
    args.text('name') ?? basename(path).replace(/\.[^.]*$/, ''),
  );
  if (!name.success) throw usageError('--name takes a name of 1 to 80 letters.', 'project');
  const source = await openStack(path, { signal });
  try {
    const project = await openProject(
      folder,
      { readOnlyIfLocked: false },
      { rescue: rescuedStrokes(userDataFolder()) },
    );
    try {
      project.mustFit(basename(path), source.info);
      const { stack, arrangement } = project;
      const taken = arrangement.find(({ id }) => id === stack.id)?.layers ?? [];
      if (taken.some((layer) => layer.name === name.data))
        throw usageError(`${stack.name} has a layer ${name.data} already.`, 'project');
      const element = idElement(source.info);
      const id = LayerId.parse(`cells-${randomUUID().slice(0, 8)}`);
      const layer = { id, name: name.data, kind: 'cells', element, colour: 'by-id' } as const;
      const { depth } = source.info;
      await addCells(
        project,
        { stack: stack.id, layer: { ...layer, hidden: false }, step: `Add ${name.data}` },
        idChunks(path, source, element, {
          signal,
          progress: (done) => {
            progress.report('slice', done, depth);
          },
        }),
      );
      await project.settled();
      const slices = project.labelsOf({ stack: stack.id, layer: id }).reviewedSlices().length;
      return {
        value: { layer: id, name: name.data, stack: stack.id, element, slices },
        text: `${name.data} is a layer of ${stack.name} now: ids of ${element === 'uint16' ? '16' : '32'} bits on ${String(slices)} slices.`,
        exitCode: 0,
      };
    } finally {
      await project.close();
    }
  } finally {
    await source.close();
  }
}

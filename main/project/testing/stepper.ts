import { openProject } from '../project-store';
import { randomStroke, renameStep, seeded } from './sample-project';

/*
 * A program that renames a class between strokes as fast as it is
 * acknowledged, and prints each sequence once it is saved, until it is killed:
 * `stepper <project folder> <seed>`. Every third step is a rename.
 */
const [, , folder = '', seed = '0'] = process.argv;
const project = await openProject(
  folder,
  { readOnlyIfLocked: false },
  {
    reserveBytes: 0,
    warnBytes: 0,
    checkpointMs: 150,
    segmentBytes: 32 << 10,
    undoBytes: 64 << 10,
  },
);
process.stdout.write(`${JSON.stringify({ opened: project.recovery })}\n`);

for (let sequence = project.labels.lastSequence + 1; ; sequence += 1) {
  if (sequence % 3 === 0) await project.apply(renameStep(sequence));
  else await project.labels.append(randomStroke(seeded(Number(seed) + sequence), sequence));
  process.stdout.write(`${JSON.stringify({ saved: sequence })}\n`);
}

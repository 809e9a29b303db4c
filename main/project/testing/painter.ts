import { openProject } from '../project-store';
import { randomStep } from './layered-project';
import { seeded } from './sample-project';

/*
 * A program that paints in a project as fast as it is acknowledged, several
 * strokes at once, and prints each sequence once it is saved, until it is
 * killed: `painter <project folder> <seed>`. Strokes follow from seed and
 * sequence, so that whoever started it can paint the same.
 */
const [, , folder = '', seed = '0'] = process.argv;
const project = await openProject(
  folder,
  { readOnlyIfLocked: false },
  {
    reserveBytes: 0,
    warnBytes: 0,
    checkpointMs: 150,
    segmentBytes: 64 << 10,
    undoBytes: 128 << 10,
  },
);
process.stdout.write(`${JSON.stringify({ opened: project.recovery })}\n`);

async function paint(sequence: number): Promise<void> {
  const stroke = randomStep(seeded(Number(seed) + sequence), sequence);
  const start = performance.now();
  await project.labels.append(stroke);
  process.stdout.write(`${JSON.stringify({ saved: sequence, ms: performance.now() - start })}\n`);
}

for (let sequence = project.labels.lastSequence + 1; ; sequence += 3) {
  await Promise.all([paint(sequence), paint(sequence + 1), paint(sequence + 2)]);
  // A person lifts the pen between strokes.
  await new Promise((resolve) => setTimeout(resolve, 1));
}

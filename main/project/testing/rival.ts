import { createInterface } from 'node:readline';
import { MembranaError } from '#contract/errors';
import { openProject } from '../project-store';
import { randomStep } from './layered-project';
import { quickStorage, seeded } from './sample-project';

/*
 * A program that holds a project and does what its input says, a line each:
 * `paint`, `checkpoint`, `close`. `rival <project folder> <seed> [rescue
 * folder] [segment bytes]`; strokes follow from seed and sequence. It prints
 * what came of each line, and how many warnings there were so far.
 */
const [, , folder = '', seed = '0', rescue = '', segmentBytes = '65536'] = process.argv;
let warnings = 0;
const project = await openProject(
  folder,
  { readOnlyIfLocked: true },
  {
    ...quickStorage,
    segmentBytes: Number(segmentBytes),
    rescue: rescue === '' ? null : rescue,
    onWarning: () => (warnings += 1),
  },
);
const tell = (what: object): void =>
  void process.stdout.write(`${JSON.stringify({ ...what, warnings })}\n`);
tell({ opened: project.access.kind });

let next = project.labels.lastSequence + 1;
async function paint(): Promise<object> {
  const sequence = next;
  next += 1;
  try {
    await project.labels.append(randomStep(seeded(Number(seed) + sequence), sequence));
    return { saved: sequence };
  } catch (error) {
    if (!(error instanceof MembranaError)) throw error;
    return { refused: sequence, code: error.code, aside: error.data['keptAside'] === true };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'paint') tell(await paint());
  else if (line === 'checkpoint')
    tell({ checkpoint: await project.labels.checkpoint().then(String, String) });
  else if (line === 'close') {
    await project.close();
    tell({ closed: true });
    break;
  }
}

import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openProject } from '../../project-store';
import { Rival } from '../rival-program';
import { differingLayers, newLayeredProject } from '../layered-project';
import { quickStorage } from '../sample-project';
import { Findings } from './findings';
import { paintedUpTo } from './paint-session';

const SEED = 500;
const BEFORE = 10;
const AFTER = 20;

/** What someone does to the journal of a project that is open: a tidy user, a sync client, a cleaner. */
interface Attack {
  readonly name: string;
  readonly strike: (place: string) => Promise<void>;
  /** What is done before it is opened again. */
  readonly amends?: (place: string) => Promise<void>;
}

const journalOf = (place: string): string => join(place, 'journal');

/** The newest file of the journal. */
async function newestLog(place: string): Promise<string> {
  const names = (await readdir(journalOf(place))).filter((name) => name.endsWith('.log'));
  return join(journalOf(place), names.sort().at(-1) ?? 'none.log');
}

/** Another file takes the name at once, as sync clients do it. */
async function replaceWith(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.download`, bytes);
  await rename(`${path}.download`, path);
}

export const attacks: readonly Attack[] = [
  {
    name: 'replaced by the same bytes',
    strike: async (place) => {
      const path = await newestLog(place);
      await replaceWith(path, await readFile(path));
    },
  },
  {
    name: 'replaced by older bytes',
    strike: async (place) => {
      const path = await newestLog(place);
      const bytes = await readFile(path);
      await replaceWith(path, bytes.subarray(0, bytes.length >> 1));
    },
  },
  {
    name: 'cut where it lies',
    strike: async (place) => {
      const path = await newestLog(place);
      await truncate(path, (await readFile(path)).length >> 1);
    },
  },
  {
    name: 'renamed',
    strike: async (place) => {
      const path = await newestLog(place);
      await rename(path, join(journalOf(place), 'set-aside.txt'));
    },
  },
  { name: 'deleted', strike: async (place) => rm(await newestLog(place)) },
  {
    name: 'its folder removed',
    strike: (place) => rm(journalOf(place), { recursive: true }),
  },
  {
    name: 'its folder moved',
    strike: (place) => rename(journalOf(place), join(place, 'old journal')),
  },
  {
    name: 'its folder removed and made anew',
    strike: async (place) => {
      await rm(journalOf(place), { recursive: true });
      await mkdir(journalOf(place));
    },
  },
  {
    name: 'all its older files deleted',
    strike: async (place) => {
      const newest = basename(await newestLog(place));
      for (const name of await readdir(journalOf(place)))
        if (name.endsWith('.log') && name !== newest) await rm(join(journalOf(place), name));
    },
  },
  {
    name: 'the project away for a while',
    strike: (place) => rename(place, `${place} away`),
    amends: async (place) => {
      await rm(place, { recursive: true, force: true });
      await rename(`${place} away`, place);
    },
  },
];

/** How a session may end, and whether strokes follow the attack. */
const endings = ['killed', 'closed at once', 'closed', 'killed at once'] as const;
type Ending = (typeof endings)[number];

interface Trial {
  readonly attack: Attack;
  readonly ending: Ending;
  readonly checkpoint: boolean;
}

/** Small files, so that there are several. */
const SEGMENT_BYTES = 8 << 10;

async function trial(
  program: string,
  work: string,
  { attack, ending, checkpoint }: Trial,
  findings: Findings,
): Promise<void> {
  const what = `${attack.name}, ${ending}${checkpoint ? ', past a checkpoint' : ''}`;
  const place = join(work, 'Moved.emproj');
  const rescue = join(work, 'rescued');
  await (await newLayeredProject(place, quickStorage)).close();
  const painter = new Rival(program, place, SEED, rescue, String(SEGMENT_BYTES));
  try {
    await painter.opened();
    await painter.do('paint', BEFORE);
    if (checkpoint) await painter.do('checkpoint');
    await painter.do('paint', BEFORE);
    await attack.strike(place);
    if (!ending.endsWith('at once')) await painter.do('paint', AFTER);
    if (ending.startsWith('closed')) await painter.do('close');
    await painter.kill();
    const answers = await painter.answers();
    const acknowledged = Math.max(...answers.map(({ saved }) => saved ?? 0));
    const told = answers.some(({ warnings }) => warnings > 0);
    findings.count('attacks');
    findings.count('acknowledged', answers.filter(({ saved }) => saved !== undefined).length);
    await attack.amends?.(place);
    await findings.attempt(what, async () => {
      const project = await openProject(
        place,
        { readOnlyIfLocked: false },
        { ...quickStorage, rescue },
      );
      const expected = paintedUpTo(SEED, acknowledged);
      const lost = (await differingLayers(project, expected)).length > 0;
      const saysSo = project.recovery !== null && !project.recovery.complete;
      if (lost) findings.count('lost');
      // What was on the disk alone, and in the memory of who was killed, is gone: that must be said.
      const mayLose = ending === 'killed at once';
      if (lost) findings.expect(mayLose && saysSo, `${what}: strokes are lost`);
      else findings.expect(!saysSo, `${what}: "${project.recovery?.message ?? ''}"`);
      findings.expect(told || ending.endsWith('at once'), `${what}: nobody was told`);
      await project.close();
    });
  } finally {
    await painter.kill();
  }
}

/** The journal of an open project (`rival.mjs`) replaced, renamed or deleted: 0 acknowledged strokes lost, or a message that says so. */
export async function movedJournal(
  program: string,
  folder: string,
  size: 'small' | 'full',
): Promise<Findings> {
  const findings = new Findings('a journal moved while it is open');
  for (const [n, attack] of attacks.entries())
    for (const ending of endings)
      for (const checkpoint of [false, true]) {
        // The small size takes each attack once, with its ending in turn.
        const chosen = ending === endings[n % 3 === 2 ? 1 : 0] && checkpoint === (n % 2 === 0);
        if (size === 'small' && !chosen) continue;
        const work = join(folder, 'moved');
        await mkdir(work);
        await trial(program, work, { attack, ending, checkpoint }, findings);
        await rm(work, { recursive: true });
      }
  return findings;
}

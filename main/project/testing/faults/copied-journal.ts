import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openProject } from '../../project-store';
import { differingLayers, newLayeredProject, randomStep } from '../layered-project';
import { quickStorage, seeded } from '../sample-project';
import { Findings } from './findings';
import { paintedUpTo } from './paint-session';

const SEED = 900;
const STROKES = 24;
const storage = { ...quickStorage, segmentBytes: 4 << 10 };

/** Names that sync clients and people give to copies. */
const copyNames: readonly ((name: string) => string)[] = [
  (name) => name.replace('.log', ' (conflict).log'),
  (name) => name.replace('.log', ' (1).log'),
  (name) => name.replace('.log', '.sync-conflict-20260714-101112-ABCDEFG.log'),
  (name) => name.replace('.log', " (Ada's conflicted copy 2026-07-14).log"),
  (name) => name.replace('.log', '-LAPTOP.log'),
  (name) => `copy of ${name}`,
  (name) => `${name}.bak`,
  () => 'journal.log',
];

interface Mutation {
  readonly name: string;
  /** Changes the journal folder; resolves with the strokes that are gone by it: none, some, or whoever opens it can't tell. */
  readonly make: (journal: string, logs: readonly string[]) => Promise<'none' | 'some' | 'unknown'>;
}

function pick<T>(from: readonly T[], at: number): T {
  const found = from.at(at);
  if (found === undefined) throw new Error('the journal has too few files');
  return found;
}

const harmless: readonly Mutation[] = [
  ...copyNames.flatMap((named, n): Mutation[] => [
    {
      name: `a copy named as in case ${String(n)}`,
      make: async (journal, logs) => {
        const log = pick(logs, n % logs.length);
        await cp(join(journal, log), join(journal, named(log)));
        return 'none';
      },
    },
    {
      name: `an older copy named as in case ${String(n)}`,
      make: async (journal, logs) => {
        const log = pick(logs, n % logs.length);
        const bytes = await readFile(join(journal, log));
        await writeFile(join(journal, named(log)), bytes.subarray(0, bytes.length >> 1));
        return 'none';
      },
    },
    {
      name: `only the copy is left, named as in case ${String(n)}`,
      make: async (journal, logs) => {
        const log = pick(logs, n % logs.length);
        await rename(join(journal, log), join(journal, named(log)));
        return 'none';
      },
    },
  ]),
  {
    name: 'two files changed places',
    make: async (journal, logs) => {
      const [a, b] = [join(journal, pick(logs, 0)), join(journal, pick(logs, 1))];
      await rename(a, `${a}.tmp`);
      await rename(b, a);
      await rename(`${a}.tmp`, b);
      return 'none';
    },
  },
  {
    name: 'a file twice in itself',
    make: async (journal, logs) => {
      const path = join(journal, pick(logs, 0));
      const bytes = await readFile(path);
      await writeFile(path, Buffer.concat([bytes, bytes]));
      return 'none';
    },
  },
  {
    name: 'everything copied once more',
    make: async (journal, logs) => {
      for (const log of logs)
        await cp(join(journal, log), join(journal, log.replace('.log', ' (2).log')));
      return 'none';
    },
  },
];

const harmful: readonly Mutation[] = [
  {
    name: 'the first file is missing',
    make: async (journal, logs) => {
      await rm(join(journal, pick(logs, 0)));
      return 'some';
    },
  },
  {
    name: 'a file in the middle is missing',
    make: async (journal, logs) => {
      await rm(join(journal, pick(logs, 1)));
      return 'some';
    },
  },
  {
    name: 'the last file is missing',
    make: async (journal, logs) => {
      await rm(join(journal, pick(logs, -1)));
      return 'some';
    },
  },
  {
    name: 'the last file is an older one',
    make: async (journal, logs) => {
      const path = join(journal, pick(logs, -1));
      await writeFile(path, '');
      return 'some';
    },
  },
  {
    name: 'no file is left',
    make: async (journal, logs) => {
      for (const log of logs) await rm(join(journal, log));
      return 'some';
    },
  },
  {
    name: 'the journal is gone',
    make: async (journal) => {
      await rm(journal, { recursive: true });
      return 'some';
    },
  },
  {
    name: 'nobody knows how far it went',
    make: async (journal) => {
      await rm(join(journal, '..', 'last-saved.bin'), { force: true });
      return 'unknown';
    },
  },
];

/** Strokes of 1 … STROKES that are told by the files: each fits one record. */
async function mutated(
  work: string,
  source: string,
  { name, make }: Mutation,
  findings: Findings,
): Promise<void> {
  const place = join(work, 'Mutated.emproj');
  await rm(place, { recursive: true, force: true });
  await cp(source, place, { recursive: true });
  const journal = join(place, 'journal');
  const logs = (await readdir(journal)).filter((entry) => entry.endsWith('.log')).sort();
  findings.expect(logs.length > 2, 'the journal has too few files');
  const gone = await make(journal, logs);
  findings.count('journals');
  await findings.attempt(name, async () => {
    const project = await openProject(place, { readOnlyIfLocked: false }, storage);
    const { recovery } = project;
    const different = await differingLayers(project, paintedUpTo(SEED, STROKES));
    const message = recovery?.message ?? 'nothing said';
    if (gone === 'none') {
      findings.expect(different.length === 0, `${name}: strokes are lost`);
      findings.expect(recovery?.complete === true, `${name}: "${message}"`);
    } else {
      findings.expect(recovery?.complete === false, `${name}: called whole: "${message}"`);
      findings.expect(!/\b0 lost/.test(message), `${name}: "${message}"`);
      const counted = (recovery?.strokesMissing ?? 0) + (recovery?.strokesRecovered ?? 0);
      if (gone === 'some')
        findings.expect(counted >= STROKES, `${name}: ${String(counted)} strokes accounted for`);
    }
    await project.close();
  });
}

/** Copied, renamed, reordered and missing files of a journal: every good record counts once, and what is missing is told. */
export async function copiedJournal(work: string): Promise<Findings> {
  const findings = new Findings('copies and gaps in the journal');
  const source = join(work, 'Source.emproj');
  const writer = await newLayeredProject(source, storage);
  for (let sequence = 1; sequence <= STROKES; sequence += 1)
    await writer.labels.append(randomStep(seeded(SEED + sequence), sequence));
  const killed = join(work, 'Killed.emproj');
  await cp(source, killed, { recursive: true });
  await rm(join(killed, 'lock'), { recursive: true });
  await writer.close();
  for (const mutation of [...harmless, ...harmful]) await mutated(work, killed, mutation, findings);
  for (const name of [source, killed, join(work, 'Mutated.emproj')])
    await rm(name, { recursive: true, force: true });
  return findings;
}

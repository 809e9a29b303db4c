import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { atomicFaults } from './faults/atomic-faults';
import { diskFault, diskFaults } from './faults/disk-faults';
import { copiedJournal } from './faults/copied-journal';
import type { Findings } from './faults/findings';
import { chunkFlips, documentFlips, journalCuts, journalFlips } from './faults/journal-damage';
import { killLoop } from './faults/kill-loop';
import { killedMigration } from './faults/migration';
import { jumpingClock, longPath, openerRace, readOnlyFolder } from './faults/places';
import { movedJournal } from './faults/moved-journal';
import { powerLoss } from './faults/power-loss';
import { rivals } from './faults/rivals';
import { smallDisk } from './faults/small-disk';
import { strangePlaces } from './faults/strange-places';

/*
 * The fault suite as a program: `fault-suite [--size small|full] [--kills N]
 * [--only kill,power,…]`. One line of JSON a part goes to stdout; the exit
 * code is 1 when anything was lost, mixed or not noticed. The programs
 * painter.mjs, opener.mjs, rival.mjs and lock-racer.mjs lie beside it.
 */
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'small' },
    kills: { type: 'string' },
    only: { type: 'string' },
  },
});
const full = values.size === 'full';
const every = full ? ('every' as const) : null;
const folder = await mkdtemp(join(tmpdir(), 'membrana-faults-'));
/** The projects of earlier formats, in the repository that this is run in. */
const golden = resolve('main', 'project', 'testing', 'golden');
const beside = (name: string): string => join(import.meta.dirname, `${name}.mjs`);

const kills = Number(values.kills ?? (full ? 240 : 5));
/** A long loop says every now and then that it is alive. */
const tellKill = (kill: number): void => {
  if (kill % 20 === 0) process.stderr.write(`  ${String(kill)} of ${String(kills)} kills\n`);
};

const parts: readonly (readonly [string, () => Promise<Findings>])[] = [
  ['kill', () => killLoop(beside('painter'), folder, kills, tellKill)],
  ['migration', () => killedMigration(beside('opener'), golden, folder, full ? 50 : 5)],
  ['atomic', atomicFaults],
  ['power', () => powerLoss(every ?? 12)],
  ...diskFaults.map((fault) => ['disk', () => diskFault(fault, every ?? 4)] as const),
  ['cuts', journalCuts],
  ['flips', () => journalFlips(full ? 1 : 29)],
  ['flips', () => chunkFlips(full ? 1 : 101)],
  ['flips', documentFlips],
  ['moved', () => movedJournal(beside('rival'), folder, full ? 'full' : 'small')],
  ['copies', () => copiedJournal(folder)],
  ['rivals', () => rivals(beside('rival'), folder)],
  ['small-disk', () => smallDisk(folder)],
  ['race', () => openerRace(beside('lock-racer'), folder, full ? 10 : 1)],
  ['strange', () => strangePlaces(folder, full ? 1 : 29)],
  ['places', () => longPath(folder)],
  ['places', () => readOnlyFolder(folder)],
  ['places', jumpingClock],
];
const only = values.only?.split(',');

try {
  for (const [name, run] of parts) {
    if (only && !only.includes(name)) continue;
    const start = performance.now();
    const { section, counts, failures, notes } = await run();
    const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
    process.stdout.write(`${JSON.stringify({ section, counts, failures, notes, seconds })}\n`);
    if (failures.length > 0) process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

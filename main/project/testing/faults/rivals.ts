import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openProject } from '../../project-store';
import { Rival, type Answer } from '../rival-program';
import { differingLayers, NaiveLayers, newLayeredProject, randomEdit } from '../layered-project';
import { quickStorage, seeded } from '../sample-project';
import { Findings } from './findings';
import { paintedUpTo } from './paint-session';

const HOLDER = 100;
const TAKER = 4000;
/** Makes the claim look like one from elsewhere that has been silent for two minutes. */
async function disguise(place: string, change: Record<string, string>): Promise<void> {
  const lock = join(place, 'lock');
  const name = (await readdir(lock)).find((entry) => entry.startsWith('owner')) ?? '';
  const path = join(lock, name);
  const owner: unknown = JSON.parse(await readFile(path, 'utf8'));
  // In place, as the holder would find its own claim.
  await writeFile(path, JSON.stringify(Object.assign({}, owner, change)));
  const then = Date.now() / 1000 - 120;
  await utimes(join(lock, 'heartbeat'), then, then);
  await utimes(path, then, then);
}

const elsewhere = { host: 'another-machine', boot: 'another boot', machine: 'another machine' };

function add(naive: NaiveLayers, seed: number, saved: readonly Answer[]): void {
  for (const { saved: sequence } of saved)
    if (sequence !== undefined) naive.apply(randomEdit(seeded(seed + sequence), sequence));
}

/** What the project holds at the end is what the holder saved before it lost it, and everything that the taker saved. */
async function expectBoth(
  place: string,
  naive: NaiveLayers,
  findings: Findings,
  what: string,
): Promise<void> {
  await findings.attempt(what, async () => {
    await rm(join(place, 'lock'), { recursive: true, force: true });
    const project = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
    const different = await differingLayers(project, naive);
    findings.count('lost', different.length > 0 ? 1 : 0);
    findings.expect(different.length === 0, `${what}: acknowledged strokes are lost`);
    await project.close();
    const again = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
    const stays = await differingLayers(again, naive);
    findings.expect(stays.length === 0, `${what}: strokes are lost at the second opening`);
    findings.expect((await again.verify()).problems.length === 0, `${what}: files are damaged`);
    await again.close();
  });
}

/** A holder that slept, a taker from another machine, and the holder awake again. */
async function sleeper(
  program: string,
  place: string,
  { checkpoints, asleep }: { readonly checkpoints: boolean; readonly asleep: boolean },
  findings: Findings,
): Promise<void> {
  const what = `a holder that ${asleep ? 'slept' : 'fell silent'}${checkpoints ? ' and makes checkpoints' : ''}`;
  await (await newLayeredProject(place, quickStorage)).close();
  const holder = new Rival(program, place, HOLDER);
  let taker: Rival | null = null;
  try {
    await holder.opened();
    const before = await holder.do('paint', 5);
    if (checkpoints) await holder.do('checkpoint');
    const more = await holder.do('paint', 3);
    const naive = paintedUpTo(0, 0);
    const known = (await holder.answers()).length;
    add(naive, HOLDER, [...before, ...more]);
    if (asleep) holder.signal('SIGSTOP');
    // On their way when it falls asleep.
    if (checkpoints && asleep) holder.ask('checkpoint');
    for (let i = 0; i < 4; i += 1) holder.ask('paint');
    if (!asleep) add(naive, HOLDER, (await holder.answers()).slice(-4));
    await disguise(place, elsewhere);
    taker = new Rival(program, place, TAKER);
    const opened = await taker.opened();
    findings.expect(opened === 'read-write', `${what}: the taker did not get it`);
    let taken = await taker.do('paint', 4);
    if (checkpoints) await taker.do('checkpoint');
    taken = [...taken, ...(await taker.do('paint', 4))];
    holder.signal('SIGCONT');
    if (checkpoints) holder.ask('checkpoint');
    const late = (await holder.do('paint', 3)).concat((await holder.answers()).slice(known));
    if (checkpoints) await holder.do('checkpoint');
    const saved = late.filter((answer) => answer.saved !== undefined && asleep);
    findings.count('saved over the taker', saved.length);
    findings.expect(saved.length === 0, `${what}: it still said saved`);
    const kept = late.filter(({ refused, aside }) => refused !== undefined && aside === true);
    findings.count('kept aside', new Set(kept.map(({ refused }) => refused)).size);
    findings.expect(kept.length > 0, `${what}: its strokes were not kept`);
    taken = [...taken, ...(await taker.do('paint', 2))];
    if (checkpoints) await taker.do('checkpoint');
    findings.count('acknowledged', before.length + more.length + taken.length);
    findings.expect(
      taken.every((answer) => answer.saved !== undefined),
      `${what}: the taker could not paint`,
    );
    await holder.do('close');
    await taker.kill();
    add(naive, TAKER, taken);
    await expectBoth(place, naive, findings, what);
  } finally {
    holder.signal('SIGCONT');
    await holder.kill();
    await taker?.kill();
  }
}

/** Another host name on the same machine: the holder lives, so nobody takes its project. */
async function renamedHost(program: string, place: string, findings: Findings): Promise<void> {
  await (await newLayeredProject(place, quickStorage)).close();
  const holder = new Rival(program, place, HOLDER);
  let taker: Rival | null = null;
  try {
    await holder.opened();
    await holder.do('paint', 2);
    holder.signal('SIGSTOP');
    await disguise(place, { host: 'renamed-by-the-network' });
    taker = new Rival(program, place, TAKER);
    const opened = await taker.opened();
    findings.expect(opened === 'read-only', 'a renamed machine was taken for another one');
    findings.count('renamed hosts');
  } finally {
    holder.signal('SIGCONT');
    await holder.kill();
    await taker?.kill();
  }
}

/** Two that want to write the same project (`rival.mjs`): never both, and nothing acknowledged is lost. */
export async function rivals(program: string, folder: string): Promise<Findings> {
  const findings = new Findings('a holder that lost the project');
  const work = join(folder, 'rivals');
  await mkdir(work);
  let n = 0;
  for (const checkpoints of [false, true])
    for (const asleep of [true, false]) {
      n += 1;
      const place = join(work, `Rivals-${String(n)}.emproj`);
      await sleeper(program, place, { checkpoints, asleep }, findings);
    }
  await renamedHost(program, join(work, 'Renamed.emproj'), findings);
  await rm(work, { recursive: true });
  return findings;
}

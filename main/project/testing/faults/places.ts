import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileSystem } from '../../../storage/file-system';
import { nodeFileSystem } from '../../../storage/node-file-system';
import { ProjectLock } from '../../../storage/lock/project-lock';
import { openProject } from '../../project-store';
import type { Project } from '../../project';
import { startProgram } from '../child-program';
import { faultyFileSystem } from '../../../storage/testing/faulty-file-system';
import { PowerLossDisk } from '../../../storage/testing/power-loss-file-system';

import { differingLayers, newLayeredProject, randomStep } from '../layered-project';
import { quickStorage, seeded } from '../sample-project';
import { Findings } from './findings';
import {
  expectNothingLost,
  nothingYet,
  paintedUpTo,
  paintSession,
  sessionPlace,
  sessionStorage,
} from './paint-session';

const SEED = 31;

async function paint(project: Project, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const sequence = project.labels.lastSequence + 1;
    await project.labels.append(randomStep(seeded(SEED + sequence), sequence));
  }
}

/** A path of letters that need four bytes, some 250 characters long. */
export async function longPath(folder: string): Promise<Findings> {
  const findings = new Findings('a path with emoji, 250 characters long');
  const part = 'Größe 🧠 крыса 试验 ';
  let place = folder;
  while (place.length < 215) place = join(place, part.repeat(2).trim());
  place = join(place, `${'n'.repeat(Math.max(1, 242 - place.length))}.emproj`);
  await findings.attempt('the long path', async () => {
    let project = await newLayeredProject(place, quickStorage);
    await paint(project, 12);
    await project.versions.save('Erste Fassung 🧠');
    await project.close();
    project = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
    const different = await differingLayers(project, paintedUpTo(SEED, 12));
    findings.expect(different.length === 0, 'labels differ');
    findings.expect((await project.verify()).problems.length === 0, 'files are damaged');
    await project.close();
    findings.count('characters', place.length);
  });
  return findings;
}

async function opensForReading(
  place: string,
  files: FileSystem,
  findings: Findings,
  what: string,
): Promise<void> {
  await findings.attempt(what, async () => {
    const storage = { ...quickStorage, files };
    const project = await openProject(place, { readOnlyIfLocked: true }, storage);
    findings.count('openings');
    findings.expect(project.access.kind === 'read-only', `${what}: it says it can be written`);
    const different = await differingLayers(project, paintedUpTo(SEED, 7));
    findings.expect(different.length === 0, `${what}: labels differ`);
    const refused = await paint(project, 1).then(
      () => false,
      () => true,
    );
    findings.expect(refused, `${what}: a stroke was taken`);
    await project.close();
  });
}

/** A folder that can't be written to: opens for reading, with everything in it. */
export async function readOnlyFolder(folder: string): Promise<Findings> {
  const findings = new Findings('a folder that is read-only');
  const disk = new PowerLossDisk(seeded(4));
  const inMemory = await newLayeredProject(sessionPlace, { ...quickStorage, files: disk });
  await paint(inMemory, 7);
  await inMemory.close();
  for (const code of ['EROFS', 'EACCES', 'EPERM'])
    await opensForReading(
      sessionPlace,
      faultyFileSystem(() => ({ code }), disk),
      findings,
      code,
    );
  const mount = join(folder, 'read-only');
  await mkdir(mount, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', mount], { stdio: 'ignore' });
  } catch {
    findings.notes.push('not on a real disk: only root can mount one');
    return findings;
  }
  try {
    const place = join(mount, 'Real.emproj');
    const project = await newLayeredProject(place, quickStorage);
    await paint(project, 7);
    await project.close();
    execFileSync('mount', ['-o', 'remount,ro', mount], { stdio: 'ignore' });
    await opensForReading(place, nodeFileSystem, findings, 'a real disk');
  } finally {
    execFileSync('umount', [mount]);
  }
  return findings;
}

/** The clock of the machine jumps by days, back and forth, at every look. */
export async function jumpingClock(): Promise<Findings> {
  const findings = new Findings('a clock that jumps');
  const disk = new PowerLossDisk(seeded(6));
  await (await newLayeredProject(sessionPlace, { ...sessionStorage, files: disk })).close();
  const real = Date.now.bind(Date);
  const random = seeded(7);
  const acknowledged = nothingYet();
  Date.now = () => {
    findings.count('jumps');
    return real() + Math.floor((random() - 0.5) * 20 * 86_400_000);
  };
  try {
    await findings.attempt('painting', () => paintSession(disk, SEED, acknowledged));
    await expectNothingLost(disk, SEED, acknowledged, findings, 'a jumping clock');
  } finally {
    Date.now = real;
  }
  await expectNothingLost(disk, SEED, acknowledged, findings, 'after a jumping clock');
  findings.expect(acknowledged.sequence === 8, 'a stroke was refused');
  return findings;
}

/** Programs (`lock-racer.mjs`) that race for one project, `rounds` times. */
export async function openerRace(
  program: string,
  folder: string,
  rounds: number,
): Promise<Findings> {
  const findings = new Findings('openers that race');
  for (let round = 0; round < rounds; round += 1) {
    const place = join(folder, `race-${String(round)}`);
    await mkdir(place, { recursive: true });
    const first = startProgram(program, place);
    await first.gotLines(1);
    await first.kill();
    const racers = Array.from({ length: 6 }, () => startProgram(program, place));
    await Promise.all(racers.map((racer) => racer.gotLines(1)));
    const held = racers.filter(
      ({ lines }) => JSON.stringify(lines[0]) === '{"kind":"held"}',
    ).length;
    findings.count('races');
    findings.expect(held === 1, `race ${String(round)}: ${String(held)} got it`);
    await Promise.all(racers.map((racer) => racer.kill()));
    const after = await ProjectLock.acquire(nodeFileSystem, place);
    findings.expect(after.kind === 'held', `race ${String(round)}: it stays locked`);
    if (after.kind === 'held') await after.lock.release();
  }
  return findings;
}

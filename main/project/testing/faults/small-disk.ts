import { execFileSync } from 'node:child_process';
import { mkdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MembranaError, toErrorReport } from '#contract/errors';
import { openProject } from '../../project-store';
import type { Project } from '../../project';
import {
  differingLayers,
  encodeStep,
  NaiveLayers,
  newLayeredProject,
  randomEdit,
} from '../layered-project';
import { quickStorage, seeded } from '../sample-project';
import { Findings } from './findings';

/** Longer than the reserve waits before it is laid again. */
const RESERVE_RETRY_MS = 1100;

async function paint(project: Project, naive: NaiveLayers): Promise<void> {
  const sequence = project.labels.lastSequence + 1;
  const edit = randomEdit(seeded(sequence), sequence);
  await project.labels.append(encodeStep(edit));
  naive.apply(edit);
}

async function same(project: Project, naive: NaiveLayers): Promise<boolean> {
  return (await differingLayers(project, naive)).length === 0;
}

async function fillWhilePainting(disk: string, findings: Findings): Promise<void> {
  const warnings: string[] = [];
  const options = {
    ...quickStorage,
    reserveBytes: 512 << 10,
    segmentBytes: 128 << 10,
    onWarning: ({ code }: MembranaError) => warnings.push(code),
  };
  const place = join(disk, 'Small.emproj');
  const project = await newLayeredProject(place, options);
  const filler = join(disk, 'filler');
  await writeFile(filler, new Uint8Array(1 << 20));
  const naive = new NaiveLayers();
  let refusal = '';
  for (let n = 0; n < 20_000 && refusal === ''; n += 1)
    await paint(project, naive).catch((error: unknown) => (refusal = toErrorReport(error).code));
  const saved = project.labels.lastSequence;
  findings.count('acknowledged', saved);
  findings.expect(refusal === 'disk.full', `the full disk was answered with "${refusal}"`);
  findings.expect(warnings.includes('disk.full'), 'nobody was warned');
  findings.expect(await same(project, naive), 'labels differ on the full disk');
  const version = await project.versions.save('On a full disk').then(
    () => '',
    (error: unknown) => toErrorReport(error).code,
  );
  findings.expect(version === 'disk.full', `a version was answered with "${version}"`);
  findings.expect((await project.versions.list()).length === 0, 'half a version is listed');
  await unlink(filler);
  await sleep(RESERVE_RETRY_MS);
  await paint(project, naive);
  await project.close();
  const again = await openProject(place, { readOnlyIfLocked: false }, options);
  findings.count('lost', Math.max(0, saved + 1 - again.labels.lastSequence));
  findings.expect(again.labels.lastSequence === saved + 1, 'a stroke was lost');
  findings.expect(await same(again, naive), 'labels differ afterwards');
  await again.close();
}

async function closeOnFullDisk(disk: string, findings: Findings): Promise<void> {
  const place = join(disk, 'Closed.emproj');
  const project = await newLayeredProject(place, quickStorage);
  const naive = new NaiveLayers();
  for (let n = 0; n < 20; n += 1) await paint(project, naive);
  const filler = join(disk, 'filler');
  await writeFile(filler, new Uint8Array(8 << 20)).catch(() => undefined);
  await project.close();
  await unlink(filler);
  const again = await openProject(place, { readOnlyIfLocked: false }, quickStorage);
  findings.count('acknowledged', 20);
  findings.expect(
    again.recovery?.message === 'Recovered 20 strokes, 0 lost.',
    `closed on a full disk: ${again.recovery?.message ?? 'nothing recovered'}`,
  );
  findings.expect(await same(again, naive), 'closed on a full disk: labels differ');
  await again.close();
}

/** Painting on a real disk of 6 MB until it is full, then with room again; left out where none can be mounted. */
export async function smallDisk(folder: string): Promise<Findings> {
  const findings = new Findings('a small disk that fills up');
  const disk = join(folder, 'small-disk');
  await mkdir(disk, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    findings.notes.push('left out: only root can mount a disk of a known size');
    return findings;
  }
  try {
    await findings.attempt('filling the disk', () => fillWhilePainting(disk, findings));
    await findings.attempt('closing on a full disk', () => closeOnFullDisk(disk, findings));
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
  return findings;
}

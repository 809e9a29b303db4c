import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { MembranaError } from '#contract/errors';
import { unsealJson } from '../../../storage/checksum';
import type { Project } from '../../project';
import { openProject } from '../../project-store';
import { PROJECT_FORMAT } from '../../project-file';
import { startProgram } from '../child-program';
import { GoldenFacts, hashOf, unpackFolder } from '../golden-file';
import { quickStorage, seeded, shape } from '../sample-project';
import { Findings } from './findings';

const Format = z.looseObject({ format: z.number() });

async function formatOf(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'project.json'), 'utf8');
  return Format.parse(unsealJson(text)).format;
}

/** A claim that the kill caught before it was filled is respected until nobody can be filling it any more. */
async function openWhenFree(place: string): Promise<Project> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await openProject(place, { readOnlyIfLocked: false }, quickStorage);
    } catch (error) {
      const isLocked = error instanceof MembranaError && error.code === 'project.locked';
      if (!isLocked || attempt > 40) throw error;
      await sleep(250);
    }
}

/** The first opening of a project of each earlier format (`golden`) by this version, killed at random moments: it opens afterwards, with everything in it. */
export async function killedMigration(
  program: string,
  golden: string,
  folder: string,
  kills: number,
): Promise<Findings> {
  const findings = new Findings('kill -9 while an older project is migrated');
  const random = seeded(41);
  for (let kill = 0; kill < kills; kill += 1) {
    const name = `format-${String(1 + (kill % (PROJECT_FORMAT - 1)))}.json`;
    const facts = GoldenFacts.parse(JSON.parse(await readFile(join(golden, name), 'utf8')));
    const place = join(folder, `Migrated-${String(kill)}.emproj`);
    await mkdir(place, { recursive: true });
    await unpackFolder(join(golden, `${name}.gz`), place);
    const opener = startProgram(program, place);
    await opener.gotLines(1);
    await sleep(random() * 60);
    await opener.kill();
    findings.count('kills');
    const before = await formatOf(place);
    findings.count(before < PROJECT_FORMAT ? 'before the migration' : 'after it');
    findings.count('opened', opener.lines.length - 1);
    await findings.attempt(`${name}, kill ${String(kill)}`, async () => {
      const project = await openWhenFree(place);
      const hashes: string[] = [];
      for (let z = 0; z < shape.depth; z += 1) hashes.push(hashOf(await project.labels.slice(z)));
      const same = JSON.stringify(hashes) === JSON.stringify(facts.slices);
      findings.expect(same, `${name}, kill ${String(kill)}: labels are not what was stored`);
      const lost = facts.lastSequence - project.labels.lastSequence;
      findings.count('lost', Math.max(0, lost));
      findings.expect(lost === 0, `${name}, kill ${String(kill)}: ${String(lost)} steps lost`);
      const { problems } = await project.verify();
      findings.expect(problems.length === 0, `${name}, kill ${String(kill)}: damage`);
      await project.close();
      findings.expect(
        (await formatOf(place)) === PROJECT_FORMAT,
        `${name}, kill ${String(kill)}: it was not migrated afterwards`,
      );
    });
  }
  return findings;
}

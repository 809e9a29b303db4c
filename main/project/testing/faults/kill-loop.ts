import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Coverage } from '#contract/entities';
import { countLabels } from '../../../labels/label-tiles';
import { openProject } from '../../project-store';
import { startProgram } from '../child-program';
import {
  differingLayers,
  NaiveLayers,
  newLayeredProject,
  randomEdit,
  sampleLayers,
  type SampleLayer,
} from '../layered-project';
import { quickStorage, seeded } from '../sample-project';
import { Findings, quantile } from './findings';

/** Acknowledged before a run may be killed. */
const LEAST_ACKNOWLEDGED = 100;
const SEED = 77;
/** Kills on one project before the next begins anew, so that no part of the loop grows. */
const KILLS_PER_PROJECT = 25;

const Saved = z.object({ saved: z.number(), ms: z.number() });

/** Reviewed voxels of a layer, slice by slice. */
function coverageOf(naive: NaiveLayers, layer: SampleLayer): Coverage[] {
  const slices = Array.from({ length: layer.shape.depth }, (_, z) => ({
    z,
    ...countLabels(naive.slice(layer, z)),
  }));
  return slices.filter(({ painted, confirmed }) => painted + confirmed > 0);
}

/** A painting program (`painter.mjs`) killed again and again at random moments; append to acknowledgement in ms is counted too. */
export async function killLoop(
  program: string,
  folder: string,
  kills: number,
  progress: (kill: number) => void = () => undefined,
): Promise<Findings> {
  const findings = new Findings('kill -9 of the main side in Node');
  const random = seeded(5);
  const times: number[] = [];
  let place = '';
  let naive = new NaiveLayers();
  let known = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    if (kill % KILLS_PER_PROJECT === 0) {
      place = join(folder, `Killed-${String(kill)}.emproj`);
      await (await newLayeredProject(place)).close();
      naive = new NaiveLayers();
      known = 0;
    }
    const painter = startProgram(program, place, String(SEED));
    await painter.gotLines(1 + LEAST_ACKNOWLEDGED);
    await sleep(random() * 120);
    await painter.kill();
    const saved = painter.lines.slice(1).map((line) => Saved.parse(line));
    times.push(...saved.map(({ ms }) => ms));
    const acknowledged = Math.max(known, ...saved.map(({ saved: sequence }) => sequence));
    findings.count('kills');
    progress(kill + 1);
    findings.count('acknowledged', saved.length);
    findings.expect(saved.length >= LEAST_ACKNOWLEDGED, 'too few strokes before the kill');
    await findings.attempt(`after kill ${String(kill)}`, async () => {
      const alarms: string[] = [];
      const project = await openProject(
        place,
        { readOnlyIfLocked: false },
        { ...quickStorage, onWarning: ({ message }) => alarms.push(message) },
      );
      const { lastSequence } = project.labels;
      const lost = Math.max(0, acknowledged - lastSequence);
      findings.count('lost', lost);
      findings.expect(
        lost === 0,
        `kill ${String(kill)}: ${String(lost)} acknowledged strokes lost`,
      );
      for (let sequence = known + 1; sequence <= lastSequence; sequence += 1)
        naive.apply(randomEdit(seeded(SEED + sequence), sequence));
      known = lastSequence;
      const different = await differingLayers(project, naive);
      findings.expect(
        different.length === 0,
        `kill ${String(kill)}: labels differ from the live ones`,
      );
      const right = sampleLayers.every(
        (layer) =>
          JSON.stringify(project.labelsOf(layer).coverage()) ===
          JSON.stringify(coverageOf(naive, layer)),
      );
      findings.expect(right, `kill ${String(kill)}: reviewed pixels are counted wrong`);
      findings.expect(alarms.length === 0, `kill ${String(kill)}: ${alarms.join('; ')}`);
      findings.count('recovered', project.recovery?.strokesRecovered ?? 0);
      const { problems } = await project.verify();
      findings.expect(
        problems.length === 0,
        `kill ${String(kill)}: ${problems.map(({ file, problem }) => `${file}: ${problem}`).join('; ')}`,
      );
      await project.close();
    });
  }
  findings.expect((findings.counts['recovered'] ?? 0) > 0, 'no kill left anything to recover');
  findings.counts['ms median'] = Number(quantile(times, 0.5).toFixed(2));
  findings.counts['ms p99'] = Number(quantile(times, 0.99).toFixed(2));
  return findings;
}

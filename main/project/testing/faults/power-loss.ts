import { MembranaError } from '#contract/errors';
import { PowerLossDisk } from '../../../storage/testing/power-loss-file-system';
import { newLayeredProject } from '../layered-project';
import { seeded } from '../sample-project';
import { Findings } from './findings';
import {
  expectNothingLost,
  nothingYet,
  paintSession,
  sessionPlace,
  sessionStorage,
} from './paint-session';

/** The power goes at `trials` moments of a session, spread evenly; 'every' = at every single call. */
export async function powerLoss(trials: number | 'every'): Promise<Findings> {
  const findings = new Findings('power loss');
  const random = seeded(11);
  const whole = new PowerLossDisk(random);
  await (await newLayeredProject(sessionPlace, { ...sessionStorage, files: whole })).close();
  const before = whole.calls;
  await paintSession(whole, 1, nothingYet());
  const calls = whole.calls - before;
  findings.expect(calls > 100, 'a session of so few calls proves nothing');
  const stride = trials === 'every' ? 1 : calls / trials;
  const start = trials === 'every' ? 1 : 1 + random() * stride;
  let painted = 0;
  for (let moment = start; moment <= calls; moment += stride) {
    const at = Math.floor(moment);
    const disk = new PowerLossDisk(random);
    await (await newLayeredProject(sessionPlace, { ...sessionStorage, files: disk })).close();
    disk.powerAfter = disk.calls + at;
    const acknowledged = nothingYet();
    try {
      await paintSession(disk, at, acknowledged);
    } catch (error) {
      if (!(error instanceof MembranaError)) throw error;
    }
    disk.cut();
    await disk.removeFolder(`${sessionPlace}/lock`);
    findings.count('power cuts');
    if (acknowledged.sequence > 0) painted += 1;
    await expectNothingLost(disk, at, acknowledged, findings, `power cut at call ${String(at)}`);
  }
  const runs = findings.counts['power cuts'] ?? 0;
  findings.expect(painted > runs / 2, 'most cuts came before anything was acknowledged');
  return findings;
}

import { MembranaError } from '#contract/errors';
import {
  faultyFileSystem,
  type Fault,
  type Operation,
} from '../../../storage/testing/faulty-file-system';
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

export interface NamedFault {
  readonly name: string;
  readonly of: (operation: Operation) => Fault;
}

export const diskFaults: readonly NamedFault[] = [
  { name: 'EIO', of: () => ({ code: 'EIO' }) },
  { name: 'ENOSPC', of: () => ({ code: 'ENOSPC' }) },
  { name: 'a refused rename', of: (op) => (op === 'rename' ? { code: 'EPERM' } : null) },
  { name: 'a short write', of: (op) => (op === 'write' ? { shortTo: 3 } : null) },
  { name: 'a write of nothing', of: (op) => (op === 'write' ? { shortTo: 0 } : null) },
  {
    name: 'a failing flush',
    of: (op) => (op === 'sync' || op === 'datasync' ? { code: 'EIO' } : null),
  },
];

/** One session in which the first call from `at` on that the fault can strike fails; false when there was none. */
async function strike(fault: NamedFault, at: number, findings: Findings): Promise<boolean> {
  const struck: Operation[] = [];
  const disk = new PowerLossDisk(seeded(at));
  await (await newLayeredProject(sessionPlace, { ...sessionStorage, files: disk })).close();
  let call = 0;
  const files = faultyFileSystem((operation, path) => {
    if (path.includes('/lock')) return null;
    call += 1;
    if (call < at || struck.length > 0) return null;
    const result = fault.of(operation);
    if (result) struck.push(operation);
    return result;
  }, disk);
  const acknowledged = nothingYet();
  const what = `${fault.name} at call ${String(at)}`;
  try {
    await paintSession(files, at, acknowledged);
  } catch (error) {
    findings.expect(error instanceof MembranaError, `${what}: ${String(error)}`);
  }
  // A program that went on after the fault must also survive what it was afraid of.
  if (at % 2 === 0) disk.cut();
  await disk.removeFolder(`${sessionPlace}/lock`);
  await expectNothingLost(disk, at, acknowledged, findings, what);
  findings.count('faults', struck.length);
  return struck.length > 0;
}

/** The disk fails once: at `strikes` moments of a session, or at every save point. */
export async function diskFault(fault: NamedFault, strikes: number | 'every'): Promise<Findings> {
  const findings = new Findings(fault.name);
  const most = 120;
  if (strikes === 'every') for (let at = 1; await strike(fault, at, findings); at += 1);
  else
    for (let trial = 0; trial < strikes; trial += 1)
      await strike(fault, Math.floor((trial / strikes) * most), findings);
  findings.expect((findings.counts['faults'] ?? 0) > 2, 'hardly any fault struck');
  return findings;
}

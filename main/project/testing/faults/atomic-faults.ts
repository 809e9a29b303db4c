import { writeFileAtomic } from '../../../storage/atomic-file';
import type { FileSystem } from '../../../storage/file-system';
import { faultyFileSystem } from '../../../storage/testing/faulty-file-system';
import { PowerLossDisk } from '../../../storage/testing/power-loss-file-system';
import { seeded } from '../sample-project';
import { diskFaults } from './disk-faults';
import { Findings } from './findings';

const path = '/folder/file.json';
const before = new Uint8Array(700).fill(1);
const after = new Uint8Array(900).fill(2);
/** More calls than an atomic write makes, so that the last ones are without a fault. */
const CALLS = 14;
const SURVIVALS = 12;

async function withOldFile(random: () => number): Promise<PowerLossDisk> {
  const disk = new PowerLossDisk(random);
  await disk.makeFolder('/folder');
  for (const folder of ['/', '/folder']) await (await disk.open(folder, 'r')).sync();
  await writeFileAtomic(path, before, { files: disk, reserveBytes: 0 });
  return disk;
}

/** The file is the old one or, whenever the write was reported done, the new one. */
async function look(disk: FileSystem, done: boolean, what: string, found: Findings): Promise<void> {
  found.count('replaced files');
  const bytes = await disk.readFile(path, Infinity).catch(() => new Uint8Array());
  const isNew = Buffer.compare(bytes, after) === 0;
  const isOld = Buffer.compare(bytes, before) === 0;
  found.expect(isNew || isOld, `${what}: the file is a mix`);
  found.expect(isNew || !done, `${what}: reported written and lost`);
}

/** Replacing a file, with the power going or the disk failing at every call of it. */
export async function atomicFaults(): Promise<Findings> {
  const findings = new Findings('replacing a file');
  for (let call = 1; call <= CALLS; call += 1)
    for (let survival = 0; survival < SURVIVALS; survival += 1) {
      const disk = await withOldFile(seeded(call * SURVIVALS + survival));
      disk.powerAfter = disk.calls + call - 1;
      const done = await writeFileAtomic(path, after, { files: disk, reserveBytes: 0 }).then(
        () => true,
        () => false,
      );
      disk.cut();
      await look(disk, done, `power cut at call ${String(call)}`, findings);
    }
  for (const fault of diskFaults)
    for (let at = 1; at <= CALLS; at += 1) {
      const disk = await withOldFile(seeded(at));
      let call = 0;
      const files = faultyFileSystem((operation) => {
        call += 1;
        return call === at ? fault.of(operation) : null;
      }, disk);
      const done = await writeFileAtomic(path, after, { files, reserveBytes: 0 }).then(
        () => true,
        () => false,
      );
      await look(disk, done, `${fault.name} at call ${String(at)}`, findings);
    }
  return findings;
}

import { readdir, readFile } from 'node:fs/promises';

/** Processes that descend from `root`, itself included. */
async function family(root: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
    const parent = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? NaN);
    if (Number.isInteger(parent))
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const members = [root];
  for (const member of members) members.push(...(children.get(member) ?? []));
  return members;
}

/** Memory of all processes of an app in MiB, what they share counted once (proportional set size). */
export async function memoryOf(root: number): Promise<number> {
  let kibibytes = 0;
  for (const member of await family(root)) {
    const rollup = await readFile(`/proc/${String(member)}/smaps_rollup`, 'utf8').catch(() => '');
    kibibytes += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
  }
  return kibibytes / 1024;
}

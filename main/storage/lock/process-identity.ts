import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** What tells a process apart from another of the same number. Empty where the system does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Of this installation of the system; stays when it starts again or gets another name. */
  readonly machine: string;
  /** Changes when the machine starts again. */
  readonly boot: string;
  /** Containers on one machine number their processes apart. */
  readonly namespace: string;
  readonly processStart: string;
}

async function orEmpty(read: Promise<string>): Promise<string> {
  try {
    return (await read).trim();
  } catch {
    return '';
  }
}

/** State letter and start time (clock ticks since the boot) of a process, from /proc (Linux). */
async function processStatus(pid: number): Promise<{ state: string; start: string }> {
  const stat = await orEmpty(readFile(`/proc/${String(pid)}/stat`, 'utf8'));
  // The name, in parentheses, may hold spaces; state is field 3 and start field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', start: fields[19] ?? '' };
}

export async function thisProcess(): Promise<ProcessIdentity> {
  const [machine, boot, namespace, { start }] = await Promise.all([
    orEmpty(readFile('/etc/machine-id', 'utf8')),
    orEmpty(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    orEmpty(readlink('/proc/self/ns/pid')),
    processStatus(process.pid),
  ]);
  return { pid: process.pid, host: hostname(), machine, boot, namespace, processStart: start };
}

/** Whether that very process of this machine still runs. */
export async function isAlive(pid: number, processStart: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and someone else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const { state, start } = await processStatus(pid);
  if (state === 'Z' || state === 'X') return false;
  return processStart === '' || start === '' || start === processStart;
}

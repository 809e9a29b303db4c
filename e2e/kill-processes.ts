import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Parents of all processes, from /proc; empty where there is none. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        found.set(Number(name), Number(parent));
      } catch {
        // It has ended meanwhile.
      }
    }
  } catch {
    // Another system: the first process takes the others along.
  }
  return found;
}

/** A process and all that it started, itself first. */
export function family(pid: number): number[] {
  const all = [pid];
  const known = parents();
  for (const one of all) for (const [child, parent] of known) if (parent === one) all.push(child);
  return all;
}

/** `kill -9` on the app: main first, then window, compute and the rest. */
export function killWithChildren({ pid }: ChildProcess): void {
  if (pid === undefined) throw new Error('there is no process');
  for (const one of family(pid)) {
    try {
      process.kill(one, 'SIGKILL');
    } catch {
      // Its parent's end took it along.
    }
  }
}

/** The compute process of the app. */
export function computeOf({ pid }: ChildProcess): number | null {
  if (pid === undefined) return null;
  const is = (one: number): boolean => {
    try {
      return readFileSync(`/proc/${String(one)}/cmdline`, 'utf8').includes('NodeService');
    } catch {
      return false;
    }
  };
  return family(pid).find(is) ?? null;
}

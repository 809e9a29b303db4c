import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

/** Less than this share of the memory left: the next program to ask for some may be ended. */
const SCARCE = 0.05;

/** Processes that Linux has ended for want of memory since it started; null elsewhere. */
function endedForMemory(): number | null {
  try {
    const line = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'));
    return line === null ? null : Number(line[1]);
  } catch {
    return null;
  }
}

/** Begins to watch; the function it returns says whether the system ran out of memory since. */
export function watchMemory(): () => boolean {
  const before = endedForMemory();
  return () => {
    const now = endedForMemory();
    return (before !== null && now !== null && now > before) || freemem() < SCARCE * totalmem();
  };
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runtime } from './paths.mjs';

/** Runs `work` while no other set-up works in the same runtime folder; waits for one that does. */
export async function withSetupLock(work) {
  mkdirSync(runtime, { recursive: true });
  const path = join(runtime, 'setup.lock');
  for (let told = false; !take(path);) {
    if (!told) process.stderr.write('  waiting for another set-up to finish\n');
    told = true;
    await pause(300);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!alive(path)) rmSync(path, { force: true });
    return false;
  }
}

function alive(path) {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

import { nodeFileSystem } from '../../storage/node-file-system';
import { ProjectLock } from '../../storage/lock/project-lock';

/* Tries for the lock of a project once, prints what came of it, and holds it until its input ends. */
const [, , folder = ''] = process.argv;
const result = await ProjectLock.acquire(nodeFileSystem, folder);
process.stdout.write(`${JSON.stringify(result.kind === 'held' ? { kind: 'held' } : result)}\n`);
process.stdin.resume();
process.stdin.on('end', () => {
  const done = result.kind === 'held' ? result.lock.release() : Promise.resolve();
  void done.then(() => process.exit(0));
});

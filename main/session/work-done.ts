import type { WorkDone } from '#contract/entities';
import type { Project } from '#main/project/project';
import type { RecentProjects } from './open/recent-projects';

/** How often what the list of recent projects says is brought up to date, for when the app is killed. */
const NOTE_EVERY_MS = 15_000;

/** How far the work on an open project is. */
export function workDone(project: Project): WorkDone {
  return {
    slices: project.stack.info.depth,
    segmented: new Set(project.predictions.list().map(({ z }) => z)).size,
    corrected: project.labels.coverage().length,
  };
}

/** Notes it now and then while it changes. Returns the disposer. */
export function noteWork(project: Project, recent: RecentProjects): () => void {
  let noted = JSON.stringify(workDone(project));
  const timer = setInterval(() => {
    const done = workDone(project);
    const text = JSON.stringify(done);
    if (text === noted) return;
    noted = text;
    // A list for orientation: when it can't be written now, the next time or the closing does it.
    recent.note(project.folder, done).catch(() => undefined);
  }, NOTE_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

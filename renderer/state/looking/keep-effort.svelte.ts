import { MOST_ACTIVE_SECONDS } from '#contract/entities';
import type { Topics } from '../topics';

/** How often main hears of the time at the canvas: what a kill of the window may cost. */
const TELL_EVERY_MS = 5000;

/** Tells main of the time at the canvas while a project is open that may be changed. */
export function keepEffort({ client, opening, project, effort }: Topics): void {
  const tell = (): void => {
    const at = opening.current;
    const seconds = Math.min(MOST_ACTIVE_SECONDS, effort.time.take());
    if (at === null || seconds <= 0) return;
    // Numbers that are lost with a project that closes meanwhile stop nobody.
    client['effort.active']({ at, seconds }).catch(() => undefined);
  };
  $effect(() => {
    if (!project.open || project.readOnly) return;
    const timer = setInterval(tell, TELL_EVERY_MS);
    window.addEventListener('beforeunload', tell);
    return () => {
      clearInterval(timer);
      window.removeEventListener('beforeunload', tell);
    };
  });
}

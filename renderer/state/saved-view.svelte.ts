import type { Topics } from './topics';

/** Milliseconds of quiet before the view is saved. */
const QUIET = 500;

/** Saves where the user looks a moment after it changed, so that reopening comes back to it. */
export function keepViewSaved({ client, project, view, layers, threshold }: Topics): void {
  $effect(() => {
    if (!project.open || project.readOnly) return undefined;
    const state = {
      z: view.z,
      zoom: view.zoom,
      centre: view.centre,
      window: view.chosenWindow,
      gamma: view.gamma,
      invert: view.invert,
      layers: layers.looks,
      contour: layers.contour,
      minimap: view.minimap,
      threshold: threshold.chosen,
    };
    const save = (): void => {
      // Where one looked is a comfort; failing to keep it is not worth a word.
      client['project.saveView'](state).catch(() => undefined);
    };
    const timer = setTimeout(save, QUIET);
    // Who quits right after looking elsewhere comes back there all the same.
    const leave = (): void => {
      clearTimeout(timer);
      save();
    };
    window.addEventListener('beforeunload', leave);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('beforeunload', leave);
    };
  });
}

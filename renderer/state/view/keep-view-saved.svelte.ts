import type { Topics } from '../topics';

/** Keeps the view of the open project saved, so that reopening comes back to it. */
export function keepViewSaved(topics: Topics): void {
  const { savedView, project, view, planes, layers, mask, classMasks, brush } = topics;
  $effect(() => {
    if (!project.open || project.readOnly) {
      savedView.forget();
      return;
    }
    savedView.soon({
      z: view.z,
      zoom: view.zoom,
      centre: view.centre,
      window: view.chosenWindow,
      gamma: view.gamma,
      invert: view.invert,
      layers: layers.looks,
      contour: layers.contour,
      minimap: view.minimap,
      planes: { layout: planes.layout, x: planes.x, y: planes.y },
      threshold: null,
      mask: mask.setting,
      classThresholds: [...classMasks.thresholds],
      hiddenClasses: [...classMasks.hidden],
      hand: brush.hand,
    });
  });
  $effect(() => {
    const leave = (): void => {
      void savedView.flush();
    };
    window.addEventListener('beforeunload', leave);
    return () => {
      window.removeEventListener('beforeunload', leave);
    };
  });
}

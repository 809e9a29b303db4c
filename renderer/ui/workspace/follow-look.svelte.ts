import { painted } from '#contract/label-byte';
import type { SliceView } from '../../canvas/slice-view';
import type { Topics } from '../../state/topics';

/** How things are shown, and what is in hand, goes from the topics to a view, each when it changes. */
export function followLook(picture: SliceView, topics: Topics): void {
  const { app, view, layers, classes, classMasks, truth, brush, models } = topics;
  const { comparison, project } = topics;
  $effect(() => {
    const { gamma, invert } = view;
    if (view.window) picture.setWindow({ ...view.window, gamma, invert });
  });
  $effect(() => {
    picture.look.setLayers(layers.looks);
  });
  $effect(() => {
    picture.look.setContour(layers.contour);
  });
  $effect(() => {
    picture.look.setClasses(project.classes);
  });
  $effect(() => {
    picture.look.setHidden(classMasks.hidden);
  });
  $effect(() => {
    picture.look.setDifferences(truth.differences);
  });
  $effect(() => {
    picture.setTruth(truth.membrane);
  });
  $effect(() => {
    picture.look.hideOverlays(layers.held);
  });
  $effect(() => {
    picture.setIds(project.idLayers);
  });
  $effect(() => {
    picture.tools.choose(brush.tool);
  });
  $effect(() => {
    const { radius, overwrite } = brush;
    picture.tools.setBrush({
      radius,
      label: painted(brush.label),
      overwrite,
      // What is not seen is not painted over either.
      locked: new Set([...classes.locked, ...classMasks.hidden]),
    });
  });
  $effect(() => {
    picture.tools.setSettings(brush.settings);
  });
  $effect(() => {
    picture.tools.setWheel(app.settings.wheel);
  });
  $effect(() => {
    picture.setPrediction(comparison.shownModel ?? models.currentId);
  });
}

import type { Settings } from '#contract/entities';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { always, attempt, type Command } from './command';

/** Settings count at once; main keeps them. */
export function changeSettings(topics: Topics, change: Partial<Settings>): Promise<void> {
  topics.app.settings = { ...topics.app.settings, ...change };
  return attempt(topics, async () => {
    topics.app.settings = await topics.client['settings.set'](change);
  });
}

export function viewCommands(topics: Topics) {
  const { app, project, view, layers } = topics;
  const open = (): string | null => (project.open ? null : en.top.why.noProject);
  const turn = (slices: number): Command => ({
    blocked: open,
    turns: true,
    run: () => {
      view.turnBy(slices);
    },
  });
  const go = (target: () => number): Command => ({
    blocked: open,
    run: () => {
      view.goTo(target());
    },
  });
  const theme = (name: Settings['theme']): Command => ({
    blocked: always,
    run: () => changeSettings(topics, { theme: name }),
  });
  return {
    'slice.next': turn(1),
    'slice.previous': turn(-1),
    'slice.forwardTen': turn(10),
    'slice.backTen': turn(-10),
    'slice.first': go(() => 0),
    'slice.last': go(() => view.depth - 1),
    'view.fit': { blocked: open, run: () => view.picture?.fit() },
    'view.actualSize': { blocked: open, run: () => view.picture?.actualSize() },
    'view.zoomIn': { blocked: open, run: () => view.picture?.zoomBy(1.25) },
    'view.zoomOut': { blocked: open, run: () => view.picture?.zoomBy(0.8) },
    'view.contrast': {
      blocked: open,
      run: () => {
        app.sought = 'contrast';
      },
    },
    'view.autoContrast': {
      blocked: open,
      run: () => {
        view.chosenWindow = null;
      },
    },
    'view.hideOverlays': {
      blocked: open,
      run: () => {
        layers.held = true;
      },
      release: () => {
        layers.held = false;
      },
    },
    'view.toggleMask': {
      blocked: open,
      run: () => {
        layers.toggle('mask');
      },
    },
    'view.togglePrediction': {
      blocked: open,
      run: () => {
        layers.toggle('prediction');
      },
    },
    'view.overlayFainter': {
      blocked: open,
      run: () => {
        layers.nudgeOpacity(-0.1);
      },
    },
    'view.overlayStronger': {
      blocked: open,
      run: () => {
        layers.nudgeOpacity(0.1);
      },
    },
    'view.themeSystem': theme('system'),
    'view.themeLight': theme('light'),
    'view.themeDark': theme('dark'),
  } satisfies Record<string, Command>;
}

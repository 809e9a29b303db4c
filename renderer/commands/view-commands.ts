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
  const { app, project, view, planes, layers } = topics;
  const open = (): string | null => (project.open ? null : en.top.why.noProject);
  const turn = (slices: number): Command => ({
    blocked: open,
    turns: true,
    run: () => {
      const { active } = planes;
      if (active === 'xy') view.turnBy(slices);
      else planes.goTo(active, planes.index(active) + slices);
    },
  });
  const go = (end: 'first' | 'last'): Command => ({
    blocked: open,
    run: () => {
      const { active } = planes;
      const count = active === 'xy' ? view.depth : planes.count(active);
      const target = end === 'first' ? 0 : count - 1;
      if (active === 'xy') view.goTo(target);
      else planes.goTo(active, target);
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
    'slice.first': go('first'),
    'slice.last': go('last'),
    'view.fit': { blocked: open, run: () => planes.hand?.fit() },
    'view.actualSize': { blocked: open, run: () => planes.hand?.actualSize() },
    'view.zoomIn': { blocked: open, run: () => planes.hand?.zoomBy(1.25) },
    'view.zoomOut': { blocked: open, run: () => planes.hand?.zoomBy(0.8) },
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

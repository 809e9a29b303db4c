import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { always, attempt, type Command } from './command';
import { leaveTour } from './tour-commands';

export function appCommands(topics: Topics) {
  const { app, project, planes, brush, comparison, notices, tour, client } = topics;
  return {
    'help.shortcuts': {
      blocked: always,
      run: () => {
        app.dialog = app.dialog === 'shortcuts' ? null : 'shortcuts';
      },
    },
    'app.palette': {
      blocked: always,
      run: () => {
        app.dialog = 'palette';
      },
    },
    'app.settings': {
      blocked: always,
      run: () => {
        app.dialog = 'settings';
      },
    },
    'app.keys': {
      blocked: always,
      run: () => {
        app.dialog = 'keys';
      },
    },
    'help.about': {
      blocked: always,
      run: () => {
        app.dialog = 'about';
      },
    },
    'help.diagnostics': {
      blocked: always,
      run: () =>
        attempt(topics, async () => {
          const { saved, name } = await client['app.saveDiagnostics']();
          if (saved) notices.toast(en.notices.diagnosticsSaved(name), 'good');
        }),
    },
    // From the most passing to the most lasting thing that can be left.
    'app.escape': {
      blocked: always,
      run: () => {
        if (planes.hand?.abort()) return;
        const newest = notices.toasts.at(-1);
        if (newest) notices.dismiss(newest.id);
        else if (comparison.versions) comparison.end();
        else if (brush.tool !== 'brush' && brush.tool !== 'eraser') brush.putBack();
        else if (tour.step !== null && tour.project === project.open?.id) leaveTour(topics);
        else {
          const card = notices.cards.at(-1);
          if (card) notices.dismiss(card.id);
        }
      },
    },
  } satisfies Record<string, Command>;
}

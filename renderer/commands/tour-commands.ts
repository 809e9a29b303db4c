import type { Topics } from '../state/topics';
import { tourSteps, type TourFacts } from '../state/tour.svelte';
import { en } from '../strings/en';
import { tourStrings } from '../strings/tour-strings';
import type { Command } from './command';
import { openGrant } from './file-commands';
import { changeSettings } from './view-commands';

/** What the steps of the tour wait for. */
export function tourFacts({ loop, project, models }: Topics): TourFacts {
  return {
    slicePredicted: loop.slicePredicted,
    painted: project.paintedPixels,
    confirmed: project.confirmedPixels,
    models: models.all.length,
  };
}

/** Ends the tour for now; Help goes on with it from here. */
export function leaveTour(topics: Topics): void {
  const { tour, notices } = topics;
  const { index } = tour;
  if (index < 0) return;
  const finished = tour.step === 'end';
  tour.leave();
  if (!finished) notices.toast(tourStrings.left);
  void changeSettings(topics, {
    tour: finished ? { state: 'done' } : { state: 'left', step: index },
  });
}

export function tourCommands(topics: Topics) {
  const { app, project, tour } = topics;
  return {
    'help.tour': {
      blocked: () => (app.info?.sample ? null : en.welcome.sampleMissing),
      run: async () => {
        const sample = app.info?.sample;
        if (!sample) return;
        app.dialog = null;
        if (tour.project === null || project.open?.id !== tour.project) {
          const before = project.open;
          await openGrant(topics, sample, en.welcome.sampleTitle);
          // It did not open; the card says why.
          if (project.open === before) return;
        }
        if (project.open === null) return;
        const left = app.settings.tour.state === 'left' ? app.settings.tour.step : 0;
        tour.start(project.open.id, Math.min(left, tourSteps.length - 1), tourFacts(topics));
      },
    },
  } satisfies Record<string, Command>;
}

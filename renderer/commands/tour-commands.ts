import { classOf, INTERIOR } from '#contract/label-byte';
import type { Topics } from '../state/topics';
import { freshPlace, shareOfPlace, TOUR_MODEL } from '../state/tour-places';
import { tourSteps, type TourFacts, type TourStep } from '../state/tour.svelte';
import { en } from '../strings/en';
import { tourStrings } from '../strings/tour-strings';
import type { Command } from './command';
import { openGrant } from './file-commands';
import { useModel } from './model-commands';
import { changeSettings } from './view-commands';

/** Zoom at which the place of the tour is large enough to brush over, CSS pixels per image pixel. */
const TOUR_ZOOM = 3;
/** Where the place lies in the view, as shares of its width and height: clear of the card. */
const BESIDE_CARD = { x: 0.72, y: 0.62 };
/** Radius of the brush that the tour puts in hand, image pixels. */
const TOUR_BRUSH = 8;

/** What the steps of the tour wait for. */
export function tourFacts({ project, models, painting, tour }: Topics): TourFacts {
  const { z } = tour.place;
  const newest = models.timeline[0];
  // Labels are counted anew when more of them are on the disk.
  const touched = project.reviewedPixelsOf(z) > 0;
  const interior = (x: number, y: number): boolean =>
    classOf(painting.session?.tiles.labelAt(z, x, y) ?? 0) === INTERIOR;
  return {
    slicePredicted: project.hasPrediction(models.currentId, z),
    mended: touched ? shareOfPlace(tour.place, interior) : 0,
    models: models.all.length,
    newest: newest?.origin === 'retrained' ? newest : null,
  };
}

/** Puts what a step needs before the person: the slice, the place, the brush. */
export function prepareStep(topics: Topics, step: TourStep): void {
  const { tour, view, brush } = topics;
  if (step === 'end') return;
  view.goTo(tour.place.z);
  if (step !== 'paint') return;
  brush.choose(INTERIOR);
  brush.take('brush');
  brush.resize(TOUR_BRUSH);
  view.picture?.lookAt(tour.place.centre, TOUR_ZOOM, BESIDE_CARD);
}

/** Ends the tour for now; Help goes on with it from here. */
export function leaveTour(topics: Topics): void {
  const { tour, notices, models } = topics;
  const { index } = tour;
  if (index < 0) return;
  const finished = tour.step === 'end';
  tour.leave();
  if (!finished) {
    const chosen = models.current?.id === TOUR_MODEL ? models.current.name : null;
    notices.toast(tourStrings.left(chosen));
  }
  void changeSettings(topics, {
    tour: finished ? { state: 'done' } : { state: 'left', step: index },
  });
}

export function tourCommands(topics: Topics) {
  const { app, models, project, tour } = topics;
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
        const novice = models.all.find(({ id }) => id === TOUR_MODEL);
        if (left === 0 && novice) await useModel(topics, novice.id);
        const place = freshPlace((z) => project.reviewedPixelsOf(z) === 0);
        tour.start(
          project.open.id,
          Math.min(left, tourSteps.length - 1),
          left === 0 ? place : tour.place,
          tourFacts(topics),
        );
      },
    },
  } satisfies Record<string, Command>;
}

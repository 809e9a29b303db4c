import { describe, expect, it } from 'vitest';
import { ViewState as SavedView } from '#contract/entities';
import { JobId, ModelId } from '#contract/ids';
import { maskSettingOf } from '#contract/mask/mask-setting';
import { BrushState, radiusToSlider, sliderToRadius, steppedRadius } from './brush.svelte';
import { JobsState, jobShare } from './jobs.svelte';
import { LayersState } from './view/layers.svelte';
import { LoopState } from './rounds/loop.svelte';
import { MaskState } from './view/mask.svelte';
import { ModelsState } from './rounds/models.svelte';
import { WORTH_RETRAINING } from './rounds/next-action';
import { ProjectState } from './project.svelte';
import { sampleModel, sampleProject, sampleTrust, sampleView } from './testing/sample-project';
import { emptyRun, withUpdate } from './rounds/training.svelte';
import { ViewState } from './view/view.svelte';

describe('the next thing to do', () => {
  function window(): {
    project: ProjectState;
    view: ViewState;
    models: ModelsState;
    loop: LoopState;
  } {
    const project = new ProjectState();
    const view = new ViewState();
    const models = new ModelsState();
    return { project, view, models, loop: new LoopState(project, view, models) };
  }

  it('walks open, train, segment, fix, retrain, and round again', () => {
    const { project, view, models, loop } = window();
    expect(loop.next).toBe('open');
    project.show(sampleProject());
    view.depth = 4;
    expect(loop.next).toBe('train');
    const first = sampleModel();
    models.show([first], first.id);
    loop.start();
    expect(loop.next).toBe('segment');
    project.predicted(first.id, [0]);
    expect(loop.next).toBe('fix');
    project.cover([{ z: 0, painted: WORTH_RETRAINING - 1, confirmed: 0 }]);
    expect(loop.next).toBe('fix');
    project.cover([{ z: 0, painted: WORTH_RETRAINING, confirmed: 0 }]);
    expect(loop.next).toBe('retrain');
    loop.learned();
    expect(loop.next).toBe('fix');
    view.goTo(1);
    expect(loop.next).toBe('segment');
  });

  it('is to segment again once another model is in use', () => {
    const { project, models, loop } = window();
    const [a, b] = [sampleModel(), sampleModel({ id: ModelId.parse('m2') })];
    project.show(sampleProject());
    models.show([a, b], a.id);
    project.predicted(a.id, [0]);
    models.show([a, b], b.id);
    expect(loop.next).toBe('segment');
  });

  it('is never to retrain where nothing may be written', () => {
    const { project, models, loop } = window();
    const coverage = [{ z: 0, painted: 10_000, confirmed: 0 }];
    project.show(sampleProject({ coverage, access: { kind: 'read-only', reason: 'open' } }));
    models.show([sampleModel()], sampleModel().id);
    expect(loop.next).toBe('segment');
  });
});

describe('the mask', () => {
  const [m1, m2, m3] = [ModelId.parse('m1'), ModelId.parse('m2'), ModelId.parse('m3')];
  const of = (pixel: number, cells: number) => ({ pixel, cells });

  it('begins where the card of the model says, then where the user says', () => {
    const models = new ModelsState();
    const mask = new MaskState(models, () => null);
    expect([mask.thresholds, mask.source]).toEqual([of(0.5, 0.5), 'default']);
    models.show([sampleModel()], sampleModel().id);
    expect([mask.thresholds, mask.source]).toEqual([of(0.46, 0.28), 'validation']);
    mask.set({ cells: 0.11234 });
    expect([mask.thresholds, mask.source]).toEqual([of(0.46, 0.11), 'user']);
    mask.set({ pixel: 2 });
    expect(mask.thresholds).toEqual(of(1, 0.11));
    mask.followModel();
    expect([mask.thresholds, mask.source]).toEqual([of(0.46, 0.28), 'validation']);
  });

  it('that the user set is kept through retraining, and does not follow to a stranger', () => {
    const retrained = sampleModel({
      id: m2,
      parent: m1,
      thresholds: { topology: 0.1, pixel: 0.3 },
    });
    const stranger = sampleModel({ id: m3, thresholds: { topology: 0.35, pixel: 0.5 } });
    const models = new ModelsState();
    models.show([sampleModel(), retrained, stranger], m1);
    const mask = new MaskState(models, () => null);
    mask.set({ pixel: 0.6 });
    for (const id of [m2, m1]) {
      models.currentId = id;
      expect([mask.thresholds, mask.source]).toEqual([of(0.6, 0.28), 'user']);
    }
    models.currentId = m3;
    expect([mask.thresholds, mask.source]).toEqual([of(0.5, 0.35), 'validation']);
    models.currentId = m2;
    expect(mask.thresholds).toEqual(of(0.6, 0.28));
    mask.followModel();
    expect(mask.thresholds).toEqual(of(0.3, 0.1));
  });

  it('parts cells where turned slices agree best, where the model is not at home, until somebody sets it', () => {
    const models = new ModelsState();
    models.show([sampleModel()], sampleModel().id);
    const better = { threshold: 0.05, agreement: 0.96 };
    const mask = new MaskState(models, () => sampleTrust({ light: 'yellow', better }));
    expect([mask.thresholds, mask.source]).toEqual([of(0.46, 0.05), 'steadier']);
    expect(mask.suggested).toEqual(of(0.46, 0.05));
    mask.set({ cells: 0.28 });
    expect([mask.thresholds, mask.source]).toEqual([of(0.46, 0.28), 'user']);
    mask.followModel();
    expect(mask.of(models.currentId)).toEqual(of(0.46, 0.05));
    const home = new MaskState(models, () => sampleTrust({ light: 'green', better: null }));
    expect([home.thresholds, home.source]).toEqual([of(0.46, 0.28), 'validation']);
  });

  it('of a project from before looks as it did, until somebody touches it', () => {
    const models = new ModelsState();
    models.show([sampleModel()], sampleModel().id);
    const mask = new MaskState(models, () => null);
    const before = { z: 0, zoom: null, centre: null, window: null };
    const opened = (threshold: number | null): void => {
      mask.restore(models.currentId, maskSettingOf(SavedView.parse({ ...before, threshold })));
    };
    opened(0.7);
    expect([mask.thresholds, mask.source]).toEqual([of(0.7, 0.7), 'user']);
    opened(null);
    expect([mask.thresholds, mask.source]).toEqual([of(0.28, 0.28), 'before']);
    mask.set({ pixel: 0.5 });
    expect([mask.thresholds, mask.source]).toEqual([of(0.5, 0.28), 'user']);
    mask.restore(
      models.currentId,
      maskSettingOf(SavedView.parse({ ...before, mask: mask.setting })),
    );
    expect([mask.thresholds, mask.source]).toEqual([of(0.5, 0.28), 'user']);
  });
});

describe('jobs', () => {
  const id = JobId.parse('j1');
  const base = { id, kind: 'segment' as const, title: 'Segment' };
  const running = {
    ...base,
    state: 'running' as const,
    done: 5,
    total: 20,
    unit: 'slices' as const,
    secondsLeft: 30,
    note: '',
  };

  it('end once, and free the window', () => {
    const jobs = new JobsState();
    expect(jobs.report({ ...base, state: 'queued' })).toBe(false);
    expect(jobs.report(running)).toBe(false);
    expect(jobs.busy).toBe(true);
    jobs.markCancelling(id);
    expect(jobs.cancelling(id)).toBe(true);
    expect(jobs.report({ ...base, state: 'cancelled' })).toBe(true);
    expect(jobs.report({ ...base, state: 'cancelled' })).toBe(false);
    expect([jobs.busy, jobs.cancelling(id)]).toEqual([false, false]);
  });

  it('show their share, or that it is not known yet', () => {
    expect(jobShare(running)).toBe(0.25);
    expect(jobShare({ ...base, state: 'queued' })).toBeNull();
    expect(jobShare({ ...running, total: 0 })).toBeNull();
    expect(jobShare({ ...running, done: 25 })).toBe(1);
  });
});

describe('a training', () => {
  it('collects its curve; a step told twice counts once', () => {
    const step = (n: number, loss: number) =>
      ({ kind: 'step', step: n, steps: 10, share: n / 10, loss, learningRate: 0.001 }) as const;
    const run = [step(1, 0.9), step(2, 0.7), step(2, 0.6), step(3, 0.5)].reduce(
      withUpdate,
      emptyRun(JobId.parse('j1')),
    );
    expect(run.losses.map((point) => point.loss)).toEqual([0.9, 0.6, 0.5]);
    expect([run.step, run.steps]).toEqual([3, 10]);
  });
});

describe('the brush', () => {
  it('remembers a size for each tool', () => {
    const brush = new BrushState();
    brush.resize(30);
    brush.take('eraser');
    brush.resize(50);
    brush.swap();
    expect(brush.radius).toBe(30);
    brush.swap();
    expect(brush.radius).toBe(50);
  });

  it('comes back to hand when a label is chosen', () => {
    const brush = new BrushState();
    brush.take('eraser');
    brush.choose(1);
    expect([brush.tool, brush.label]).toEqual(['brush', 1]);
  });

  it('steps up and down the same ladder, and stops at its ends', () => {
    expect(steppedRadius(steppedRadius(12, 1), -1)).toBe(12);
    expect(steppedRadius(0.5, -1)).toBe(0.5);
    expect(steppedRadius(128, 1)).toBe(160);
    expect(steppedRadius(500, 1)).toBe(500);
    expect(steppedRadius(13, 1)).toBe(16);
  });

  it('has a slider that reaches both ends and comes back to the size it shows', () => {
    for (const radius of [0.5, 1, 2.5, 12, 40, 128, 500])
      expect(sliderToRadius(radiusToSlider(radius))).toBe(radius);
  });
});

describe('layers', () => {
  it('come back as they were when H is let go', () => {
    const layers = new LayersState();
    layers.toggle('prediction');
    const before = layers.looks;
    layers.held = true;
    expect(layers.shown.mask.visible || layers.shown.prediction.visible).toBe(false);
    layers.held = false;
    expect(layers.shown).toBe(before);
  });

  it('get stronger and fainter within bounds, the visible ones alone', () => {
    const layers = new LayersState();
    const hidden = layers.looks.review.opacity;
    for (let i = 0; i < 20; i += 1) layers.nudgeOpacity(-0.1);
    expect(layers.looks.mask.opacity).toBeCloseTo(0.05);
    expect(layers.looks.review.opacity).toBe(hidden);
  });
});

describe('the view', () => {
  const noTissue = { areas: [], note: '' };

  it('takes the contrast of the slice until the user sets one', () => {
    const view = new ViewState();
    expect(view.window).toBeNull();
    const bins = Array.from({ length: 256 }, () => 1);
    view.statistics = { min: 0, max: 255, low: 10, high: 200, mean: 100, bins, noTissue };
    expect(view.window).toEqual({ min: 10, max: 200 });
    view.chosenWindow = { min: 50, max: 60 };
    expect(view.window).toEqual({ min: 50, max: 60 });
  });

  it('still has a contrast for a slice of one value', () => {
    const view = new ViewState();
    const bins = Array.from({ length: 256 }, () => 0);
    view.statistics = { min: 7, max: 7, low: 7, high: 7, mean: 7, bins, noTissue };
    expect(view.window).toEqual({ min: 7, max: 8 });
  });

  it('opens within the stack even if the saved slice is gone', () => {
    const view = new ViewState();
    view.start(sampleView({ z: 99 }), 4);
    expect(view.z).toBe(3);
  });
});

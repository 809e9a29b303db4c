import {
  noConditioning,
  ViewState,
  type ModelVersion,
  type ProjectView,
  type StackTrust,
} from '#contract/entities';
import { LayerId, ModelId, OpeningId, ProjectId, StackId } from '#contract/ids';

/** A model version for tests of the window. */
export function sampleModel(change: Partial<ModelVersion> = {}): ModelVersion {
  return {
    id: ModelId.parse('m1'),
    name: 'Model 1',
    origin: 'trained',
    parent: null,
    created: '2026-01-01T00:00:00Z',
    baseFilters: 8,
    parameters: 1000,
    pixelSize: { x: 4, y: 4, unit: 'nm' },
    conditioning: null,
    thresholds: { topology: 0.28, pixel: 0.46 },
    classes: [],
    scores: {
      vInfo: 0.95,
      vRand: 0.94,
      dice: 0.8,
      accuracy: 0.92,
      threshold: 0.28,
      pixelThreshold: 0.46,
    },
    scoresNote: 'On slices that were held back.',
    training: null,
    licence: '',
    citation: '',
    status: { kind: 'accepted', reason: '' },
    ...change,
  };
}

/** The view of a project that was never looked at. */
export function sampleView(change: Partial<ViewState> = {}): ViewState {
  const fresh = { z: 0, zoom: null, centre: null, window: null, threshold: null };
  return { ...ViewState.parse(fresh), ...change };
}

/** A project of four slices of 100 × 100 pixels, with one model and nothing predicted. */
export function sampleProject(change: Partial<ProjectView> = {}): ProjectView {
  return {
    id: ProjectId.parse('p1'),
    opening: OpeningId.parse('o1'),
    name: 'tissue',
    access: { kind: 'read-write' },
    stack: {
      id: StackId.parse('s1'),
      name: 'tissue.tif',
      source: 'present',
      info: {
        width: 100,
        height: 100,
        depth: 4,
        type: 'uint8',
        samples: 1,
        meaning: { kind: 'grey', stored: 'grey', alpha: null },
        voxelSize: { x: 4, y: 4, z: 50, source: 'file' },
        axes: 'zyx',
        compression: 'none',
        byteOrder: 'little',
        fileBytes: 40_000,
        warnings: [],
      },
    },
    layer: LayerId.parse('membrane'),
    removed: [],
    arrangement: [
      {
        id: StackId.parse('s1'),
        name: 'stack.tif',
        layers: [
          {
            ...{ id: LayerId.parse('membrane'), name: 'Labels', hidden: false },
            ...{ kind: 'classes', element: 'uint8', colour: 'by-class' },
          },
        ],
      },
    ],
    classes: [
      { id: 1, name: 'interior', colour: '#56b4e9', key: 1, locked: false },
      { id: 2, name: 'membrane', colour: '#e69f00', key: 2, locked: false },
    ],
    view: sampleView(),
    model: ModelId.parse('m1'),
    models: [sampleModel()],
    predictions: [],
    conditioning: { chosen: null, trust: null, stale: [] },
    coverage: [],
    effort: {
      since: '2026-01-01T00:00:00Z',
      activeSeconds: 0,
      strokes: 0,
      takenBack: 0,
      pixels: 0,
    },
    lastSequence: 0,
    recovery: null,
    ...change,
  };
}

/** Measured of `sampleModel`; `change` sets what a test is about. */
export function sampleTrust(change: Partial<StackTrust> = {}): StackTrust {
  return {
    light: 'green',
    agreement: 0.97,
    disagreement: 0.12,
    share: 0.2,
    threshold: 0.28,
    better: null,
    blur: null,
    slices: [],
    model: sampleModel().id,
    conditioning: noConditioning,
    ...change,
  };
}

import { z } from 'zod';
import { limits } from '../limits';
import { Colour, LabelClass, LabelValue } from './labels';
import { count, probability } from './numbers';

/** How one overlay is drawn. A locked one keeps its pixels: nothing paints or confirms there. */
export const OverlayLayer = z.object({
  visible: z.boolean(),
  /** 0…1 */
  opacity: probability,
  colour: Colour,
  locked: z.boolean().default(false),
});
export type OverlayLayer = z.infer<typeof OverlayLayer>;

/** The rows of the layer panel. */
export const LayerLooks = z.object({
  raw: z.object({ visible: z.boolean() }),
  /** Layers of ids; each cell has a colour of its own. */
  cells: OverlayLayer.default({
    ...{ visible: true, opacity: 0.5, colour: '#56b4e9', locked: false },
  }),
  prediction: OverlayLayer,
  mask: OverlayLayer,
  review: OverlayLayer,
  uncertainty: OverlayLayer,
  truth: OverlayLayer,
});
export type LayerLooks = z.infer<typeof LayerLooks>;

/** Radius of a brush in image pixels. */
const Radius = z.number().min(0.5).max(500);

/** What was in hand: the tool by its name, the class that it paints, and the size of each brush. */
export const ToolInHand = z.object({
  tool: z.string().min(1).max(40),
  label: z.int().min(1).max(127),
  radii: z.object({
    brush: Radius,
    eraser: Radius,
    'confirm-brush': Radius,
    'unreview-brush': Radius,
  }),
});
export type ToolInHand = z.infer<typeof ToolInHand>;

/** Bounds of the bend between black and white. */
export const MIN_GAMMA = 0.2;
export const MAX_GAMMA = 5;

/** From which probability (0…1) on the mask has pixels, and from which on what separates cells is drawn as a line. */
export const MaskThresholds = z.object({ pixel: probability, cells: probability });
export type MaskThresholds = z.infer<typeof MaskThresholds>;

/** Where the thresholds of the mask come from. */
export const MaskSetting = z.discriminatedUnion('kind', [
  /** The card of the model in use. */
  z.object({ kind: z.literal('model') }),
  /** Its threshold for cells alone, as before the mask had two. */
  z.object({ kind: z.literal('one') }),
  MaskThresholds.extend({ kind: z.literal('own') }),
]);
export type MaskSetting = z.infer<typeof MaskSetting>;

/** From which probability (0…1) on a pixel is of a class beside membrane, set by the user: by name, as classes are the same. */
export const ClassThreshold = z.object({ name: LabelClass.shape.name, threshold: probability });
export type ClassThreshold = z.infer<typeof ClassThreshold>;

/** Which planes are shown: slices (xy), one kind of those at right angles to them, or all three beside each other. */
export const PlaneLayout = z.enum(['xy', 'xz', 'yz', 'four']);
export type PlaneLayout = z.infer<typeof PlaneLayout>;

/** Where and how a project was looked at last. */
export const ViewState = z.object({
  z: count,
  /** Screen pixels (CSS) per image pixel, and the image point at the centre; null = fit. */
  zoom: z.number().positive().nullable(),
  centre: z.object({ x: z.number(), y: z.number() }).nullable(),
  /** Raw values shown black and white; null = chosen for each slice. */
  window: z.object({ min: z.number(), max: z.number() }).nullable(),
  gamma: z.number().min(MIN_GAMMA).max(MAX_GAMMA).default(1),
  /** Black and white swapped. */
  invert: z.boolean().default(false),
  /** The one threshold of projects from before the mask had two; null = that of the model. */
  threshold: probability.nullable().default(null),
  /** null = a project from before: `threshold` says it. */
  mask: MaskSetting.nullable().default(null),
  /** Of classes whose threshold is not that of the model's card. */
  classThresholds: z.array(ClassThreshold).max(limits.classes).default([]),
  /** Classes whose pixels are not drawn, by their numbers in the labels. */
  hiddenClasses: z.array(LabelClass.shape.id).max(limits.classes).default([]),
  /** null = as they come. */
  layers: LayerLooks.nullable().default(null),
  /** The mask as its outline. */
  contour: z.boolean().default(false),
  minimap: z.boolean().default(true),
  /** The planes that were shown, and the column of voxels where they cross (`z` says in which slice); null = slices alone. */
  planes: z.object({ layout: PlaneLayout, x: count, y: count }).nullable().default(null),
  /** null = as they come. */
  hand: ToolInHand.nullable().default(null),
});
export type ViewState = z.infer<typeof ViewState>;

/** A label stack opened beside the stack to compare with; never trained on. */
export const TruthLayer = z.object({
  name: z.string(),
  /** Its values, the most frequent first. */
  values: z.array(LabelValue),
  /** The value that means membrane; null = a person has to say. */
  membrane: z.number().nullable(),
});
export type TruthLayer = z.infer<typeof TruthLayer>;

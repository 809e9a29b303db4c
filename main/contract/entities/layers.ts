import { z } from 'zod';
import { LayerId, StackId } from '../ids';
import { limits } from '../limits';

/** What the voxels of a layer of labels are: a label byte (#contract/label-byte), or an id. */
export const layerElements = ['uint8', 'uint16', 'uint32'] as const;
export const LayerElement = z.enum(layerElements);
export type LayerElement = z.infer<typeof LayerElement>;

const layerName = z.string().trim().min(1).max(80);

/** What is known of a layer of each kind. */
export const layerShapes = {
  classes: {
    id: LayerId,
    name: layerName,
    kind: z.literal('classes'),
    element: z.literal('uint8'),
    colour: z.literal('by-class'),
    hidden: z.boolean(),
  },
  cells: {
    id: LayerId,
    name: layerName,
    kind: z.literal('cells'),
    element: z.enum(['uint16', 'uint32']),
    colour: z.literal('by-id'),
    hidden: z.boolean(),
  },
} as const;

/**
 * A layer of labels of a stack. `classes`: class and review state of every
 * voxel, in the colours of the project's classes. `cells`: an id for every
 * voxel, 0 = none, each id in a colour of its own.
 */
export const LayerInfo = z.discriminatedUnion('kind', [
  z.strictObject(layerShapes.classes),
  z.strictObject(layerShapes.cells),
]);
export type LayerInfo = z.infer<typeof LayerInfo>;

/** The layers of a stack: each once, and one at least that can be painted in. */
export function layersOf<Layer extends z.ZodType<LayerInfo>>(one: Layer): z.ZodArray<Layer> {
  return z
    .array(one)
    .min(1)
    .max(limits.layers)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'a layer comes twice')
    .refine((all) => all.some(isPaintable), 'no layer can be painted in');
}

/** A stack of a project and its layers, as the window lists them. */
export const ArrangedStack = z.strictObject({
  id: StackId,
  name: z.string().trim().min(1).max(limits.name),
  layers: layersOf(LayerInfo),
});
export type ArrangedStack = z.infer<typeof ArrangedStack>;

/** All stacks and layers of a project that are not removed, in their order. */
export const Arrangement = z
  .array(ArrangedStack)
  .min(1)
  .max(limits.stacks)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'a stack comes twice');
export type Arrangement = z.infer<typeof Arrangement>;

/** What was removed from a project and is kept with everything in it: a whole stack, or a layer of a listed one. */
export const RemovedItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stack'), stack: ArrangedStack }),
  z.object({ kind: z.literal('layer'), of: StackId, layer: LayerInfo }),
]);
export type RemovedItem = z.infer<typeof RemovedItem>;

/** A layer of a stack, named. */
export const LayerKey = z.object({ stack: StackId, layer: LayerId });
export type LayerKey = z.infer<typeof LayerKey>;

/** Whether the window can show a layer and paint in it. */
export function isPaintable({ kind, hidden }: Pick<LayerInfo, 'kind' | 'hidden'>): boolean {
  return kind === 'classes' && !hidden;
}

export function sameLayer(a: LayerKey, b: LayerKey): boolean {
  return a.stack === b.stack && a.layer === b.layer;
}

import { z } from 'zod';
import { LayerElement } from './entities';
import { LayerId, StackId } from './ids';
import { limits } from './limits';

const count = z.int().nonnegative();

/** The head of an encoded edit (#volume/voxel-edit-codec): what was done, and how many chunks follow of each layer. */
export const EditHeader = z.object({
  sequence: count.max(limits.sequence),
  action: z.enum(['do', 'undo', 'redo']),
  name: z.string().max(120),
  group: count.optional(),
  layers: z
    .array(
      z.object({
        stack: StackId,
        layer: LayerId,
        element: LayerElement,
        chunks: count.max(limits.tiles),
      }),
    )
    .max(limits.entries),
});

import { ModelId } from '#contract/ids';

/** The bundled model that new projects and the demonstration begin with: it learnt from two stacks. */
export const DEFAULT_MODEL = ModelId.parse('general');

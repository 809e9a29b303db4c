import './no-eval';
import { z } from 'zod';

const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/);

/** A file or folder that main lets the window name; never a path. */
export const GrantId = word.brand('GrantId');
export type GrantId = z.infer<typeof GrantId>;

export const ProjectId = word.brand('ProjectId');
export type ProjectId = z.infer<typeof ProjectId>;

/** One opening of a project by the window; a new one each time that it is opened. */
export const OpeningId = word.brand('OpeningId');
export type OpeningId = z.infer<typeof OpeningId>;

export const StackId = word.brand('StackId');
export type StackId = z.infer<typeof StackId>;

/** A layer of a stack; the name of its image in the project folder too, so what the image of the review states ends in is no end of one. */
export const LayerId = z
  .string()
  .regex(/^(?!.*-review$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .brand('LayerId');
export type LayerId = z.infer<typeof LayerId>;

export const ModelId = word.brand('ModelId');
export type ModelId = z.infer<typeof ModelId>;

export const JobId = word.brand('JobId');
export type JobId = z.infer<typeof JobId>;

import { z } from 'zod';
import { errorCodes } from '../errors';

export const ErrorReport = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string(),
  safe: z.string().optional(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

import { z } from 'zod';

/** A whole number of things. */
export const count = z.int().nonnegative();

export const probability = z.number().min(0).max(1);

/** Steps of a training, or between its checkpoints, that an environment variable asks for, as tests do to make it short; null = the measured number. */
export function stepsWanted(
  variable: 'MEMBRANA_RETRAIN_STEPS' | 'MEMBRANA_FIT_STEPS' | 'MEMBRANA_CHECKPOINT_STEPS',
): number | null {
  const wanted = Number(process.env[variable]);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : null;
}

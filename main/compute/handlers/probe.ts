import { probeEngine, tolerance } from '#model/engines/probe';
import { selectEngine } from '#model/engines/select';
import type { Handler } from '../request';
import type { EngineChoice, ProbeAnswer, ProbeStage } from '../requests';

/** Whether one engine computes rightly here, and how fast. */
export const probe: Handler<{ choice: EngineChoice }, ProbeStage, ProbeAnswer> = async (
  { choice },
  { progress },
) => {
  const engine = await selectEngine(choice);
  const found = await probeEngine(engine, progress);
  // Infinity is a number to no JSON.
  return { ...found, maxError: Math.min(found.maxError, Number.MAX_VALUE), tolerance };
};

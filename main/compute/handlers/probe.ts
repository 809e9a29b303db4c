import type { EngineReport } from '#contract/entities';
import { probeEngine } from '#model/engines/probe';
import { listEngines, selectEngine } from '#model/engines/select';
import type { Handler } from '../request';
import type { EngineChoice } from '../requests';
import { breathe } from '../serve';

/** Says which engines there are, whether they compute rightly here and how fast. */
export const probe: Handler<{ choice: EngineChoice }, never, EngineReport[]> = async (
  { choice },
  { signal },
) => {
  const reports: EngineReport[] = [];
  for (const found of await listEngines(choice.threads)) {
    await breathe(signal);
    if (!found.available) {
      const { engine: name, reason } = found;
      const nothing = { probe: null, forwardMs: null, stepMs: null };
      reports.push({ name, device: 'none', available: false, reason, canTrain: false, ...nothing });
      continue;
    }
    const { engine: name, device } = found;
    const engine = await selectEngine({ ...choice, engine: name, device: 'auto' });
    const { ok, maxError, forwardMs, stepMs } = await probeEngine(engine);
    reports.push({
      name,
      device,
      available: true,
      canTrain: true,
      probe: { ok, maxError },
      forwardMs,
      stepMs,
    });
  }
  return reports;
};

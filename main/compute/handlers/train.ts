import { selectEngine } from '#model/engines/select';
import { unet } from '#model/network/unet';
import { defaultNetwork } from '#model/training/defaults';
import type { Handler } from '../request';
import type { TrainParams, TrainProgress, TrainResult } from '../requests';
import type { TrainSetting } from './follow-training';
import { loadNetwork } from './loaded-network';
import { trainOnCorrections } from './train-on-corrections';
import { trainOnStacks } from './train-on-stacks';

/** Trains a network, streaming what happens; the result holds the weights, which the caller keeps. */
export const train: Handler<TrainParams, TrainProgress, TrainResult> = async (params, context) => {
  const { choice, start: from, data } = params;
  const engine = await selectEngine(choice);
  const start = from.kind === 'model' ? await loadNetwork(from.folder) : null;
  const network =
    start?.network ??
    unet({
      ...defaultNetwork,
      ...(from.kind === 'fresh' ? { baseFilters: from.baseFilters } : {}),
    });
  const setting: TrainSetting = { params, context, engine, network, start };
  switch (data.kind) {
    case 'stacks':
      return trainOnStacks(setting, data);
    case 'corrections':
      return trainOnCorrections(setting, data);
  }
};

import { selectEngine } from '#model/engines/select';
import type { Network } from '#model/network/network';
import { plainUnet } from '#model/network/plain-unet';
import { unet } from '#model/network/unet';
import { defaultNetwork } from '#model/training/defaults';
import type { Handler } from '../../request';
import type { TrainParams, TrainProgress, TrainResult } from '../../requests';
import type { TrainSetting } from './follow-training';
import { classesToLearn } from './known-classes';
import { loadNetwork } from '../loaded-network';
import { trainOnCorrections } from './train-on-corrections';
import { trainOnLook } from './train-on-look';
import { trainOnStacks } from './train-on-stacks';

function freshNetwork({ start, data }: TrainParams): Network {
  if (start.kind !== 'fresh') return unet(defaultNetwork);
  const { baseFilters, network = 'residual', levels = defaultNetwork.levels } = start;
  const others =
    data.kind === 'stacks'
      ? classesToLearn(
          [],
          data.sources.flatMap((source) => source.classes ?? []),
        )
      : [];
  const options = { ...defaultNetwork, baseFilters, levels, classes: 1 + others.length };
  switch (network) {
    case 'residual':
      return unet(options);
    case 'plain':
      return plainUnet(options);
  }
}

/** Trains a network, streaming what happens; the result holds the weights, which the caller keeps. */
export const train: Handler<TrainParams, TrainProgress, TrainResult> = async (params, context) => {
  const { choice, start: from, data } = params;
  const engine = await selectEngine(choice);
  const start = from.kind === 'model' ? await loadNetwork(from.folder) : null;
  const network = start?.network ?? freshNetwork(params);
  const setting: TrainSetting = { params, context, engine, network, start };
  switch (data.kind) {
    case 'stacks':
      return trainOnStacks(setting, data);
    case 'corrections':
      return trainOnCorrections(
        setting,
        data,
        from.kind === 'model' && from.folder === data.inUse && start !== null
          ? start
          : await loadNetwork(data.inUse),
      );
    case 'fit':
      return trainOnLook(setting, data);
  }
};

import { MembranaError } from '#contract/errors';
import type { StackSource } from './stack-source';

/**
 * The same stack seen through another channel, counted from 0.
 * @throws MembranaError usage where the stack has no such channel
 */
export function chosenChannel(source: StackSource, channel: number): StackSource {
  const { meaning } = source.info;
  const channels = meaning.kind === 'channels' ? meaning.channels : 1;
  if (channel >= channels)
    throw new MembranaError('usage', `The stack has no channel ${channel}.`, {
      hint:
        channels === 1
          ? 'It has one channel only: leave --channel away.'
          : `Its channels run from 0 to ${channels - 1}.`,
      data: { channel, channels },
    });
  if (meaning.kind !== 'channels' || channel === meaning.channel) return source;
  return {
    info: { ...source.info, meaning: { ...meaning, channel } },
    readUnit: source.readUnit,
    levels: source.levels,
    readRegion: (z, rect, level, signal) => source.readRegion(z, rect, level, signal),
    pageState: (z, decode, signal) => source.pageState(z, decode, signal),
    reference: () => source.reference(),
    close: () => source.close(),
  };
}

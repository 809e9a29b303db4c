import type { SegmentQuality } from '#contract/entities';
import type { EngineChoice, PredictParams } from '../compute/requests';

/** 8 bits are ONNX Runtime's on the processor alone; any other engine computes in floats. */
export const isFastOn = ({ engine, device }: EngineChoice): boolean =>
  engine === 'onnx' && device === 'cpu';

/** How a slice is predicted for a quality on an engine. */
export function passesOf(
  quality: SegmentQuality,
  choice: EngineChoice,
): Pick<PredictParams, 'tta' | 'fast'> {
  switch (quality) {
    case 'fast':
      return { tta: false, fast: isFastOn(choice) };
    case 'standard':
      return { tta: false };
    case 'careful':
      return { tta: true };
  }
}

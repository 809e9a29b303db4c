import { route, type Route } from '../request';
import {
  chooseConditioning,
  chooseThresholds,
  compareCells,
  engineProbe,
  evaluateMaps,
  findDoubtful,
  measureMask,
  measureTrust,
  predictSlice,
  trainRun,
} from '../requests';

/** Every request of the compute process; a handler's code loads when it is first asked for. */
export const routes: readonly Route[] = [
  route(predictSlice, async () => (await import('./predict')).predict),
  route(
    chooseConditioning,
    async () => (await import('./scores/choose-conditioning')).chooseConditioningOf,
  ),
  route(measureTrust, async () => (await import('./scores/measure-trust')).measureTrustOf),
  route(trainRun, async () => (await import('./training/train')).train),
  route(engineProbe, async () => (await import('./probe')).probe),
  route(evaluateMaps, async () => (await import('./scores/evaluate')).evaluate),
  route(findDoubtful, async () => (await import('./scores/find-doubtful')).findDoubtfulPlaces),
  route(compareCells, async () => (await import('./scores/compare-cells')).compareCellsOf),
  route(measureMask, async () => (await import('./scores/measure-mask')).measureMaskOf),
  route(
    chooseThresholds,
    async () => (await import('./scores/choose-thresholds')).chooseFromGroups,
  ),
];

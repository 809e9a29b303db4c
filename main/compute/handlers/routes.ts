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
    async () => (await import('./choose-conditioning')).chooseConditioningOf,
  ),
  route(measureTrust, async () => (await import('./measure-trust')).measureTrustOf),
  route(trainRun, async () => (await import('./train')).train),
  route(engineProbe, async () => (await import('./probe')).probe),
  route(evaluateMaps, async () => (await import('./evaluate')).evaluate),
  route(findDoubtful, async () => (await import('./find-doubtful')).findDoubtfulPlaces),
  route(compareCells, async () => (await import('./compare-cells')).compareCellsOf),
  route(measureMask, async () => (await import('./measure-mask')).measureMaskOf),
  route(chooseThresholds, async () => (await import('./choose-thresholds')).chooseFromGroups),
];

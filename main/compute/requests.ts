/** Everything that the compute process can be asked for, by topic. */
export * from './requests/accuracy';
export * from './requests/conditioning';
export { EngineChoice, BatchLimits } from './requests/engine-choice';
export * from './requests/evaluate';
export * from './requests/fit';
export * from './requests/predict';
export * from './requests/probe';
export * from './requests/queue';
export * from './requests/changes';
export * from './requests/train';

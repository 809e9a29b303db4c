import './no-eval';

export * from './entities/error-report';
export * from './entities/stack';
export * from './entities/conditioning';
export * from './entities/trust';
export * from './entities/labels';
export * from './entities/view';
export * from './entities/model';
export * from './entities/project';
export * from './entities/engine';
export * from './entities/export';
export * from './entities/accuracy';
export * from './entities/job';
export * from './entities/key-settings';
export * from './entities/queue';
export * from './entities/changes';
export * from './entities/audit';
export * from './entities/app';

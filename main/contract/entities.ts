export * from './entities/error-report';
export * from './entities/stack';
export * from './entities/labels';
export * from './entities/model';
export * from './entities/project';
export * from './entities/engine';
export * from './entities/job';
export * from './entities/app';

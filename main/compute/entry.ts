import { reportError } from './handlers/report-error';
import { routes } from './handlers/routes';
import { runCompute } from './run-compute';

runCompute(routes, reportError);

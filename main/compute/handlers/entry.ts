import { reportError } from './report-error';
import { routes } from './routes';
import { runCompute } from '../run-compute';

runCompute(routes, reportError);

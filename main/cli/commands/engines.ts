import { engineProbe } from '../../compute/requests';
import type { Command } from '../command';
import { engineChoice, engineOptions } from '../context';

export const engines: Command = {
  name: 'engines',
  summary: 'Lists the engines, whether they compute rightly here and how fast.',
  usage: '',
  help: [],
  example: 'engines --json',
  options: engineOptions,
  async run(args, context) {
    args.atMost(0);
    const choice = engineChoice(args);
    const reports = await context
      .compute(choice)
      .call(engineProbe, { choice }, { signal: context.signal });
    const lines = reports.map((report) =>
      report.available
        ? `${report.name} (${report.device}): ${report.probe?.ok === true ? 'computes rightly' : 'computes WRONGLY'}, largest error ${report.probe?.maxError.toExponential(1) ?? '?'}; forward ${report.forwardMs?.toFixed(0) ?? '?'} ms, step ${report.stepMs?.toFixed(0) ?? '?'} ms`
        : `${report.name}: not available. ${report.reason ?? ''}`,
    );
    return {
      value: reports,
      text: [...lines, '', 'Times: base-8 network, 512² forward; training step of 2 × 256².'].join(
        '\n',
      ),
      exitCode: reports.some(({ available, probe }) => available && probe?.ok === true) ? 0 : 1,
    };
  },
};

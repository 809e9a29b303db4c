import type { EnginePick, EngineReport } from '#contract/entities';
import { candidateTitle, fitsWish } from '../../engines/candidate';
import type { Command } from '../command';
import { engineHelp, engineOptions, engineWish } from '../context';

const milliseconds = (time: number | null): string =>
  time === null ? '? ms' : `${time.toFixed(0)} ms`;

function line(report: EngineReport): string {
  const { verdict, probe, forwardMs, stepMs, fastMs, reason, hint, detail } = report;
  const title = candidateTitle(report);
  switch (verdict) {
    case 'passes':
      return `${title}: passes, largest difference ${probe?.maxError.toExponential(1) ?? '?'}; forward ${milliseconds(forwardMs)}${fastMs === null ? '' : ` (in 8 bits ${milliseconds(fastMs)})`}, step ${milliseconds(stepMs)}`;
    case 'refused':
      return `${title}: refused. ${reason ?? ''}${detail === undefined ? '' : ` (${detail})`}`;
    case 'not-set-up':
      return `${title}: not set up. Add it with: ${hint ?? ''}`;
    case 'untried':
    case 'probing':
      return `${title}: not probed yet`;
  }
}

function picked(what: string, pick: EnginePick | null): string {
  if (pick === null) return `${what}: nothing that was asked for may be used`;
  const why = {
    fastest: 'the fastest that passes',
    only: 'the only one that passes',
    given: 'as asked',
    learned: 'what worked after another one failed in a job',
    untried: 'the default, nothing is probed yet',
  }[pick.why];
  return `${what}: ${candidateTitle(pick)} (${why})`;
}

/** A row as the public interface has it. */
function row(report: EngineReport) {
  const { name, device, provider, available, reason, canTrain, probe, forwardMs, stepMs } = report;
  return {
    name,
    device,
    provider,
    available,
    ...(reason === undefined ? {} : { reason }),
    canTrain,
    probe,
    forwardMs,
    stepMs,
  };
}

export const engines: Command = {
  name: 'engines',
  summary: 'Lists the engines, whether they compute rightly here and how fast.',
  usage: '[--refresh]',
  help: [
    '--refresh                       probe anew; otherwise what the last probe of this machine found',
    ...engineHelp,
  ],
  example: 'engines --json',
  options: { refresh: { type: 'boolean' }, ...engineOptions },
  async run(args, context) {
    args.atMost(0);
    const { signal, progress } = context;
    const wish = engineWish(args);
    const room = await context.engines(wish);
    if (args.flag('refresh') || room.record.probed === null) {
      await room.probe({
        signal,
        onRows: (rows) => {
          const now = rows.find(({ verdict }) => verdict === 'probing');
          if (now !== undefined) progress.note(`Probing ${candidateTitle(now)}`);
        },
      });
    }
    const reports = room.reports.filter((report) => fitsWish(report, wish));
    return {
      value: reports.map(row),
      text: [
        ...reports.map(line),
        '',
        picked('Segmenting', room.pick('segment')),
        picked('Training', room.pick('train')),
        'Times: base-8 network, 512² forward; training step of 2 × 256².',
      ].join('\n'),
      exitCode: reports.some(({ verdict }) => verdict === 'passes') ? 0 : 1,
    };
  },
};

import { join } from 'node:path';
import { toModelVersion } from '../../models/model-card';
import { listModels } from '../../models/model-store';
import type { Command } from '../command';
import { bundledModels } from '../model-argument';

export const models: Command = {
  name: 'models',
  summary: 'Lists the bundled models and those of a project, with their cards.',
  usage: '[--project FOLDER]',
  help: ['--project FOLDER                also the versions of this project'],
  example: 'models --project Larva.emproj --json',
  options: { project: { type: 'string' } },
  async run(args, places) {
    args.atMost(0);
    const project = args.text('project');
    const folders = [
      bundledModels(places),
      ...(project === null ? [] : [join(args.path(project), 'models')]),
    ];
    const listings = await Promise.all(folders.map((folder) => listModels(folder)));
    const found = listings.flatMap((listing) => listing.models);
    const damaged = listings.flatMap((listing) => listing.damaged);
    const lines = found.map(({ file }) => {
      const scores = file.scores
        ? `, V_Info ${file.scores.vInfo.toFixed(3)}, Dice ${file.scores.dice.toFixed(3)}`
        : '';
      // A bundled model is called by its id.
      const name = file.name === file.id ? file.id : `${file.name} (${file.id})`;
      const { topology, pixel } = file.thresholds;
      return [
        `${name}: base ${file.baseFilters}, membrane from ${pixel}, thin line from ${topology}${scores}`,
        ...(file.training === null ? [] : [`  Learnt from: ${file.training.summary}`]),
        ...(file.scores === null ? [] : [`  Score: ${file.scoresNote}`]),
        `  ${file.licence}`,
      ].join('\n');
    });
    return {
      value: [
        ...found.map(({ folder, file }) => ({
          ...toModelVersion(file),
          folder,
          normalisation: file.normalisation,
        })),
        ...damaged.map(({ folder, error }) => ({
          folder,
          error: { code: error.code, message: error.message, hint: error.hint },
        })),
      ],
      text: [...lines, ...damaged.map(({ error }) => error.message)].join('\n') || 'No models.',
      exitCode: 0,
    };
  },
};

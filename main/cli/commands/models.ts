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
      return `${file.name} (${file.id}): base ${file.baseFilters}, threshold ${file.thresholds.topology}${scores}\n  ${file.licence}`;
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

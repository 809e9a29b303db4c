import type { Grant } from '#contract/entities';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { forgetAccuracy } from './accuracy-commands';
import { withPart } from './choose-part';
import { attempt, type Command } from './command';

/** Shows a label stack beside the stack; a file that doesn't fit is refused with the reason. */
export async function showTruth(topics: Topics, grant: Grant): Promise<void> {
  const { client, opening, truth, layers, notices } = topics;
  await attempt(topics, async () => {
    truth.opening = true;
    try {
      const layer = await withPart(topics, grant, ({ id }) =>
        client['truth.open']({ at: opening.here(), grant: id }),
      );
      if (layer === null) return;
      forgetAccuracy(topics);
      truth.show(layer);
    } finally {
      truth.opening = false;
    }
    layers.change('truth', { visible: true });
    notices.toast(en.bench.layers.truthOpened(grant.name));
  });
}

async function openTruth(topics: Topics): Promise<void> {
  await attempt(topics, async () => {
    const grant = await topics.client['dialog.open']({ kind: 'labels' });
    if (grant) await showTruth(topics, grant);
  });
}

/** What the bench shows and how: uncertainty, truth, outline, map, contrast. */
export function benchCommands(topics: Topics) {
  const { project, view, layers, truth, client } = topics;
  const open = (): string | null => (project.open ? null : en.top.why.noProject);
  return {
    'view.toggleUncertainty': {
      blocked: open,
      run: () => {
        layers.toggle('uncertainty');
      },
    },
    'view.toggleReview': {
      blocked: open,
      run: () => {
        layers.toggle('review');
      },
    },
    'view.contour': {
      blocked: open,
      run: () => {
        layers.contour = !layers.contour;
      },
    },
    'view.minimap': {
      blocked: open,
      run: () => {
        view.minimap = !view.minimap;
      },
    },
    'view.invert': {
      blocked: open,
      run: () => {
        view.invert = !view.invert;
      },
    },
    'view.resetContrast': {
      blocked: open,
      run: () => {
        view.resetContrast();
      },
    },
    'truth.open': { blocked: open, run: () => openTruth(topics) },
    'truth.close': {
      blocked: open,
      run: () =>
        attempt(topics, async () => {
          truth.close();
          forgetAccuracy(topics);
          layers.change('truth', { visible: false });
          await client['truth.close']({ at: topics.opening.here() });
        }),
    },
  } satisfies Record<string, Command>;
}

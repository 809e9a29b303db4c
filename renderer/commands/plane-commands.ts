import type { PlaneLayout } from '#contract/entities';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import type { Command } from './command';
import { shortcutOf } from './keys-in-force.svelte';

/** Why what works on slices alone can't be done while none is shown; null = it can. */
export function slicesOnly({ planes, app }: Topics): string | null {
  if (planes.shows('xy')) return null;
  return en.planes.slicesOnly(shortcutOf('view.nextPlane', app.mac)?.join('+') ?? null);
}

/** Which planes are shown. */
export function planeCommands({ project, planes }: Topics) {
  const open = (): string | null => (project.open ? null : en.top.why.noProject);
  const show = (layout: PlaneLayout): Command => ({
    blocked: open,
    run: () => {
      planes.show(layout);
    },
  });
  return {
    'view.nextPlane': {
      blocked: open,
      run: () => {
        planes.next();
      },
    },
    'view.fourPanes': {
      blocked: open,
      run: () => {
        planes.show(planes.layout === 'four' ? planes.active : 'four');
      },
    },
    'view.planeXY': show('xy'),
    'view.planeXZ': show('xz'),
    'view.planeYZ': show('yz'),
  } satisfies Record<string, Command>;
}

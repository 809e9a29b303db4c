import type { AuditAnswer, AuditPlace } from '#contract/entities';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { attempt, type Command } from './command';

/** Every place is shown alike: screen pixels per image pixel. */
const ZOOM = 4;
const MIDDLE = { x: 0.5, y: 0.5 };

function show({ view, layers }: Topics, { z, x, y, width, height }: AuditPlace): void {
  view.goTo(z);
  if (!layers.looks.mask.visible) layers.toggle('mask');
  view.picture?.lookAt({ x: x + width / 2, y: y + height / 2 }, ZOOM, MIDDLE);
}

/** What is kept of an audit in the project that has just been opened. */
export async function readAudit(topics: Topics): Promise<void> {
  const { client, opening, audit } = topics;
  await attempt(topics, async () => {
    const at = opening.here();
    const found = await client['audit.read']({ at });
    if (opening.current?.opening === at.opening) audit.take(found);
  });
}

/** Draws places and goes to the first. */
export async function startAudit(topics: Topics, places: number): Promise<void> {
  const { client, opening, audit, mask, painting } = topics;
  audit.drawing = true;
  await attempt(topics, async () => {
    const at = opening.here();
    await painting.allSaved();
    const view = await client['audit.start']({ at, places, mask: mask.thresholds, seed: null });
    if (opening.current?.opening !== at.opening) return;
    audit.show(view);
    audit.leave();
    const first = audit.next();
    if (first !== null) show(topics, first);
  });
  audit.drawing = false;
}

/** Judging random places, one key each. */
export function auditCommands(topics: Topics) {
  const { project, models, mask, audit, client, opening } = topics;
  const drawn = (): string | null => {
    if (!project.open) return en.top.why.noProject;
    if (audit.view === null) return en.audit.why.noPlace;
    return audit.isOf(models.currentId, mask.thresholds) ? null : en.audit.why.otherMask;
  };
  const goOn = (): void => {
    const place = audit.next();
    if (place !== null) show(topics, place);
  };
  const answering = (answer: AuditAnswer): Command => ({
    blocked: () =>
      drawn() ??
      (audit.place === null ? en.audit.why.noPlace : null) ??
      // A second key would be an answer to a place that nobody has seen, or replace the first.
      (audit.keeping ? en.audit.why.keeping : null) ??
      (project.readOnly ? en.top.why.readOnly : null),
    run: async () => {
      audit.keeping = true;
      await attempt(topics, async () => {
        const { index } = audit;
        if (index === null) return;
        const at = opening.here();
        const view = await client['audit.answer']({ at, place: index, answer });
        if (opening.current?.opening !== at.opening) return;
        audit.show(view);
        // Who has gone elsewhere meanwhile stays there.
        if (audit.index === index) goOn();
      });
      audit.keeping = false;
    },
  });
  return {
    'audit.next': {
      blocked: () =>
        drawn() ??
        (audit.view?.audit.places.some(({ answer }) => answer === null)
          ? null
          : en.audit.why.allAnswered),
      run: goOn,
    },
    'audit.previous': {
      blocked: drawn,
      run: () => {
        const place = audit.previous();
        if (place !== null) show(topics, place);
      },
    },
    'audit.right': answering('right'),
    'audit.merged': answering('merged'),
    'audit.split': answering('split'),
    'audit.skip': answering('skipped'),
    'file.report': {
      blocked: () => (project.open ? null : en.top.why.noProject),
      run: () =>
        attempt(topics, async () => {
          const name = `${project.open?.name ?? ''} report.html`;
          const grant = await client['dialog.save']({ kind: 'report', name });
          if (grant === null) return;
          const saved = await client['report.save']({
            at: opening.here(),
            grant: grant.id,
            mask: mask.thresholds,
          });
          topics.notices.toast(en.audit.saved(saved.name, saved.csv), 'good');
        }),
    },
  } satisfies Record<string, Command>;
}

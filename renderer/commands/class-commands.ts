import type { LabelClass, ModelClass } from '#contract/entities';
import { sameClass } from '#contract/mask/class-mask';
import { VOID } from '#contract/label-byte';
import { freshClass, isFixedClass, neighbourClass, withChange } from '../state/classes.svelte';
import type { Topics } from '../state/topics';
import { en } from '../strings/en';
import { attempt, type Command } from './command';

const text = en.bench.classes;

/** Makes a class edit: one step of the undo history. */
function changeClasses(topics: Topics, name: string, after: readonly LabelClass[]): void {
  const before = [...topics.classes.all];
  topics.painting.change(name, { kind: 'classes', before, after: [...after] });
}

/** Adds a class, takes it in hand and asks for its name. */
export function addClass(topics: Topics): void {
  const { classes, brush, notices } = topics;
  const made = freshClass(classes.all, text.fresh);
  if (made === null) {
    notices.toast(text.full, 'warning');
    return;
  }
  changeClasses(topics, text.steps.add, [...classes.all, made]);
  brush.choose(made.id);
  classes.renaming = made.id;
}

/** Lists a class that the version in use finds, under its name and in its colour where that is free. */
export function addKnownClass(topics: Topics, { name, colour }: ModelClass): void {
  const { classes, notices } = topics;
  const made = freshClass(classes.all, () => name);
  if (made === null) {
    notices.toast(text.full, 'warning');
    return;
  }
  const free = classes.all.every((one) => one.colour !== colour);
  const listed = { ...made, colour: free ? colour : made.colour };
  changeClasses(topics, text.steps.add, [...classes.all, listed]);
}

/** Gives a class another name; an empty one leaves the old. False where another class has it. */
export function renameClass(topics: Topics, id: number, name: string): boolean {
  const { classes, notices } = topics;
  const wanted = name.trim().slice(0, 60);
  const old = classes.find(id);
  if (old === null || wanted === '' || wanted === old.name) return true;
  if (classes.all.some((one) => one.id !== id && sameClass(one, { name: wanted }))) {
    notices.toast(text.nameTaken(wanted), 'warning');
    return false;
  }
  changeClasses(topics, text.steps.rename, withChange(classes.all, id, { name: wanted }));
  return true;
}

export function recolourClass(topics: Topics, id: number, colour: string): void {
  const { classes } = topics;
  if (classes.find(id)?.colour === colour) return;
  changeClasses(topics, text.steps.recolour, withChange(classes.all, id, { colour }));
}

/** Puts a class on a digit (null = none); a class that was on it has none then. */
export function rekeyClass(topics: Topics, id: number, key: number | null): void {
  const { classes } = topics;
  if (classes.find(id)?.key === key) return;
  changeClasses(topics, text.steps.rekey, withChange(classes.all, id, { key }));
}

export function toggleClassLock(topics: Topics, id: number): void {
  const { classes } = topics;
  const one = classes.find(id);
  if (one === null) return;
  const locked = !one.locked;
  const step = locked ? text.steps.lock : text.steps.unlock;
  changeClasses(topics, step, withChange(classes.all, id, { locked }));
  topics.notices.toast(locked ? text.nowLocked(one.name) : text.nowUnlocked(one.name));
}

/** Moves a class up (−1) or down (1) the list. */
export function moveClass(topics: Topics, id: number, by: 1 | -1): void {
  const { classes } = topics;
  const at = classes.all.findIndex((one) => one.id === id);
  const one = classes.all[at];
  if (one === undefined || at + by < 0 || at + by >= classes.all.length) return;
  const rest = classes.all.filter((other) => other !== one);
  changeClasses(topics, text.steps.move, rest.toSpliced(at + by, 0, one));
}

/** Takes a class away that no pixel has; else says where it is in use. */
export function removeClass(topics: Topics, id: number): Promise<void> {
  return attempt(topics, async () => {
    const { classes, painting, client, notices, brush, opening } = topics;
    const one = classes.find(id);
    if (one === null || isFixedClass(id)) return;
    // Main counts what it has: the last strokes must be there first.
    await painting.session?.flushed();
    // Classes are those of the whole project, and the next new one takes this one's number.
    const uses = await client['labels.classUse']({ at: opening.here(), class: id });
    const used = uses.find(({ where }) => where === 'shown') ?? uses[0];
    if (used !== undefined) {
      notices.toast(text.used[used.where](one.name, used), 'warning');
      return;
    }
    const rest = classes.all.filter((other) => other.id !== id);
    changeClasses(topics, text.steps.remove, rest);
    if (brush.label === id) brush.label = rest.at(-1)?.id ?? brush.label;
  });
}

export function classCommands(topics: Topics) {
  const { project, classes, brush } = topics;
  const writable = (): string | null => {
    if (!project.open) return en.top.why.noProject;
    return project.readOnly ? en.top.why.readOnly : null;
  };
  const choose = (direction: 1 | -1): Command => ({
    blocked: writable,
    run: () => {
      const id = neighbourClass(classes.all, brush.label, direction);
      if (id !== null) brush.choose(id);
    },
  });
  const digit = (key: number): Command => ({
    blocked: () => writable() ?? (classes.byKey(key) ? null : text.noClassOnKey(key)),
    run: () => {
      const one = classes.byKey(key);
      if (one) brush.choose(one.id);
    },
  });
  return {
    'label.1': digit(1),
    'label.2': digit(2),
    'label.3': digit(3),
    'label.4': digit(4),
    'label.5': digit(5),
    'label.6': digit(6),
    'label.7': digit(7),
    'label.8': digit(8),
    'label.9': digit(9),
    'label.void': {
      blocked: writable,
      run: () => {
        brush.choose(VOID);
      },
    },
    'label.next': choose(1),
    'label.previous': choose(-1),
    'label.new': {
      blocked: writable,
      run: () => {
        addClass(topics);
      },
    },
    'label.lock': {
      blocked: writable,
      run: () => {
        toggleClassLock(topics, brush.label);
      },
    },
  } satisfies Record<string, Command>;
}

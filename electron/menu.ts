import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { RecentItem, Settings } from '#contract/entities';
import type { MenuCommand, MenuKeys } from '#contract/events';
import { acceleratorOf } from './accelerators';
import { commandStrings, menuStrings } from './strings';

export interface MenuState {
  readonly theme: Settings['theme'];
  readonly recent: readonly RecentItem[];
  /** What the window's keymap gives these commands. */
  readonly keys: MenuKeys;
}

export interface MenuActions {
  readonly run: (command: MenuCommand) => void;
  readonly openRecent: (item: RecentItem) => void;
  readonly clearRecent: () => void;
}

type Item = MenuItemConstructorOptions;
const separator: Item = { type: 'separator' };

/** Most entries that the submenu shows; the start screen lists more. */
const RECENT_SHOWN = 10;

/**
 * Keys with a modifier belong to the menu. Bare keys are the window's own
 * (a menu accelerator would steal them from text fields): the menu only shows
 * them, and on macOS, where showing means taking, not even that.
 */
function keyOf(command: MenuCommand, keys: MenuKeys): Item {
  const chord = keys[command];
  const accelerator = chord === undefined ? null : acceleratorOf(chord);
  if (accelerator === null) return {};
  if (accelerator.startsWith('CmdOrCtrl+')) return { accelerator };
  return process.platform === 'darwin' ? {} : { accelerator, registerAccelerator: false };
}

function entries(
  { keys }: MenuState,
  { run }: MenuActions,
  commands: readonly (MenuCommand | null)[],
): Item[] {
  return commands.map((command) =>
    command === null
      ? separator
      : {
          id: command,
          label: commandStrings[command],
          ...keyOf(command, keys),
          click: () => {
            run(command);
          },
        },
  );
}

function recentMenu(state: MenuState, actions: MenuActions): Item {
  const items: Item[] = state.recent.slice(0, RECENT_SHOWN).map((item) => ({
    label: item.name,
    sublabel: item.detail,
    click: () => {
      actions.openRecent(item);
    },
  }));
  if (items.length === 0) items.push({ label: menuStrings.noRecent, enabled: false });
  else
    items.push(separator, {
      label: menuStrings.clearRecent,
      click: () => {
        actions.clearRecent();
      },
    });
  return { label: menuStrings.openRecent, submenu: items };
}

function themeMenu(state: MenuState, { run }: MenuActions): Item {
  const choices = [
    ['system', 'view.themeSystem'],
    ['light', 'view.themeLight'],
    ['dark', 'view.themeDark'],
  ] as const;
  return {
    label: menuStrings.theme,
    submenu: choices.map(([theme, command]) => ({
      id: command,
      type: 'radio',
      checked: state.theme === theme,
      label: commandStrings[command],
      click: () => {
        run(command);
      },
    })),
  };
}

/** The application menu. Every entry sends its command's id to the window, which knows what it means right now. */
export function setMenu(state: MenuState, actions: MenuActions): void {
  const mac = process.platform === 'darwin';
  const of = (...commands: (MenuCommand | null)[]): Item[] => entries(state, actions, commands);
  const template: Item[] = [
    ...(mac ? [{ role: 'appMenu' } satisfies Item] : []),
    {
      label: menuStrings.file,
      submenu: [
        ...of('file.open', 'file.openFolder', 'file.openProject'),
        recentMenu(state, actions),
        ...of('file.openSample', null, 'file.save', 'file.importLabels'),
        {
          label: menuStrings.export,
          submenu: of(
            'file.exportMask',
            'file.exportClasses',
            'file.exportReview',
            'file.exportProbability',
          ),
        },
        ...of('file.report', null, 'file.close'),
        ...(mac
          ? []
          : [{ role: 'quit', label: menuStrings.quit, accelerator: 'Ctrl+Q' } satisfies Item]),
      ],
    },
    {
      label: menuStrings.edit,
      submenu: [
        ...of('edit.undo', 'edit.redo', null),
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        ...of(null, 'app.settings', 'app.keys'),
      ],
    },
    {
      label: menuStrings.view,
      submenu: [
        ...of('view.fit', 'view.actualSize', 'view.zoomIn', 'view.zoomOut', null),
        {
          label: menuStrings.planes,
          submenu: of(
            'view.planeXY',
            'view.planeXZ',
            'view.planeYZ',
            'view.fourPanes',
            null,
            'view.nextPlane',
          ),
        },
        separator,
        ...of('view.toggleMask', 'view.togglePrediction', 'view.toggleReview'),
        ...of('view.toggleUncertainty', 'view.contour', 'view.minimap', 'truth.open', null),
        ...of('view.autoContrast', 'view.hideOverlays', null, 'app.palette', null),
        themeMenu(state, actions),
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies Item]),
      ],
    },
    {
      label: menuStrings.tools,
      submenu: [
        ...of('tool.brush', 'tool.eraser', 'tool.fill', 'tool.lasso', 'tool.polygon'),
        ...of('tool.wand', 'tool.follower', 'tool.gap', 'tool.pick', 'label.new', null),
        ...of('adjust.grow', 'adjust.shrink', 'adjust.smooth'),
        ...of('adjust.removeSpecks', 'adjust.fillHoles', null),
        ...of('slice.interpolate', 'slice.copyToNext', 'slice.copyToPrevious'),
      ],
    },
    {
      label: menuStrings.slice,
      submenu: of('slice.next', 'slice.previous', null, 'slice.first', 'slice.last'),
    },
    {
      label: menuStrings.model,
      submenu: of(
        'model.segmentSlice',
        'model.segmentStack',
        'model.segmentSome',
        null,
        'model.retrain',
        'model.fit',
        'model.train',
        null,
        'model.timeline',
        'changes.open',
        'model.swipe',
        'model.whichChanged',
        null,
        'model.engines',
      ),
    },
    {
      label: menuStrings.review,
      submenu: [
        ...of('review.confirmRegion', 'review.confirmBrush', 'review.confirmSlice', null),
        ...of('review.unreviewRegion', 'review.unreviewBrush'),
      ],
    },
    {
      label: menuStrings.help,
      role: 'help',
      submenu: of('help.tour', 'help.shortcuts', null, 'help.diagnostics', 'help.about'),
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

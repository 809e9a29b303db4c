import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { RecentItem, Settings } from '#contract/entities';
import type { MenuCommand } from '#contract/events';
import { commandStrings, menuStrings } from './strings';

export interface MenuState {
  readonly theme: Settings['theme'];
  readonly recent: readonly RecentItem[];
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
const accelerators: Readonly<Partial<Record<MenuCommand, string>>> = {
  'file.open': 'CmdOrCtrl+O',
  'file.openProject': 'CmdOrCtrl+Shift+O',
  'file.close': 'CmdOrCtrl+W',
  'file.exportMask': 'CmdOrCtrl+E',
  'edit.undo': 'CmdOrCtrl+Z',
  'edit.redo': 'CmdOrCtrl+Shift+Z',
  'view.fit': 'CmdOrCtrl+0',
  'view.actualSize': 'CmdOrCtrl+1',
  'view.zoomIn': 'CmdOrCtrl+Plus',
  'view.zoomOut': 'CmdOrCtrl+-',
  'model.retrain': 'CmdOrCtrl+T',
};
const windowKeys: Readonly<Partial<Record<MenuCommand, string>>> = {
  'view.autoContrast': 'C',
  'view.hideOverlays': 'H',
  'tool.brush': 'B',
  'tool.eraser': 'E',
  'tool.fill': 'F',
  'tool.lasso': 'L',
  'tool.polygon': 'Shift+L',
  'tool.wand': 'W',
  'tool.follower': 'T',
  'tool.pick': 'I',
  'adjust.fillHoles': 'Shift+F',
  'slice.interpolate': 'V',
  'slice.copyToNext': 'Shift+V',
  'slice.copyToPrevious': 'Alt+V',
  'review.confirmBrush': 'R',
  'review.unreviewBrush': 'Shift+R',
  'slice.next': 'PageDown',
  'slice.previous': 'PageUp',
  'slice.first': 'Home',
  'slice.last': 'End',
  'model.segmentSlice': 'S',
  'model.segmentStack': 'Shift+S',
  'review.confirmRegion': 'Enter',
  'review.confirmSlice': 'Shift+Enter',
  'help.shortcuts': 'Shift+/',
};

function keyOf(command: MenuCommand): Item {
  const accelerator = accelerators[command];
  if (accelerator !== undefined) return { accelerator };
  const shown = windowKeys[command];
  if (shown === undefined || process.platform === 'darwin') return {};
  return { accelerator: shown, registerAccelerator: false };
}

function entries({ run }: MenuActions, commands: readonly (MenuCommand | null)[]): Item[] {
  return commands.map((command) =>
    command === null
      ? separator
      : {
          id: command,
          label: commandStrings[command],
          ...keyOf(command),
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
  const of = (...commands: (MenuCommand | null)[]): Item[] => entries(actions, commands);
  const template: Item[] = [
    ...(mac ? [{ role: 'appMenu' } satisfies Item] : []),
    {
      label: menuStrings.file,
      submenu: [
        ...of('file.open', 'file.openProject'),
        recentMenu(state, actions),
        ...of('file.openSample', null),
        {
          label: menuStrings.export,
          submenu: of('file.exportMask', 'file.exportProbability'),
        },
        separator,
        ...of('file.close'),
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
      ],
    },
    {
      label: menuStrings.view,
      submenu: [
        ...of('view.fit', 'view.actualSize', 'view.zoomIn', 'view.zoomOut', null),
        ...of('view.autoContrast', 'view.hideOverlays', null),
        themeMenu(state, actions),
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies Item]),
      ],
    },
    {
      label: menuStrings.tools,
      submenu: [
        ...of('tool.brush', 'tool.eraser', 'tool.fill', 'tool.lasso', 'tool.polygon'),
        ...of('tool.wand', 'tool.follower', 'tool.pick', null),
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
        null,
        'model.retrain',
        'model.train',
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
      submenu: of('help.shortcuts', null, 'help.diagnostics', 'help.about'),
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

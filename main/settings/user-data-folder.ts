import { homedir } from 'node:os';
import { join } from 'node:path';

const APP = 'Membrana';

/** Where Electron keeps the app's settings, for the command line, which runs without it. MEMBRANA_USER_DATA decides otherwise. */
export function userDataFolder(): string {
  const {
    MEMBRANA_USER_DATA: given,
    APPDATA: windows,
    XDG_CONFIG_HOME: configuration,
  } = process.env;
  if (given !== undefined && given !== '') return given;
  switch (process.platform) {
    case 'win32':
      return join(windows ?? join(homedir(), 'AppData', 'Roaming'), APP);
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', APP);
    default:
      return join(configuration ?? join(homedir(), '.config'), APP);
  }
}

/** Strokes of projects whose folder vanished while they were open, by project. */
export function rescuedStrokes(userData: string): string {
  return join(userData, 'rescued');
}

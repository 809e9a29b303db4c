/**
 * Gives an Electron without its default app what `electron <folder>` does:
 * runs the application in the folder named on the command line. Copied into
 * the runtime as `resources/app/main.js`. Top-level await keeps `ready` back
 * until the application's own entry has run, as Electron does for ES modules.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const folder = path.resolve(process.argv.slice(1).find((each) => !each.startsWith('-')) ?? '.');
const manifest = path.join(folder, 'package.json');

if (existsSync(manifest)) {
  const { main, name, productName, version } = JSON.parse(readFileSync(manifest, 'utf8'));
  process.defaultApp = true;
  app.setAppPath(folder);
  app.setVersion(version ?? '0.0.0');
  app.setName(productName ?? name);
  if (!app.commandLine.hasSwitch('user-data-dir')) {
    app.setPath('userData', path.join(app.getPath('appData'), app.getName()));
  }
  await import(pathToFileURL(path.join(folder, main ?? 'index.js')).href);
} else {
  console.error(`No application in ${folder}`);
  app.exit(1);
}

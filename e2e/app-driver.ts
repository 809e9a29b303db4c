import { copyFile, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, errors, type ElectronApplication, type Page } from '@playwright/test';
import { ownScreen } from './own-screen';
import { storyProject, storyStack } from './story-stack';

const root = resolve(import.meta.dirname, '..');

/** Console lines that are no fault of the app: Chromium's own, on a machine without a bus or a graphics card. */
const harmless = [/GPU stall due to ReadPixels/, /Automatic fallback to software WebGL/];

export interface LaunchOptions {
  /** Files named on the command line. */
  readonly files?: readonly string[];
  /** 1, or 2 for a sharp screen. */
  readonly scale?: 1 | 2;
  /** Keep settings and projects of an earlier launch; the caller removes it. Without one the story stack is known where it is opened. */
  readonly home?: Home;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A person's folders: settings, and the projects they make. */
export interface Home {
  readonly folder: string;
  readonly userData: string;
  readonly projects: string;
  remove(): Promise<void>;
}

/** What was learnt before (`known-before.ts`): what this machine's engines are worth, as from the second start on; how a model sees the story stack, as after its first segmentation. */
export type Known = 'nothing' | 'engines' | 'story-stack';

export async function makeHome(known: Known = 'engines'): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'membrana-e2e-'));
  const userData = join(folder, 'user');
  const projects = join(folder, 'projects');
  const from = process.env['MEMBRANA_KNOWN'];
  if (known !== 'nothing' && from !== undefined) {
    await mkdir(userData);
    await copyFile(join(from, 'engines.json'), join(userData, 'engines.json'));
    if (known === 'story-stack')
      await cp(join(from, storyProject), join(projects, storyProject), { recursive: true });
  }
  return {
    folder,
    userData,
    projects,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The app as it runs, and what it complained about. */
export interface RunningApp {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly home: Home;
  /** Errors of the page: its console, its exceptions. */
  readonly problems: string[];
  /** Everything that the main process printed. */
  output(): string;
  /** Answers the next file dialogs with these paths. */
  answerDialogs(...paths: string[]): Promise<void>;
  /** A picture for the artefacts. */
  picture(name: string): Promise<void>;
  /** Quits as a person does; the home stays when it was given. */
  close(): Promise<void>;
}

export async function electronExecutable(): Promise<string> {
  const record: unknown = JSON.parse(
    await readFile(join(root, '.runtime', 'electron.json'), 'utf8'),
  );
  if (typeof record === 'object' && record !== null && 'executable' in record)
    return String(record.executable);
  throw new Error('.runtime/electron.json names no executable: run `npm run setup`');
}

/** The app itself is up within a second or two here, on a busy machine within ten. */
const ATTACH_MS = 60_000;

/**
 * Once in a few hundred starts Playwright doesn't find the way to an app whose
 * log says that its window was ready after a second; a second start does.
 */
async function launchOnceMore(
  options: Parameters<typeof _electron.launch>[0],
): Promise<ElectronApplication> {
  try {
    return await _electron.launch(options);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    process.stderr.write('Playwright did not reach the app; it is started once more.\n');
    return await _electron.launch(options);
  }
}

/** V8 may collect the promise of an evaluation before Playwright holds it: it is made again then. */
async function evaluateOnceMore(evaluate: () => Promise<void>): Promise<void> {
  try {
    await evaluate();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('garbage collected')) throw error;
    await evaluate();
  }
}

/** Starts the built app in real Electron with folders of its own. */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const known = options.files?.includes(storyStack) === true ? 'story-stack' : 'engines';
  const home = options.home ?? (await makeHome(known));
  const problems: string[] = [];
  let printed = '';
  const electron = await launchOnceMore({
    timeout: ATTACH_MS,
    executablePath: await electronExecutable(),
    args: [
      '--no-sandbox',
      ...(options.scale === 2 ? ['--force-device-scale-factor=2'] : []),
      root,
      ...(options.files ?? []),
    ],
    env: {
      ...process.env,
      ...ownScreen(),
      MEMBRANA_USER_DATA: home.userData,
      MEMBRANA_PROJECTS: home.projects,
      ...options.environment,
    },
  });
  const keep = (text: Buffer): void => {
    printed = (printed + text.toString('utf8')).slice(-200_000);
  };
  electron.process().stdout?.on('data', keep);
  electron.process().stderr?.on('data', keep);
  const page = await electron.firstWindow();
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !harmless.some((known) => known.test(text)))
      problems.push(text);
  });
  page.on('pageerror', (error) => problems.push(String(error.stack ?? error)));
  await page.waitForLoadState('domcontentloaded');
  return {
    electron,
    page,
    home,
    problems,
    output: () => printed,
    async answerDialogs(...paths) {
      await electron.evaluate(({ dialog }, answers) => {
        const next = [...answers];
        dialog.showOpenDialog = () => {
          const path = next.shift();
          return Promise.resolve({
            canceled: path === undefined,
            filePaths: path === undefined ? [] : [path],
          });
        };
        dialog.showSaveDialog = () => {
          const path = next.shift();
          return Promise.resolve({ canceled: path === undefined, filePath: path ?? '' });
        };
      }, paths);
    },
    async picture(name) {
      await page.screenshot({ path: join(root, 'test-results', 'pictures', `${name}.png`) });
    },
    async close() {
      // A person who is asked whether to lose a running training says yes.
      await evaluateOnceMore(() =>
        electron.evaluate(({ dialog }) => {
          dialog.showMessageBoxSync = () => 1;
        }),
      );
      await electron.close();
      if (options.home === undefined) await home.remove();
    },
  };
}

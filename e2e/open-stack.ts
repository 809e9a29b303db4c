import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp, makeHome, type Home, type RunningApp } from './app-driver';
import { storyProject, storyStack } from './story-stack';
import { Workspace } from './workspace';

export interface StackOptions {
  readonly files: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The first slice is segmented, and shown at one screen pixel per image pixel. */
  readonly segmented?: boolean;
}

/** What was learnt of the story stack before is what the app goes by: else every story would learn it anew, and nobody would notice. */
async function expectKnown({ projects }: Home): Promise<void> {
  const text = await readFile(join(projects, storyProject, 'project.json'), 'utf8');
  expect(text).toMatch(/"by": ?"measured"/);
}

/** The app with a stack open and no card over it, for all tests of a file or block: started before the first, ended after the last. */
export class OpenStack {
  #running: { readonly home: Home; readonly app: RunningApp; readonly work: Workspace } | null =
    null;

  constructor(private readonly options: StackOptions) {
    test.beforeAll(async () => {
      const known = options.files.includes(storyStack);
      await this.#start(await makeHome(known ? 'story-stack' : 'engines'));
      if (known) await expectKnown(this.home);
      if (options.segmented !== true) return;
      await this.work.segment();
      await this.work.dismissCards();
      await this.work.press('Control+1');
    });
    test.afterAll(async () => {
      await this.app.close();
      await this.home.remove();
    });
  }

  get home(): Home {
    return this.#now().home;
  }
  get app(): RunningApp {
    return this.#now().app;
  }
  get work(): Workspace {
    return this.#now().work;
  }

  /** Quits and starts again, as the next morning. */
  async restart(): Promise<void> {
    await this.app.close();
    await this.#start(this.home);
  }

  #now() {
    if (this.#running === null) throw new Error('the app has not been started yet');
    return this.#running;
  }

  async #start(home: Home): Promise<void> {
    const { files, environment = {} } = this.options;
    const app = await launchApp({ home, files, environment });
    const work = new Workspace(app.page);
    this.#running = { home, app, work };
    await work.opened();
    await work.dismissCards();
  }
}

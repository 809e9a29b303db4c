import type { RunningApp } from './app-driver';
import { cellsOf, type Grid } from './label-reader';
import type { Point } from './workspace';

/** What the window has told of its strokes, up to the moment it or the app was killed. */
export interface Told {
  /** Strokes that ended. */
  painted: number;
  /** Of those, from the first on, reported saved by the window. */
  saved: number;
  /** Milliseconds from pointer-up to the report, one a stroke. */
  readonly took: number[];
}

interface SliceShape {
  readonly stack: string;
  /** Project, stack and layer, as the URLs of its labels begin. */
  readonly labels: string;
  /** The opening that commands on the project name. */
  readonly at: { readonly project: string; readonly opening: string };
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

const TELL = '[saving] ';

/**
 * The window as the main process reaches it. A killed page comes back under
 * the same window but not to a test driver, so everything here goes through
 * main: scripts in the page, input events, and what the page tells its console.
 */
export class WindowDoor {
  told: Told = { painted: 0, saved: 0, took: [] };
  private rest = '';

  private constructor(private readonly app: RunningApp) {}

  static async open(app: RunningApp): Promise<WindowDoor> {
    const door = new WindowDoor(app);
    app.electron.process().stdout?.on('data', (data: Buffer) => {
      door.hear(data.toString('utf8'));
    });
    await app.electron.evaluate(({ BrowserWindow, dialog }) => {
      // "Try again", should the page be killed more often than a person would bear.
      dialog.showMessageBoxSync = () => 0;
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      contents?.on('console-message', (...given: unknown[]) => {
        const line = given.find((one) => typeof one === 'string' && one.startsWith('[saving] '));
        if (typeof line === 'string') process.stdout.write(`\n${line}\n`);
      });
    });
    return door;
  }

  private hear(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith(TELL)) continue;
      const [painted = 0, saved = 0, ...took] = line.slice(TELL.length).split(' ').map(Number);
      this.told.painted = Math.max(this.told.painted, painted);
      this.told.saved = Math.max(this.told.saved, saved);
      this.told.took.push(...took);
    }
  }

  /** Runs a script in the page; `null` while there is none. */
  run(script: string): Promise<unknown> {
    return this.app.electron.evaluate(async ({ BrowserWindow }, code) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return null;
      // Asked in the very moment of its end, a page never answers.
      const late = new Promise<null>((done) => setTimeout(done, 20_000, null));
      const answer: unknown = await Promise.race([late, contents.executeJavaScript(code)]);
      return answer;
    }, script);
  }

  pid(): Promise<number> {
    return this.app.electron.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
    );
  }

  /** A stack is on the screen. */
  async isUp(): Promise<boolean> {
    const up = await this.run(
      `document.querySelector('[role="application"] canvas') !== null &&
       document.querySelector('header .project .pill') !== null`,
    ).catch(() => null);
    return up === true;
  }

  /** A key of the window's own, by key and place. */
  async press(key: string, code: string, control = false): Promise<void> {
    const init = JSON.stringify({ key, code, ctrlKey: control, bubbles: true, cancelable: true });
    await this.run(
      `document.querySelector('[role="application"]').focus();
       window.dispatchEvent(new KeyboardEvent('keydown', ${init}));
       window.dispatchEvent(new KeyboardEvent('keyup', ${init})); true`,
    );
  }

  /** Asks main through the door that the window has. */
  invoke(name: string, input: unknown): Promise<unknown> {
    return this.run(`membrana.invoke(${JSON.stringify(name)}, ${JSON.stringify(input)})`);
  }

  /** Counts strokes and reads the pill beside the project's name from here on. */
  async watchSaving(): Promise<void> {
    this.told = { painted: 0, saved: 0, took: [] };
    await this.run(`(() => {
      window.stopWatching?.();
      const header = document.querySelector('header');
      const stop = new AbortController();
      let ups = 0, saved = 0;
      const ended = [];
      const read = () => {
        const text = header.querySelector('[role="status"]')?.textContent ?? '';
        const saving = /Saving (\\d+)/.exec(text)?.[1];
        if (saving === undefined && text.trim() !== 'Saved') return;
        const now = ups - Number(saving ?? 0);
        const took = ended.splice(0, Math.max(0, now - saved))
          .map((at) => (performance.now() - at).toFixed(2));
        saved = Math.max(saved, now);
        console.info(['[saving]', ups, saved, ...took].join(' '));
      };
      window.addEventListener('pointerup', ({ timeStamp }) => { ups += 1; ended.push(timeStamp); },
        { capture: true, signal: stop.signal });
      const watch = new MutationObserver(read);
      watch.observe(header, { subtree: true, childList: true, characterData: true });
      window.stopWatching = () => { stop.abort(); watch.disconnect(); };
      return true;
    })()`);
  }

  /** Short strokes at these places of the window, through its input queue as a mouse sends them; ends with the app or the page. */
  paint(places: readonly Point[]): Promise<void> {
    return this.app.electron.evaluate(async ({ BrowserWindow }, starts) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
      for (const { x, y } of starts) {
        if (contents === undefined || contents.isCrashed() || contents.isLoading()) return;
        contents.sendInputEvent({ type: 'mouseMove', x, y });
        contents.sendInputEvent({ type: 'mouseDown', x, y, button: 'left', clickCount: 1 });
        for (let step = 1; step <= 5; step += 1) {
          await wait(2);
          contents.sendInputEvent({
            type: 'mouseMove',
            x: x + step,
            y: y + Math.round(step / 2),
            modifiers: ['leftbuttondown'],
          });
        }
        contents.sendInputEvent({ type: 'mouseUp', x: x + 5, y: y + 3, button: 'left' });
        await wait(12);
      }
    }, places);
  }

  /** The image point under a place of the window, as the status bar tells it; null where it tells none. */
  async pixelAt({ x, y }: Point): Promise<Point | null> {
    const asked = this.app.electron.evaluate(
      ({ BrowserWindow }, at) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.sendInputEvent({ type: 'mouseMove', x: at.x + 3, y: at.y + 3 });
        contents?.sendInputEvent({ type: 'mouseMove', x: at.x, y: at.y });
      },
      { x, y },
    );
    // The debugger may lose an answer to the collector while main is busy; the question is harmless twice.
    const lost = await asked.catch((error: unknown) => String(error));
    if (typeof lost === 'string') {
      if (!lost.includes('garbage collected')) throw new Error(lost);
      return null;
    }
    const text = await this.run(
      `new Promise((done) => setTimeout(() =>
        done(document.querySelector('footer, [role="contentinfo"]')?.innerText ?? ''), 150))`,
    );
    const found = /x\s*(\d+)\s*y\s*(\d+)/.exec(String(text));
    return found ? { x: Number(found[1]), y: Number(found[2]) } : null;
  }

  /** The middle of the picture, CSS pixels of the window. */
  async middle(): Promise<Point> {
    const box = await this.run(
      `(() => { const { x, y, width, height } =
        document.querySelector('[role="application"]').getBoundingClientRect();
        return [Math.round(x + width / 2), Math.round(y + height / 2)]; })()`,
    );
    const [x, y] = Array.isArray(box) ? box.map(Number) : [];
    return { x: x ?? 0, y: y ?? 0 };
  }

  async shape(): Promise<SliceShape> {
    const answer = await this.run(`(async () => {
      const recent = await membrana.invoke('recent.list', null);
      const { value } = await membrana.invoke('project.open', { grant: recent.value[0].grant });
      const { id, info } = value.stack;
      return [[value.id, id, value.layer].join('/'), value.id, value.opening, info.width, info.height, info.depth];
    })()`);
    const [labels = '', project = '', opening = '', ...size] = Array.isArray(answer)
      ? answer.map(String)
      : [];
    const [width = 0, height = 0, depth = 0] = size.map(Number);
    const stack = labels.split('/')[1] ?? '';
    return { stack, labels, at: { project, opening }, width, height, depth };
  }

  /** The bytes of every cell of a grid of a slice, as main has them. */
  async cells(shape: SliceShape, z: number, grid: Grid): Promise<string[]> {
    const text = await this.run(`(async () => {
      const width = ${String(shape.width)}, height = ${String(shape.height)};
      const labels = new Uint8Array(width * height);
      for (let ty = 0; ty * 512 < height; ty += 1)
        for (let tx = 0; tx * 512 < width; tx += 1) {
          const answer = await fetch('em-pixels://labels/${shape.labels}/${String(z)}/' + tx + '/' + ty);
          const bytes = new Uint8Array(await answer.arrayBuffer());
          for (let i = 0; i < bytes.length; i += 1) {
            const x = tx * 512 + (i % 512), y = ty * 512 + Math.floor(i / 512);
            if (x < width && y < height) labels[y * width + x] = bytes[i];
          }
        }
      return Array.from(labels, (byte) => String.fromCharCode(byte)).join('');
    })()`);
    if (typeof text !== 'string') throw new Error('the labels could not be read');
    const labels = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return cellsOf(labels, shape.width, grid);
  }
}

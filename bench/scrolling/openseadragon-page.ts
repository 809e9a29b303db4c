import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { npmPeer } from '../race/npm-peer';
import { PICTURES, providePictures } from './picture-pages';

/** How OpenSeadragon shows a stack: a page a slice, or every slice loaded at the start and one of them visible. */
export type SeadragonMode = 'pages' | 'preloaded';

/** The viewer's name with its version, and its script; installed from npm on first use. */
export function openSeadragon(): { readonly name: string; readonly script: string } {
  const { folder, version } = npmPeer('openseadragon', '6.1.1');
  const script = readFileSync(`${folder}/build/openseadragon/openseadragon.min.js`, 'utf8');
  return { name: `OpenSeadragon ${version}`, script };
}

/** Makes an empty page into OpenSeadragon over pictures of `side`², as JPEG, that Page Up and Page Down flip through. */
export async function becomeSeadragon(
  page: Page,
  script: string,
  side: number,
  mode: SeadragonMode,
): Promise<void> {
  await page.evaluate(script);
  await providePictures(page, side);
  await page.evaluate(
    async ({ count, preloaded }) => {
      const make: unknown = Reflect.get(window, 'makePicture');
      const viewerOf: unknown = Reflect.get(window, 'OpenSeadragon');
      if (typeof make !== 'function' || typeof viewerOf !== 'function')
        throw new Error('OpenSeadragon did not load');
      const urls: string[] = [];
      for (let i = 0; i < count; i += 1) {
        const canvas: unknown = Reflect.apply(make, window, [i]);
        if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no picture');
        const blob = await new Promise<Blob | null>((done) => {
          canvas.toBlob(done, 'image/jpeg', 0.9);
        });
        if (blob) urls.push(URL.createObjectURL(blob));
      }
      const element = document.createElement('div');
      Object.assign(element.style, { position: 'fixed', inset: '0' });
      document.body.replaceChildren(element);
      document.body.style.margin = '0';
      interface Item {
        setOpacity(opacity: number): void;
        getFullyLoaded(): boolean;
      }
      interface Viewer {
        addHandler(name: string, listener: () => void): void;
        goToPage(page: number): void;
        addTiledImage(options: object): void;
        readonly world: { getItemAt(index: number): Item | undefined; getItemCount(): number };
      }
      const sources = urls.map((url) => ({ type: 'image', url }));
      const viewer = (viewerOf as (options: object) => unknown)({
        element,
        drawer: 'canvas',
        showNavigationControl: false,
        showSequenceControl: false,
        preserveViewport: true,
        immediateRender: true,
        animationTime: 0,
        blendTime: 0,
        maxImageCacheCount: 10_000,
        ...(preloaded ? {} : { sequenceMode: true, tileSources: sources }),
      }) as Viewer;
      if (preloaded)
        sources.forEach((tileSource, i) => {
          viewer.addTiledImage({
            tileSource,
            index: i,
            opacity: i === 0 ? 1 : 0,
            preload: true,
            width: 1,
          });
        });
      const shows: { z: number; done: number; complete: boolean }[] = [];
      let at = 0;
      const page = (): number => ((at % count) + count) % count;
      viewer.addHandler('update-viewport', () => {
        const item = viewer.world.getItemAt(preloaded ? page() : 0);
        if (item) shows.push({ z: at, done: performance.now(), complete: item.getFullyLoaded() });
      });
      window.addEventListener(
        'keydown',
        (event) => {
          event.stopImmediatePropagation();
          if (preloaded) viewer.world.getItemAt(page())?.setOpacity(0);
          at += event.key === 'PageDown' ? 1 : -1;
          if (preloaded) viewer.world.getItemAt(page())?.setOpacity(1);
          else viewer.goToPage(page());
        },
        { capture: true },
      );
      Reflect.set(window, 'shownSlices', () => shows);
      Reflect.set(window, 'allLoaded', () => {
        const items = Array.from({ length: viewer.world.getItemCount() }, (_, i) =>
          viewer.world.getItemAt(i),
        );
        return (
          items.length === (preloaded ? count : 1) && items.every((item) => item?.getFullyLoaded())
        );
      });
    },
    { count: PICTURES, preloaded: mode === 'preloaded' },
  );
  await page.waitForFunction(
    () => {
      const loaded: unknown = Reflect.get(window, 'allLoaded');
      return typeof loaded === 'function' && Reflect.apply(loaded, window, []) === true;
    },
    undefined,
    { timeout: 60_000 },
  );
}

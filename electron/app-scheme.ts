import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { protocol } from 'electron';
import { z } from 'zod';

export const APP_ORIGIN = 'membrana://app';

/** What the page may load and run: its own files, its own styles, pixels from `em-pixels:`; nothing else. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self' em-pixels:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default svelte-trusted-html',
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Written by the build: URL path → file in the renderer's folder. */
const Manifest = z.record(z.string().startsWith('/'), z.string().min(1));

function answer(status: number, body: Uint8Array<ArrayBuffer> | null, type: string): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': type,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-cache',
    },
  });
}

/**
 * Serves the window's files at `membrana://app/…`. Only what the build wrote
 * into its manifest exists: a request is a look-up, never a path.
 */
export async function serveApp(rendererFolder: string): Promise<void> {
  const text = await readFile(join(rendererFolder, 'manifest.json'), 'utf8');
  const manifest = Manifest.parse(JSON.parse(text));
  const files = new Map(
    Object.entries(manifest).map(([url, file]) => [url, join(rendererFolder, normalize(file))]),
  );
  const index = files.get('/index.html');
  if (index !== undefined) files.set('/', index);
  protocol.handle('membrana', async (request) => {
    const { host, pathname } = new URL(request.url);
    const file = host === 'app' ? files.get(pathname) : undefined;
    if (file === undefined || request.method !== 'GET') return answer(404, null, 'text/plain');
    const type = contentTypes[extname(file)] ?? 'application/octet-stream';
    return answer(200, new Uint8Array(await readFile(file)), type);
  });
}

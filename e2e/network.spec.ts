import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from '@playwright/test';
import { launchApp } from './app-driver';

/** WebRTC does not gather on the loopback interface, so the traps lie on another one where there is one. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** Counts what comes: datagrams and connections, on two ports of this machine. */
async function trap() {
  const heard: string[] = [];
  const udp = createSocket('udp4', (_, from) => {
    heard.push(`UDP from port ${String(from.port)}`);
  });
  udp.bind(0, '0.0.0.0');
  await once(udp, 'listening');
  const tcp = createServer((socket) => {
    socket.once('data', (data) => heard.push(`TCP: ${data.toString('latin1').slice(0, 80)}`));
    socket.on('error', () => undefined);
    heard.push('TCP');
  });
  tcp.listen(0, '0.0.0.0');
  await once(tcp, 'listening');
  const address = tcp.address();
  return {
    heard,
    host: ownAddress(),
    udp: udp.address().port,
    tcp: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      udp.close();
      tcp.close();
    },
  };
}

test('a page that was taken over reaches nobody: no datagram, no connection, no name', async () => {
  const app = await launchApp();
  const { heard, close, ...traps } = await trap();
  try {
    const candidates = await app.page.evaluate(async ({ host, udp, tcp }) => {
      const found: string[] = [];
      const credentials = { username: 'a', credential: 'b' };
      const far = `http://${host}:${String(tcp)}`;
      for (const place of [host, '127.0.0.1', 'localhost']) {
        const peer = new RTCPeerConnection({
          iceServers: [
            { urls: `stun:${place}:${String(udp)}` },
            { urls: `turn:${place}:${String(udp)}?transport=udp`, ...credentials },
            { urls: `turn:${place}:${String(tcp)}?transport=tcp`, ...credentials },
            { urls: `turns:${place}:${String(tcp)}?transport=tcp`, ...credentials },
          ],
        });
        peer.onicecandidate = ({ candidate }) => {
          if (candidate !== null && candidate.candidate !== '') found.push(candidate.candidate);
        };
        peer.createDataChannel('out');
        await peer.setLocalDescription(await peer.createOffer());
        // A partner that was told by other means: checks go straight to its address.
        const answerer = new RTCPeerConnection();
        if (peer.localDescription) await answerer.setRemoteDescription(peer.localDescription);
        const answer = await answerer.createAnswer();
        await answerer.setLocalDescription(answer);
        await peer.setRemoteDescription(answer);
        await peer
          .addIceCandidate({
            candidate: `candidate:1 1 udp 2122260223 ${host} ${String(udp)} typ host`,
            sdpMid: '0',
            sdpMLineIndex: 0,
          })
          .catch(() => undefined);
      }
      const ignore = (): void => undefined;
      fetch(far, { mode: 'no-cors' }).catch(ignore);
      fetch(`https://${host}:${String(tcp)}`).catch(ignore);
      navigator.sendBeacon(far, 'x');
      new Image().src = far;
      new EventSource(far).onerror = ignore;
      const late: (() => unknown)[] = [
        () => new WebSocket(`ws://${host}:${String(tcp)}`),
        () =>
          Reflect.construct(Reflect.get(window, 'WebTransport') as never, [
            `https://${host}:${String(udp)}`,
          ]),
        () => navigator.serviceWorker.register(`${far}/worker.js`).catch(ignore),
        () => new Worker(far),
        () => window.open(far),
        () => import(/* @vite-ignore */ `${far}/module.js`).catch(ignore),
      ];
      for (const one of late)
        try {
          one();
        } catch {
          // Refused at once.
        }
      for (const rel of [
        'dns-prefetch',
        'preconnect',
        'prefetch',
        'prerender',
        'modulepreload',
        'stylesheet',
        'icon',
        'manifest',
      ]) {
        const link = document.createElement('link');
        link.rel = rel;
        link.href = rel === 'dns-prefetch' ? 'http://localhost.example:80' : far;
        document.head.append(link);
      }
      const frame = document.createElement('iframe');
      frame.src = far;
      document.body.append(frame);
      const form = document.createElement('form');
      form.action = far;
      form.method = 'post';
      document.body.append(form);
      form.submit();
      const anchor = document.createElement('a');
      anchor.href = '#nowhere';
      anchor.ping = far;
      document.body.append(anchor);
      anchor.click();
      await new Promise((resolve) => setTimeout(resolve, 5000));
      return found;
    }, traps);
    expect(heard).toEqual([]);
    expect(candidates.filter((candidate) => / udp /i.test(candidate))).toEqual([]);
  } finally {
    close();
    await app.close();
  }
});

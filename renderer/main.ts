import './trusted-types';
// Forbids zod to probe for eval, which the window's CSP reports; before the first schema is made.
import '#contract/ids';
import { mount } from 'svelte';
import { toErrorReport } from '#contract/errors';
import { createClient } from './api/client';
import { openOffered } from './commands/file-commands';
import { createTopics } from './state/topics';
import App from './ui/App.svelte';
import './ui/theme.css';

const bridge = window.membrana;
const client = createClient(bridge);
const topics = createTopics(client);
const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app.');

mount(App, { target, props: { topics, bridge } });

// Nothing fails silently: what no one caught is shown as a card.
window.addEventListener('unhandledrejection', (event) => {
  topics.notices.error(toErrorReport(event.reason));
});

async function start(): Promise<void> {
  const info = await client['app.info']();
  topics.app.start(info);
  bridge.ready();
  await openOffered(topics, info.opening);
  for (const job of await client['jobs.list']()) topics.jobs.report(job);
}

start().catch((error: unknown) => {
  topics.notices.error(toErrorReport(error));
});

import { cpus, freemem, totalmem, release } from 'node:os';
import type { EngineReport, Job, Settings } from '#contract/entities';
import { writeSlicesWithin } from '#contract/slice-marks';
import { withoutPaths } from './log';

export interface DiagnosticsFacts {
  readonly appVersion: string;
  /** Electron, Chromium, Node and V8, as far as they are there. */
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly engines: readonly EngineReport[];
  readonly jobs: readonly Job[];
  /** What is open, in figures: size, slices, number of labels; null = nothing. */
  readonly project: Readonly<Record<string, string | number | boolean | null>> | null;
  readonly logTail: string;
}

function section(title: string, value: unknown): string {
  return `## ${title}\n${JSON.stringify(value, null, 2)}\n`;
}

function machine(): Readonly<Record<string, string | number>> {
  const processors = cpus();
  return {
    platform: process.platform,
    release: release(),
    architecture: process.arch,
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    freeMiB: Math.round(freemem() / 2 ** 20),
  };
}

/** What a report of a problem needs, as one text a person can read before sending it. No pixels, no folders, no user names. */
export function diagnosticsText(facts: DiagnosticsFacts): string {
  const parts = [
    `# Membrana diagnostics\nversion ${facts.appVersion}, ${new Date().toISOString()}\nNo image data and no folder names are in this file.\n`,
    section('Versions', facts.versions),
    section('Machine', machine()),
    section('Settings', facts.settings),
    section('Engines', facts.engines),
    section('Open project', facts.project),
    section('Jobs', writeSlicesWithin(facts.jobs, 1)),
    `## Log\n${facts.logTail.trim()}\n`,
  ];
  return withoutPaths(parts.join('\n'));
}

import { openProject } from '../project-store';
import { quickStorage } from './sample-project';

/*
 * A program that opens a project for writing, as the first opening by this
 * version does with one of an earlier format, and waits to be killed:
 * `opener <project folder>`. It says when it begins and when it is open.
 */
const [, , folder = ''] = process.argv;
process.stdout.write(`${JSON.stringify({ begins: true })}\n`);
const project = await openProject(folder, { readOnlyIfLocked: false }, quickStorage);
process.stdout.write(`${JSON.stringify({ opened: project.recovery })}\n`);
setInterval(() => undefined, 1000);

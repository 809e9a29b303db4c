import { pathToFileURL } from 'node:url';

/**
 * Runs the built command line's `info --digest` on many files in one process: its
 * file is loaded afresh for each, with the words and the exit that it has alone.
 * Usage: info-of-many.mjs CLI FILE…; prints {file: {code, answer}}.
 */
const [cli, ...files] = process.argv.slice(2);
const print = process.stdout.write.bind(process.stdout);
process.setMaxListeners(0);
process.stdout.setMaxListeners(0);
const answers = {};
for (const [at, file] of files.entries()) {
  let text = '';
  process.argv = [process.execPath, cli, 'info', file, '--digest', '--json', '--quiet'];
  process.stdout.write = (chunk, ...rest) => {
    text += String(chunk);
    rest.find((word) => typeof word === 'function')?.();
    return true;
  };
  const code = await new Promise((resolve, reject) => {
    process.exit = resolve;
    import(`${pathToFileURL(cli).href}?${at}`).catch(reject);
  });
  answers[file] = { code, answer: JSON.parse(text) };
}
print(JSON.stringify(answers), () => process.reallyExit(0));

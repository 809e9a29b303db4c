import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Names of keys and of drag data: the platform's, not ours. */
const platformNames =
  /^(Ctrl|Control|Alt|AltGraph|Shift|Meta|CapsLock|Dead|Process|Key|Space|Tab|Enter|Escape|Esc|Home|End|Files|Backspace|Delete|ContextMenu|NumpadEnter|IntlBackslash|Period|Comma|Semicolon|Quote|Equal|Minus|Page(Up|Down)|Arrow\w+|Bracket\w+|(Digit|Numpad)\d?|((Ctrl|Alt|Shift)\+)+\w*)$/;

/** Two words in a row, or one with a capital: what a person would read. */
const readable = (text: string): boolean =>
  !platformNames.test(text) &&
  (/\p{L}{2,},? +\p{L}{2,}/u.test(text) || /^\p{Lu}\p{Ll}{2,}/u.test(text));

/** Messages of exceptions that only a programmer meets are no text of the window. */
const isException = (node: ts.Node): boolean =>
  ts.isNewExpression(node) && node.expression.getText().endsWith('Error');

/** The literal texts of a script that a person could read on the screen. */
function literalTexts(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isLiteralTypeNode(node) || isException(node)) return;
    const texts =
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
        ? [node.text]
        : [];
    found.push(...texts.filter(readable));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('script.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

/** Scripts of components, and modules, below a folder of the window. */
function scripts(folder: string): (readonly [file: string, source: string])[] {
  const root = join(import.meta.dirname, '..', folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|svelte)$/.test(file) && !/\.test\.ts$|testing/.test(file))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const blocks = [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)];
      const source = file.endsWith('.svelte') ? blocks.map(([, code]) => code).join('\n') : text;
      return [join(folder, file), source] as const;
    });
}

describe('text outside of the catalogue', () => {
  it('is found where there is some', () => {
    const planted = `
      import { x } from 'Some Module';
      const title = 'Save the mask';
      const tip = blocked ? \`Press \${key} to go on\` : 'Undo';
      if (event.key === 'Escape') throw new Error('this never happens');
      const style = 'fill-rule';
    `;
    expect(literalTexts(planted)).toEqual(['Save the mask', 'Press ', ' to go on', 'Undo']);
  });

  it.each(['ui', 'commands', 'state', 'tools'])('is nowhere in renderer/%s', (folder) => {
    const files = scripts(folder);
    expect(files.length).toBeGreaterThan(10);
    const found = files.flatMap(([file, source]) =>
      literalTexts(source).map((text) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
  });
});

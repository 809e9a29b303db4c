import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import svelteParser from 'svelte-eslint-parser';
import tseslint from 'typescript-eslint';

/** Where each package may be imported, and the door for everyone else. */
const doors = {
  ipcMain: {
    name: 'electron',
    importNames: ['ipcMain'],
    message:
      'Add a command to main/contract/commands.ts; only main/ipc and electron/ touch ipcMain.',
  },
  konva: {
    group: ['konva', 'konva/**'],
    message: 'Draw through renderer/canvas; only it knows Konva.',
  },
  engines: {
    group: ['@tensorflow/**', 'onnxruntime-*'],
    message:
      'Use the Engine interface (model/engines/engine); only model/engines/<engine> loads it.',
  },
  disk: {
    group: ['node:fs', 'node:fs/promises', 'fs', 'fs/promises'],
    message:
      'Read and write through main/storage: insideFolder for what may come from anywhere, nodeFileSystem for the rest.',
  },
  codecs: {
    group: ['geotiff', 'geotiff/**', 'zarrita', 'numcodecs/**'],
    message:
      'Read pixels through StackSource (main/stacks/stack-source); codecs live in main/stacks/<format>.',
  },
};

/** `require` with a name is an import too. */
const engineByName = {
  selector: 'CallExpression > Literal[value=/^(@tensorflow\\u002f|onnxruntime-)/]',
  message: doors.engines.message,
};

/** Rooms that files of unknown origin pass through; they open none by themselves. */
const disklessRooms = [
  ...[
    ...['storage/journal', 'storage/recovery', 'storage/lock', 'labels', 'project', 'export'],
    ...['models', 'settings', 'session', 'jobs', 'corrections', 'compute/handlers'],
  ].map((room) => `main/${room}/**/*.ts`),
];

/** @returns the rule with every door but the ones that stay open in this folder; the disk is closed in some rooms only. */
function closed(...open) {
  const patterns = ['konva', 'engines', 'codecs', 'disk'].filter((name) => !open.includes(name));
  return {
    'no-restricted-imports': [
      'error',
      {
        paths: open.includes('ipcMain') ? [] : [doors.ipcMain],
        patterns: patterns.map((name) => doors[name]),
      },
    ],
    'no-restricted-syntax': open.includes('engines') ? 'off' : ['error', engineByName],
  };
}

/** The same for every file: a difference makes the parser load all projects again. */
const typed = {
  projectService: true,
  tsconfigRootDir: import.meta.dirname,
  extraFileExtensions: ['.svelte'],
};

export default tseslint.config(
  {
    ignores: [
      ...['**/node_modules/', 'dist/', '.cache/', '.runtime/', 'release/', 'test-results/'],
      'resources/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: typed },
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parser: svelteParser,
      parserOptions: { parser: tseslint.parser, ...typed },
      globals: globals.browser,
    },
  },
  {
    files: ['**/*.ts', '**/*.svelte'],
    rules: {
      ...closed('disk'),
      'no-undef': 'off',
      // State replaces its maps and sets instead of changing them.
      'svelte/prefer-svelte-reactivity': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Keys of index signatures are written with brackets (noPropertyAccessFromIndexSignature).
      '@typescript-eslint/dot-notation': 'off',
      // A typed id is a function of its type parameter alone.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  { files: ['electron/**/*.ts', 'main/ipc/**/*.ts'], rules: closed('ipcMain', 'disk') },
  { files: ['renderer/canvas/**'], rules: closed('konva', 'disk') },
  { files: ['model/engines/*/**/*.ts', 'bench/**/*.ts'], rules: closed('engines', 'disk') },
  { files: ['main/stacks/{tiff,zarr}/**/*.ts'], rules: closed('codecs', 'disk') },
  {
    files: disklessRooms,
    // What the kernel says of processes is in no folder of anybody's.
    ignores: ['**/*.test.ts', '**/testing/**', 'main/storage/lock/process-identity.ts'],
    rules: closed(),
  },
  {
    files: ['**/*.test.ts', 'e2e/**/*.ts'],
    rules: {
      // A test reaches into what it has just made.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
  },
);

/**
 * The layers of the house (docs/architecture.md): who may import whom.
 * `npm run check` fails on any line here; scripts/check/layers.test.ts plants
 * a violation of each rule and sees it caught.
 */
const rooms = require('./scripts/check/rooms.json');

const ours = '^(main|model|volume|renderer|electron|e2e|bench|scripts)/';

/** @returns a rule: files in `from` import of ours only what `to` names. */
function only(name, from, to, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from,
    to: { path: ours, pathNot: to },
  };
}

/** Tests may look into any room that their side may. */
const tests = '([.]test[.]ts$|/testing/)';

/** @returns the rule of a row of the table: from its own files only what the row names. */
function door({ room, except, may }) {
  return {
    name: `room:${room}`,
    comment: `${room} may import ${may.length === 0 ? 'only itself' : `itself, ${may.join(', ')}`} (scripts/check/rooms.json).`,
    severity: 'error',
    from: { path: `^${room}/`, pathNot: [tests, ...(except === undefined ? [] : [`^${except}/`])] },
    to: {
      path: ours,
      pathNot: [room, ...may].map((one) => {
        const inner = rooms.find(({ room: name }) => name === one)?.except;
        return inner === undefined ? `^${one}/` : `^${one}/(?!${inner.slice(one.length + 1)}/)`;
      }),
    },
  };
}

module.exports = {
  forbidden: [
    ...rooms.map(door),
    {
      name: 'no-cycles',
      comment: 'Modules that import each other in a ring cannot be read or tested alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    only(
      'contract-imports-nothing',
      { path: '^main/contract/' },
      ['^main/contract/'],
      'main/contract is types and codecs that everyone shares; it imports nothing of ours.',
    ),
    only(
      'model-imports-itself',
      { path: '^model/' },
      ['^model/'],
      'model/ knows arrays, not files or windows; it imports only itself.',
    ),
    only(
      'volume-imports-contract',
      { path: '^volume/' },
      ['^volume/', '^main/contract/'],
      'volume/ is what a volume is, for every side: no Node, no window; it imports only the contract.',
    ),
    {
      name: 'volume-knows-no-node',
      comment: 'The window imports volume/ too: nothing of Node is there.',
      severity: 'error',
      from: { path: '^volume/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
    only(
      'main-imports-contract',
      { path: '^main/', pathNot: ['^main/contract/', '^main/compute/handlers/'] },
      ['^main/', '^volume/'],
      'Only main/compute/handlers may import model/; ask for a compute request instead.',
    ),
    only(
      'handlers-import-model',
      { path: '^main/compute/handlers/' },
      ['^main/', '^model/', '^volume/'],
      'Compute handlers join main/, volume/ and model/, nothing else.',
    ),
    only(
      'labels-import-contract',
      { path: '^renderer/labels/' },
      ['^renderer/labels/', '^main/contract/', '^volume/'],
      'renderer/labels knows tiles, not Svelte or Konva; it imports only #contract.',
    ),
    only(
      'renderer-imports-contract-and-labels',
      { path: '^renderer/', pathNot: ['^renderer/labels/'] },
      ['^renderer/', '^main/contract/', '^volume/'],
      'The window reaches the main side by commands (renderer/api), never by import.',
    ),
    only(
      'electron-imports-main',
      { path: '^electron/' },
      ['^electron/', '^main/', '^volume/'],
      'electron/ composes main/; the network is reached through the compute process.',
    ),
    only(
      'scripts-import-nothing',
      { path: '^scripts/' },
      ['^scripts/'],
      'scripts/ runs before anything is built; it imports nothing of ours.',
    ),
    {
      name: 'e2e-imports-types',
      comment: 'Stories drive the app from outside; of ours they may import types only.',
      severity: 'error',
      from: { path: '^e2e/' },
      to: { path: ours, pathNot: '^e2e/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-tools',
      comment: 'e2e/, bench/ and scripts/ are ends: nothing imports them.',
      severity: 'error',
      from: { pathNot: '^(e2e|bench|scripts)/' },
      to: { path: '^(e2e|bench|scripts)/' },
    },
    {
      name: 'truth-is-only-measured',
      comment:
        'The truth beside the stack judges what was made without it: nothing that trains, chooses or corrects may read it.',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/(accuracy|session)/' },
      to: { path: '^main/(accuracy/|session/truth-stack)' },
    },
    {
      name: 'electron-package-at-the-edge',
      comment:
        'Services take their transports as arguments; only electron/ and main/ipc know Electron.',
      severity: 'error',
      from: { path: ours, pathNot: '^(electron|main/ipc|e2e|bench|scripts)/' },
      to: { path: '(^|/)node_modules/electron(/|$)' },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'node', 'default', 'types'],
      extensions: ['.ts', '.svelte.ts', '.mjs', '.js', '.cjs', '.svelte', '.json', '.d.ts'],
    },
  },
};

/**
 * Who may import whom (docs/architecture.md draws it). Each room under src/ names the rooms it may use; whatever
 * it does not name is forbidden, so that a new room starts with no rights.
 * @type {Record<string, { path: string, uses: string[], why: string }>}
 */
const rooms = {
  slack: {
    path: '^src/slack/',
    uses: ['agent', 'approvals', 'policy', 'accounts', 'links', 'audit', 'calls', 'db'],
    why: 'The Slack door: a payload comes in, one call goes inward, blocks go out. It never reaches a provider token.',
  },
  http: {
    path: '^src/http/',
    uses: ['accounts', 'vaultTypes', 'approvals'],
    why: 'The browser door connects accounts and proves factors; it has no business with calls, policy or the model.',
  },
  agent: {
    path: '^src/agent/',
    uses: ['calls', 'actions'],
    why: 'The model proposes calls and sees results. It must have no way to the vault, the policy or an approval.',
  },
  calls: {
    path: '^src/calls/',
    uses: ['policy', 'approvals', 'vault', 'actions', 'audit', 'db'],
    why: 'The ledger joins decision, approval and lease; it does not know who asks (Slack, agent).',
  },
  policy: {
    path: '^src/policy/',
    uses: ['approvals', 'audit', 'db'],
    why: 'A decision depends on the policy and the facts of a call alone.',
  },
  links: {
    path: '^src/links/',
    uses: ['approvals', 'accounts', 'vaultTypes', 'audit', 'db'],
    why: 'Another link is an approval of its own: neither the vault knows approvals nor approvals the vault.',
  },
  approvals: {
    path: '^src/approvals/',
    uses: ['audit', 'db'],
    why: 'An approval does not know what it permits beyond its digest.',
  },
  vault: {
    path: '^src/vault/',
    uses: ['audit', 'db'],
    why: 'The one room that holds provider tokens depends on as little as possible.',
  },
  audit: { path: '^src/audit/', uses: ['db'], why: 'The record is below everything that is recorded.' },
  actions: {
    path: '^src/actions/',
    uses: [],
    why: 'An action is a declaration plus provider requests over the http it is given: a new service is one file.',
  },
  db: { path: '^src/db/', uses: [], why: 'Storage knows no rules of the desk.' },
  authority: {
    path: '^src/authority/',
    uses: ['db'],
    why: 'The authority is spoken to over HTTP only; sharing code with the desk would make its check no check.',
  },
  sandbox: {
    path: '^src/sandbox/',
    uses: [],
    why: 'The stand-ins are spoken to over HTTP and WebSocket only; sharing code would hide our own mistakes.',
  },
};

const paths = {
  ...Object.fromEntries(Object.entries(rooms).map(([name, room]) => [name, room.path])),
  accounts: '^src/vault/accounts/',
  vaultTypes: '^src/vault/deps[.]ts$',
};
const MAIN = '^src/main([.]ts$|/)';
/** Kits that start a whole far side and serve the tests of more than their own folder. */
const SHARED_KITS = [
  '^test/authority/kit[.]ts$',
  '^test/sandbox/slack-kit[.]ts$',
  '^test/http/slack-server[.]ts$',
];
const GROUND = ['^src/config[^/]*[.]ts$', '^src/errors[.]ts$', '^src/telemetry[^/]*[.]ts$'];

const roomRules = Object.entries(rooms).map(([name, room]) => ({
  name: `${name}-imports`,
  comment: `${room.why} May use: ${room.uses.join(', ') || 'nothing but itself'}.`,
  severity: 'error',
  from: { path: room.path },
  to: { path: '^src/', pathNot: [room.path, ...GROUND, ...room.uses.map((used) => paths[used])] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...roomRules,
    {
      name: 'ground-imports-no-room',
      comment: 'Configuration, errors and telemetry lie under every room; an import upward would be a cycle.',
      severity: 'error',
      from: { path: GROUND },
      to: { path: '^src/', pathNot: GROUND },
    },
    {
      name: 'known-rooms-only',
      comment: 'A file in src/ belongs to a room that this table names: no utils/, helpers/, lib/.',
      severity: 'error',
      from: {},
      to: {
        path: '^src/',
        pathNot: [MAIN, ...GROUND, ...Object.values(rooms).map((room) => room.path)],
      },
    },
    {
      name: 'nothing-imports-main',
      comment: 'main composes the rooms; a room that imports it would see everything.',
      severity: 'error',
      from: { path: '^src/', pathNot: MAIN },
      to: { path: MAIN },
    },
    {
      name: 'only-main-imports-authority-and-sandbox',
      comment: 'Both are spoken to over the wire, so that the real services can take their place.',
      severity: 'error',
      from: { path: '^src/', pathNot: [MAIN, rooms.authority.path, rooms.sandbox.path] },
      to: { path: [rooms.authority.path, rooms.sandbox.path] },
    },
    {
      name: 'leases-only-for-calls-and-accounts',
      comment:
        'A lease is the way to a provider token: only a claim and the disconnecting of an account take one.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/calls/', '^src/vault/'] },
      to: { path: '^src/vault/(leases|lease-http|exchange)' },
    },
    {
      name: 'leases-inside-the-vault',
      comment: 'Inside the vault, too: accounts take leases, and the lease exchanges.',
      severity: 'error',
      from: { path: '^src/vault/', pathNot: ['^src/vault/accounts/', '^src/vault/leases[.]ts$'] },
      to: { path: '^src/vault/leases[.]ts$' },
    },
    {
      name: 'http-takes-only-types-of-the-vault',
      comment:
        'What accounts return has a type that vault/deps.ts names; a value from there is none of its business.',
      severity: 'error',
      from: { path: rooms.http.path },
      to: { path: paths.vaultTypes, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'slack-stores-only-deliveries-and-installations',
      comment: 'Everything else the door shows or changes goes through the room that owns it.',
      severity: 'error',
      from: { path: '^src/slack/', pathNot: ['^src/slack/deliver/', '^src/slack/installations'] },
      to: { path: rooms.db.path },
    },
    {
      name: 'langchain-only-in-agent',
      comment: 'The framework of the model is a choice of one room.',
      severity: 'error',
      from: { path: '^src/', pathNot: rooms.agent.path },
      to: { path: 'node_modules/(@langchain|langchain|@auth0/ai[^/]*)/' },
    },
    {
      name: 'bolt-only-in-slack-and-main',
      comment: "Slack's framework stays at Slack's door.",
      severity: 'error',
      from: { path: '^src/', pathNot: [rooms.slack.path, MAIN] },
      to: { path: 'node_modules/@slack/bolt/' },
    },
    {
      name: 'src-imports-no-test',
      comment: 'What runs does not depend on what checks it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'tests-of-one-room',
      comment:
        'A test uses src/, test/support and the kits of its own folder, so that folders can change alone.',
      severity: 'error',
      from: { path: '^test/([^/]+)/' },
      to: { path: '^test/', pathNot: ['^test/support/', '^test/$1/', ...SHARED_KITS] },
    },
    {
      name: 'no-test-imports-a-test',
      comment: 'Importing a test file runs its tests twice.',
      severity: 'error',
      from: {},
      to: { path: '[.]test[.]ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing, or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file nothing imports is dead; a script that a page names is not.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(src|test)/',
        pathNot: ['^src/main[.]ts$', '[.]test[.]ts$', '^src/http/strong/static/'],
      },
      to: {},
    },
    {
      name: 'not-to-dev-dep',
      comment: 'The image is installed without development dependencies.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'declared-packages-only',
      comment:
        'A package that package.json does not name, or that cannot be found, may be gone after the next install.',
      severity: 'error',
      from: { path: '^(src|test)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'], dependencyTypesNot: ['type-only'] },
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
    // Without this, imports of types alone are not seen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // drizzle-orm and @langchain are loaded by createRequire, for the sake of start time and memory.
    exoticRequireStrings: ['require', 'load'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

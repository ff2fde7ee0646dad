import tseslint from 'typescript-eslint';

const ENVIRONMENT_MESSAGE = 'Only src/config.ts reads the environment; take what you need as an argument.';
const ENVIRONMENT = {
  selector:
    ":matches(MemberExpression[object.name='process']:matches([property.name='env'], [property.value='env']), VariableDeclarator[init.name='process'])",
  message: ENVIRONMENT_MESSAGE,
};
// The same by another road: `import { env } from 'node:process'`.
const PROCESS_MODULE = ['node:process', 'process'].map((name) => ({ name, message: ENVIRONMENT_MESSAGE }));
const DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only: a thing has one name everywhere.',
};

/** What a page has from the browser: all that our pages use, and nothing of Node. */
const BROWSER = [
  ...['window', 'document', 'location', 'history', 'HTMLElement', 'Element', 'Node', 'Event', 'FormData'],
  ...['navigator', 'PublicKeyCredential'],
  ...['fetch', 'EventSource', 'URL', 'URLSearchParams', 'setTimeout', 'clearTimeout', 'CSS'],
];

export default tseslint.config(
  { ignores: ['node_modules/', 'drizzle/', 'coverage/', '.agentdesk/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      complexity: ['error', 20],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-imports': ['error', { paths: PROCESS_MODULE }],
      'no-restricted-syntax': ['error', ENVIRONMENT, DEFAULT_EXPORT],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Interfaces of the libraries ask for async functions that have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Values of JSON that are strings by contract are written with String().
      '@typescript-eslint/no-base-to-string': 'off',
      // Our objects are made by factories and have no `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['src/**/*.ts'], rules: { 'max-lines': ['error', 250] } },
  { files: ['src/config.ts'], rules: { 'no-restricted-syntax': ['error', DEFAULT_EXPORT] } },
  {
    files: ['src/sandbox/page/static/**/*.js', 'src/http/strong/static/**/*.js'],
    languageOptions: {
      sourceType: 'module',
      globals: Object.fromEntries(BROWSER.map((name) => [name, 'readonly'])),
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      complexity: ['error', 20],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', 250],
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': ['error', DEFAULT_EXPORT],
      'no-undef': 'error',
      'no-unused-vars': ['error', { varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', DEFAULT_EXPORT],
      'no-console': 'off',
      // Tests look into what they get without a type for every shape.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      complexity: 'off',
    },
  },
  // These tools insist on a default export.
  { files: ['*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
);

// Layers by path, no literal text in JSX, no object names: what HOUSE 2 asks of the client.
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { noLiteralText } from './eslint-rules/no-literal-text.js';
import { noObjectNames } from './eslint-rules/no-object-names.js';

const local = { rules: { 'no-literal-text': noLiteralText, 'no-object-names': noObjectNames } };

/** components, lib → fields → record → features → app: each row names what a folder may not reach. */
const LAYERS = {
  lib: ['components', 'fields', 'record', 'features', 'app'],
  components: ['fields', 'record', 'features', 'app'],
  fields: ['record', 'features', 'app'],
  record: ['features', 'app'],
  features: ['app'],
};

const layers = Object.entries(LAYERS).map(([folder, banned]) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: banned.flatMap((b) => [`@/${b}/*`, `**/../${b}/*`]), message: 'Imports go components, lib → fields → record → features → app, never back.' }] }] },
}));

export default tseslint.config(
  { ignores: ['dist', 'node_modules'] },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommended],
    plugins: { 'react-hooks': hooks, local },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'local/no-literal-text': 'error',
      'local/no-object-names': ['error', { modules: '../src/modules' }],
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 20],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-globals': ['error', 'event', 'name'],
    },
  },
  {
    // Icon names happen to be words for things; the session's one write names the user's path, and
    // the API calls those a record is shared with by the names of their objects.
    files: ['src/components/icons.ts', 'src/lib/session.ts', 'src/lib/principals.ts', 'src/features/**', 'src/**/*.test.{ts,tsx}'],
    rules: { 'local/no-object-names': 'off' },
  },
  { files: ['src/**/*.test.{ts,tsx}'], rules: { 'local/no-literal-text': 'off', 'max-lines-per-function': 'off' } },
  { files: ['src/components/**/*.{ts,tsx}'], rules: { 'no-restricted-globals': ['error', 'fetch'] } },
  ...layers,
);

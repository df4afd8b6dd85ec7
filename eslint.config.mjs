import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['lib/', 'dist/', 'imports/*.ts', 'node_modules/', 'coverage/', 'manifests/', '**/manifests/'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      // Kubernetes JSON comes in and out as it is
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/explicit-member-accessibility': ['error', { overrides: { constructors: 'no-public' } }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 45, skipBlankLines: true, skipComments: true }],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node-forge', message: 'Never loaded at synth.' },
            { name: 'cdk8s-plus-28', message: 'Use cdk8s-plus-28/lib/imports/k8s: the rest costs load time.' },
          ],
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Synth is pure.' },
        { object: 'Math', property: 'random', message: 'Synth is pure.' },
        { object: 'process', property: 'env', message: 'Synth is pure.' },
      ],
    },
  },
  // the command is no synth: it reads the clock and the environment
  { files: ['src/cli/**/*.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['examples/**/*.ts', 'test/**/*.ts', 'scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
  { files: ['jest*.cjs', 'test/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  prettier,
);

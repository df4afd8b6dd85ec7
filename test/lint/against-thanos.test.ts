import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseObjstore } from '../../src/lint/objstore-document';
import { type KeyTable, S3_KEYS } from '../../src/input/s3-keys';
import { describeThanos, runThanos } from '../programs/thanos';

/** One of each type that YAML has, and texts that are durations or almost. */
const VALUES = ['x', '7', '1m30s', 7, true, { a: 'b' }, ['x']];
const BASE = { bucket: 'thanos', endpoint: '127.0.0.1:1', max_retries: 1 };

/** Paths of all keys, maps included. */
function keys(table: KeyTable, at: string[] = []): string[][] {
  return Object.entries(table).flatMap(([key, { holds }]) => [
    [...at, key],
    ...(typeof holds === 'object' ? keys(holds, [...at, key]) : []),
  ]);
}

function config([key, ...rest]: string[], value: unknown): Record<string, unknown> {
  return { [key]: rest.length > 0 ? config(rest, value) : value };
}

/** Beside type errors: what Thanos says of values after it has parsed them all. */
const PARSE_ERROR = /unmarshal|not a valid duration string|unknown unit|not found in type/;

describeThanos('what lint says of the keys and types of objstore.yml', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-lint-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function parsedByThanos(yaml: string, name: string): Promise<boolean> {
    const file = join(folder, `${name}.yml`);
    writeFileSync(file, yaml);
    const { output } = await runThanos(['tools', 'bucket', 'ls', `--objstore.config-file=${file}`, '--timeout=1s']);
    return !PARSE_ERROR.test(output);
  }

  function parsedByLint(yaml: string): boolean {
    const { faults } = parseObjstore(yaml);
    return !faults.some(
      ({ rule, text }) => rule === 'objstore-unknown-key' || /is not a .*: Thanos stops|has a key twice/.test(text),
    );
  }

  const all = [...keys(S3_KEYS), ['foo'], ['ca_file'], ['http_config', 'ca_file'], ['hedging_config']];
  const quarters = [0, 1, 2, 3].map((n) => all.filter((_, i) => i % 4 === n));

  test.each(quarters.map((paths, i) => [i + 1, paths] as const))(
    'is what the real thanos does (part %i of 4)',
    async (part, paths) => {
      const disagreements: string[] = [];
      let refused = 0;
      for (const path of paths) {
        const cases = VALUES.map((value) => stringify({ type: 'S3', config: { ...BASE, ...config(path, value) } }));
        const real = await Promise.all(cases.map((yaml, i) => parsedByThanos(yaml, `${part}-${i}`)));
        cases.forEach((yaml, i) => {
          if (!real[i]) refused++;
          if (parsedByLint(yaml) !== real[i])
            disagreements.push(`${path.join('.')} = ${JSON.stringify(VALUES[i])}: thanos ${real[i]}`);
        });
      }
      expect(disagreements).toEqual([]);
      expect(refused).toBeGreaterThan(20);
    },
    60_000,
  );
});

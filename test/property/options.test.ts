import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Size } from 'cdk8s';
import * as fc from 'fast-check';
import { S3Ca, S3Credentials, ThanosStack } from '../../src';
import { quietly } from '../component/made';
import { ECDSA_CA } from '../fixtures/certificates';
import { runs } from './runs';

const assembly = JSON.parse(readFileSync(join(__dirname, '../../.jsii'), 'utf8'));

interface Property {
  readonly name: string;
  readonly type: { readonly fqn?: string };
}

/** Props of a struct, the inherited ones too. */
function propsOf(fqn: string): Property[] {
  const { properties = [], interfaces = [] } = assembly.types[fqn];
  return [...properties, ...interfaces.flatMap(propsOf)];
}

/** Every prop of every part of a stack, one level into structs, as paths. */
function paths(fqn: string, depth: number): string[][] {
  return propsOf(fqn).flatMap(({ name, type }) => {
    const inner = type.fqn && assembly.types[type.fqn]?.datatype && depth > 0 ? paths(type.fqn, depth - 1) : [];
    return [[name], ...inner.map((rest) => [name, ...rest])];
  });
}

const PATHS = paths('cdk8s-thanos.ThanosStackProps', 2).filter(([first]) => first !== 'objstoreConfig');

const value = fc.oneof(
  fc.anything({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    '',
    'true',
    'x',
    0,
    -1,
    1.5,
    NaN,
    null,
    [],
    {},
    [{}],
    ['x'],
    [null],
    { a: 'b' },
    { name: 'x' },
  ),
  fc.constantFrom<unknown>(Duration.seconds(0), Duration.days(1), Size.mebibytes(1), new Date(0), () => 1),
);

const GOOD = {
  objstore: {
    bucket: 'thanos',
    endpoint: 's3.minio.example.com:9000',
    ca: S3Ca.fromPem(ECDSA_CA),
    credentials: S3Credentials.fromSecretName('keys'),
  },
  ...{ receiver: {}, compactor: {}, storeGateway: {}, ruler: {}, query: {}, queryFrontend: {}, bucketWeb: {} },
  ...{ preflight: {}, grafana: {}, certificateAlerts: {} },
};

/** The good stack with one value put at a path. */
function withValue(path: readonly string[], put: unknown): object {
  const [first, ...rest] = path;
  const put2 = (at: object, [step, ...more]: readonly string[]): object => ({
    ...at,
    [step]: more.length === 0 ? put : put2((at as Record<string, object>)[step] ?? {}, more),
  });
  return put2(GOOD, [first, ...rest]);
}

/** What is no plain value inside Kubernetes JSON is refused by cdk8s itself, which knows the path. */
const SAYS_WHERE =
  /^(Validation failed[\s\S]*)?cdk8s-thanos: (thanos|\(app\))|^Failed serializing construct at path 'thanos\//;

test('the paths cover the parts of a stack', () => {
  expect(PATHS.length).toBeGreaterThan(200);
  expect(PATHS).toContainEqual(['receiver', 'image', 'tag']);
});

test('a value of any kind at any prop of a stack is written, or refused by path and never by a crash', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PATHS), value, (path, put) => {
      try {
        const app = new App();
        new ThanosStack(app, 'thanos', withValue(path, put) as never);
        quietly(() => app.synthYaml());
      } catch (error) {
        expect(error).not.toBeInstanceOf(TypeError);
        expect((error as Error).message).toMatch(SAYS_WHERE);
      }
    }),
    runs(100),
  );
});

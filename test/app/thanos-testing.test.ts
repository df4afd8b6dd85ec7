import { App, JsonPatch } from 'cdk8s';
import { type IS3Ca, S3Ca, S3Credentials, ThanosStack, ThanosTesting } from '../../src';
import { ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import { find, render } from '../render';

const KEYS = { accessKey: 'AKIAEXAMPLE', secretKey: 'hunter2-hunter2' };

function stack(ca: IS3Ca = S3Ca.fromPem(ECDSA_CA)): ThanosStack {
  const credentials = S3Credentials.unsafePlainText(KEYS);
  const objstore = { bucket: 'thanos', endpoint: 's3.example.com', ca, credentials };
  return new ThanosStack(new App(), 'thanos', { objstore, receiver: {}, compactor: {}, preflight: {}, query: {} });
}

beforeAll(() => void jest.spyOn(process.stderr, 'write').mockImplementation(() => true));
afterAll(() => jest.restoreAllMocks());

test('a redacted manifest holds no key, no certificate and no checksum, and is the same with another CA', () => {
  const redacted = ThanosTesting.redacted(render(stack()));
  const text = JSON.stringify(redacted);
  for (const secret of Object.values(KEYS)) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString('base64'));
  }
  expect(text).not.toMatch(/BEGIN CERTIFICATE|LS0tLS1CRUdJTi|[0-9a-f]{64}/);
  expect(redacted).toEqual(ThanosTesting.redacted(render(stack(S3Ca.fromPem(SECOND_CA)))));
});

test('redacting leaves the rest, and the manifest itself, as they are', () => {
  const manifest = render(stack());
  const before = structuredClone(manifest);
  const redacted = ThanosTesting.redacted(manifest);
  expect(manifest).toEqual(before);
  expect(find(redacted, 'Service', 'thanos-receiver')).toEqual(find(manifest, 'Service', 'thanos-receiver'));
});

test.each([
  [{ kind: 'Secret', data: { key: 'aHVudGVyMg==' } }, 'an object'],
  ['data: hunter2', 'a text'],
  [undefined, 'missing'],
])('what is not a list is not redacted: it says what to give, and shows nothing', (manifest, what) => {
  expect(() => ThanosTesting.redacted(manifest as never)).toThrow(
    `cdk8s-thanos: ThanosTesting.redacted: manifest: is ${what}, not a list of objects. ` +
      'Give all that Testing.synth(chart) gives at once, or [object]',
  );
});

test('the assertions name who holds too much and who too little', () => {
  const scope = stack();
  const holders = ['thanos-receiver', 'monitoring/thanos-compactor', scope.preflight!.jobName];
  expect(() => ThanosTesting.expectCaOnlyIn(scope, holders)).not.toThrow();
  expect(() => ThanosTesting.expectKeysOnlyIn(scope, holders)).not.toThrow();
  expect(() => ThanosTesting.expectCaOnlyIn(scope, holders.slice(1))).toThrow(
    /monitoring\/thanos-receiver hold the CA but should not/,
  );
  expect(() => ThanosTesting.expectCaOnlyIn(scope, [...holders, 'thanos-query'])).toThrow(
    /thanos-query should hold the CA but do not/,
  );
});

test('a redacted manifest with alerts on the CA is the same with another CA, and with a bundle of two', () => {
  const redacted = (pem: string): unknown => {
    const credentials = S3Credentials.fromSecretName('keys');
    const objstore = { bucket: 'thanos', endpoint: 's3.example.com', ca: S3Ca.fromPem(pem), credentials };
    const scope = new ThanosStack(new App(), 'thanos', { objstore, storeGateway: {}, certificateAlerts: {} });
    return ThanosTesting.redacted(render(scope));
  };
  expect(redacted(ECDSA_CA)).toEqual(redacted(SECOND_CA));
  expect(redacted(ECDSA_CA)).toEqual(redacted(ECDSA_CA + SECOND_CA));
  expect(JSON.stringify(redacted(ECDSA_CA))).toContain('S3CaExpiring');
});

describe('the assertions read the finished objects', () => {
  const volumes = [{ name: 'ca', secret: { secretName: 'minio-tls' } }];
  const volumeMounts = [{ name: 'ca', mountPath: '/ca' }];
  const shared = (query: object): ThanosStack => {
    const objstore = {
      bucket: 'thanos',
      endpoint: 's3.example.com',
      ca: S3Ca.fromSecretName('minio-tls'),
      credentials: S3Credentials.fromSecretName('keys'),
    };
    return new ThanosStack(new App(), 'thanos', { objstore, storeGateway: {}, query });
  };

  test('a Query that mounts the CA by volumes of its own holds it', () => {
    expect(() => ThanosTesting.expectCaOnlyIn(shared({}), ['thanos-store'])).not.toThrow();
    expect(() => ThanosTesting.expectCaOnlyIn(shared({ volumes, volumeMounts }), ['thanos-store'])).toThrow(
      'monitoring/thanos-query hold the CA but should not',
    );
  });

  test('a store gateway whose mount was patched away holds nothing', () => {
    const scope = shared({});
    scope.storeGateway!.workload.addJsonPatch(JsonPatch.remove('/spec/template/spec/containers/0/volumeMounts'));
    expect(() => ThanosTesting.expectCaOnlyIn(scope, ['thanos-store'])).toThrow('thanos-store should hold the CA');
  });

  test("a preflight's Job is named without the digits that change with each CA", () => {
    const holders = ['thanos-receiver', 'thanos-compactor', 'thanos-preflight'];
    expect(() => ThanosTesting.expectCaOnlyIn(stack(), holders)).not.toThrow();
    expect(() => ThanosTesting.expectCaOnlyIn(stack(), holders.slice(0, 2))).toThrow(/thanos-preflight-\w+-\w+ hold/);
  });
});

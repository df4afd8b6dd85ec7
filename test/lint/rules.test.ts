import { RULES } from '../../src/lint/rules';
import { ECDSA_CA, EXPIRED_CA, LEAF, rsaLeaf, rsaPrivateKey } from '../fixtures/certificates';
import { type Manifests, NOW, findings, first, good, keyRef, pod, rules } from './manifests';

const tls = (m: Manifests) => m.config.config.http_config.tls_config;
const caText = (m: Manifests, pem: string) => (m.ca.data['ca.crt'] = Buffer.from(pem).toString('base64'));
const PRIVATE_KEY = '-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n';
const KEYS = { access_key: 'minio', secret_key: 'hunter2hunter2' };
const moveConfigToSecret = (m: Manifests): void => {
  m.configMap.kind = 'Secret';
  m.configMap.stringData = { 'objstore.yml': JSON.stringify(m.config) };
  pod(m.store).volumes[0] = { name: 'objstore', secret: { secretName: 'objstore' } };
};

/** Each broken on purpose, and what must be said, no more and no less. */
const BROKEN: [what: string, change: (m: Manifests) => void, expected: string[]][] = [
  ['no CA mounted', (m) => first(m.store).volumeMounts.pop(), ['error ca-not-mounted']],
  ['the CA at another path', (m) => (first(m.store).volumeMounts[1].mountPath = '/certs'), ['error ca-path-differs']],
  ['the CA under another key', (m) => (tls(m).ca_file = '/etc/thanos/certs/tls.pem'), ['error ca-path-differs']],
  ['no ca_file', (m) => delete tls(m).ca_file, ['error ca-unused']],
  ['the CA in Query', (m) => (first(m.query).volumeMounts = [{ name: 'ca', mountPath: '/ca' }]), ['error ca-outside']],
  ['keys in Query', (m) => (first(m.query).env = [keyRef('X', 's3-keys', 'secret')]), ['error keys-outside']],
  [
    'keys in Query by envFrom',
    (m) => (first(m.query).envFrom = [{ secretRef: { name: 's3-keys' } }]),
    ['error keys-outside'],
  ],
  [
    'the config in Query',
    (m) => (first(m.query).volumeMounts = [{ name: 'objstore', mountPath: '/o' }]),
    ['warning keys-outside'],
  ],
  [
    'the CA in a sidecar of another program',
    (m) => {
      m.store.spec.template.metadata.annotations = { 'checksum/config': 'x' };
      pod(m.store).containers.push({ name: 'side', image: 'busybox', volumeMounts: [{ name: 'ca', mountPath: '/x' }] });
    },
    ['warning ca-outside'],
  ],
  ['a damaged CA', (m) => caText(m, ECDSA_CA.replace('MIIB', 'AAAA')), ['error ca-invalid']],
  ['an indented CA', (m) => caText(m, ECDSA_CA.replace(/^/gm, '  ')), ['error ca-invalid']],
  ['a CA with a byte order mark', (m) => caText(m, `\ufeff${ECDSA_CA}`), ['error ca-invalid']],
  ['a CA encoded twice', (m) => caText(m, Buffer.from(ECDSA_CA).toString('base64')), ['error ca-invalid']],
  ['an empty CA', (m) => caText(m, ''), ['error ca-invalid']],
  ['a private key with the CA', (m) => caText(m, ECDSA_CA + PRIVATE_KEY), ['error ca-private-key']],
  [
    'a private key in the mounted Secret of the CA',
    (m) => (m.ca.stringData = { 'ca.key': PRIVATE_KEY }),
    ['error ca-private-key'],
  ],
  [
    'a private key in the Secret of the CA that items leave out',
    (m) => {
      m.ca.stringData = { 'ca.key': PRIVATE_KEY };
      pod(m.store).volumes[1].secret.items = [{ key: 'ca.crt', path: 'ca.crt' }];
    },
    ['warning ca-private-key'],
  ],
  ['two replicas of a compactor', (m) => twoCompactors(m), ['error compactor-replicas']],
  ['a compactor by the clock that may overlap itself', (m) => byTheClock(m), ['error compactor-replicas']],
  [
    'two replicas of a compactor with one selector',
    (m) => {
      twoCompactors(m);
      first(m.store).args.push('--selector.relabel-config=[{action: keep, regex: a, source_labels: [cluster]}]');
    },
    ['error compactor-replicas'],
  ],
  ['an expired CA', (m) => caText(m, EXPIRED_CA), ['error ca-expiry']],
  ['keys in a ConfigMap', (m) => Object.assign(m.config.config, KEYS), ['error keys-in-configmap']],
  ['a private key in a ConfigMap', (m) => (m.configMap.data['tls.key'] = PRIVATE_KEY), ['error keys-in-configmap']],
  [
    'a literal key in env',
    (m) => (first(m.store).env[1] = { name: 'AWS_SECRET_ACCESS_KEY', value: 'hunter2hunter2' }),
    ['error keys-in-pod-spec'],
  ],
  [
    'keys in an argument',
    (m) => {
      Object.assign(m.config.config, KEYS);
      first(m.store).args[1] = `--objstore.config=${JSON.stringify(m.config)}`;
      m.config = 'x: 1';
    },
    ['error keys-in-pod-spec'],
  ],
  [
    'keys in the objstore.yml of a Secret',
    (m) => {
      Object.assign(m.config.config, KEYS);
      moveConfigToSecret(m);
      m.config = 'x: 1';
    },
    ['warning keys-in-objstore'],
  ],
  [
    'a config without keys in an argument',
    (m) => (first(m.store).args[1] = `--objstore.config=${JSON.stringify(m.config)}`),
    ['warning config-in-arguments'],
  ],
  [
    'no config mounted',
    (m) => (first(m.store).args[1] = '--objstore.config-file=/nowhere/o.yml'),
    ['error config-not-mounted'],
  ],
  ['an unknown key', (m) => (m.config.config.encrypt_sse = true), ['error objstore-unknown-key']],
  ['hedging at the top', (m) => (m.config.hedging_config = { enabled: true }), ['error objstore-unknown-key']],
  ['a key twice', (m) => (m.config = 'type: S3\ntype: S3\nconfig: {}\n'), ['error objstore-invalid']],
  ['a string for a boolean', (m) => (m.config.config.insecure = 'true'), ['error objstore-invalid']],
  ['an endpoint with a scheme', (m) => (m.config.config.endpoint = 'https://s3:9000'), ['error objstore-invalid']],
  ['no bucket', (m) => delete m.config.config.bucket, ['error objstore-invalid']],
  ['a certificate without its key', (m) => (tls(m).cert_file = '/etc/thanos/certs/ca.crt'), ['error objstore-invalid']],
  ['a lookup type of another tool', (m) => (m.config.config.bucket_lookup_type = 'dns'), ['error objstore-invalid']],
  ['SSE-KMS without a key', (m) => (m.config.config.sse_config = { type: 'SSE-KMS' }), ['error objstore-invalid']],
  ['the flag twice', (m) => first(m.store).args.push(first(m.store).args[1]), ['error objstore-invalid']],
  ['V2 signatures', (m) => (m.config.config.signature_version2 = true), ['warning inert-key']],
  ['skip-verify where it does nothing', (m) => (tls(m).insecure_skip_verify = true), ['warning inert-key']],
  ['no compression', (m) => (m.config.config.http_config.disable_compression = true), ['warning inert-key']],
  ['skip-verify', (m) => (m.config.config.http_config.insecure_skip_verify = true), ['warning verification-off']],
  ['plain HTTP with a CA', (m) => (m.config.config.insecure = true), ['error verification-off']],
  [
    'the CA by subPath',
    (m) => Object.assign(first(m.store).volumeMounts[1], { mountPath: '/etc/thanos/certs/ca.crt', subPath: 'ca.crt' }),
    ['warning sub-path'],
  ],
  ['no checksum', (m) => delete m.store.spec.template.metadata.annotations, ['warning no-checksum']],
  [
    'the checksum of something else',
    (m) => (m.store.spec.template.metadata.annotations = { 'checksum/hashrings': 'x' }),
    ['warning no-checksum'],
  ],
  ['two objects of one name', (m) => (m.query.metadata.name = 'thanos-store'), ['error duplicate-object']],
];

/** The store gateway of the manifests as a compactor of two pods. */
const twoCompactors = (m: Manifests): void => {
  first(m.store).args[0] = 'compact';
  m.store.spec.replicas = 2;
};

/** A CronJob of a compactor. */
function byTheClock(m: Manifests, concurrencyPolicy?: string): void {
  const { template } = m.store.spec;
  first(m.store).args[0] = 'compact';
  const spec = { schedule: '@daily', concurrencyPolicy, jobTemplate: { spec: { template } } };
  Object.assign(m.store, { apiVersion: 'batch/v1', kind: 'CronJob', spec });
}

/** Right, though a careless rule would complain. */
const SOUND: [what: string, change: (m: Manifests) => void][] = [
  ['nothing changed', () => undefined],
  ['a compactor by the clock that never overlaps itself', (m) => byTheClock(m, 'Forbid')],
  ['a CA of a bundle', (m) => caText(m, ECDSA_CA + ECDSA_CA)],
  ['a leaf as its own trust anchor', (m) => caText(m, LEAF)],
  [
    'the CA named by SSL_CERT_FILE alone',
    (m) => {
      delete tls(m).ca_file;
      first(m.store).env.push({ name: 'SSL_CERT_FILE', value: '/etc/thanos/certs/ca.crt' });
    },
  ],
  [
    'the same CA for gRPC in Query',
    (m) => {
      first(m.query).volumeMounts = [{ name: 'ca', mountPath: '/ca' }];
      first(m.query).args.push('--grpc-client-tls-ca=/ca/ca.crt');
    },
  ],
  ['two replicas of the store gateway', (m) => (m.store.spec.replicas = 2)],
  [
    'a compactor of one replica',
    (m) => {
      twoCompactors(m);
      m.store.spec.replicas = 1;
    },
  ],
  [
    'compactors whose selector names their pod',
    (m) => {
      twoCompactors(m);
      first(m.store).args.push('--selector.relabel-config=[{action: keep, regex: $(SHARD), source_labels: [shard]}]');
    },
  ],
  ['a Secret whose text is elsewhere', (m) => (m.ca.metadata.name = 'other')],
  ['a CA that another object makes', (m) => (m.ca = { ...m.ca, kind: 'SealedSecret', data: undefined })],
  [
    'the config file as two words',
    (m) => first(m.store).args.splice(1, 1, '--objstore.config-file', '/etc/thanos/objstore/objstore.yml'),
  ],
  [
    'a path made of env',
    (m) => {
      first(m.store).env.push({ name: 'DIR', value: '/etc/thanos/objstore' });
      first(m.store).args[1] = '--objstore.config-file=$(DIR)/objstore.yml';
    },
  ],
  [
    'a projected volume of CA and config',
    (m) => {
      const sources = [{ secret: { name: 's3-ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] } }];
      pod(m.store).volumes[1] = { name: 'ca', projected: { sources } };
    },
  ],
  [
    'names with a hash of Kustomize instead of a checksum',
    (m) => {
      delete m.store.spec.template.metadata.annotations;
      m.configMap.metadata.name = 'objstore-8ff6tf5fbh';
      m.ca.metadata.name = 's3-ca-g4hk9g2ff8';
      pod(m.store).volumes[0].configMap.name = 'objstore-8ff6tf5fbh';
      pod(m.store).volumes[1].secret.secretName = 's3-ca-g4hk9g2ff8';
    },
  ],
  [
    'a reloader instead of a checksum',
    (m) => {
      delete m.store.spec.template.metadata.annotations;
      m.store.metadata.annotations = { 'reloader.stakater.com/auto': 'true' };
    },
  ],
  ['one name in two namespaces', (m) => Object.assign(m.query.metadata, { name: 'thanos-store', namespace: 'n' })],
  ['keys from env in objstore.yml', (m) => Object.assign(m.config.config, { access_key: '$(A)', secret_key: '$(B)' })],
  ['another store than S3', (m) => (m.config = { type: 'GCS', config: { bucket: 'b', anything: 1 } })],
  ['numbers where Thanos takes strings', (m) => (m.config.config.bucket = 123)],
];

/** A TLS Secret as a server has it: its certificate, its key, and the CA beside them. */
const serverSecret = (m: Manifests): void => {
  m.ca.type = 'kubernetes.io/tls';
  m.ca.stringData = { 'tls.crt': rsaLeaf(), 'tls.key': rsaPrivateKey() };
};
const onlyCa = (m: Manifests) => (pod(m.store).volumes[1].secret.items = [{ key: 'ca.crt', path: 'ca.crt' }]);
/** The server itself, which mounts all of it. */
const server = (m: Manifests): void => {
  const container = { name: 'minio', image: 'minio/minio', volumeMounts: [{ name: 'tls', mountPath: '/certs' }] };
  const spec = { containers: [container], volumes: [{ name: 'tls', secret: { secretName: 's3-ca' } }] };
  const metadata = { name: 'minio', namespace: 'm' };
  Object.assign(m, { minio: { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { template: { spec } } } });
};
const copyOfCa = (m: Manifests): void => {
  const metadata = { name: 'copy', namespace: 'm' };
  Object.assign(m, { copy: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'root.pem': ECDSA_CA } } });
  pod(m.query).volumes.push({ name: 'copy', configMap: { name: 'copy' } });
  first(m.query).volumeMounts = [{ name: 'copy', mountPath: '/copy' }];
};

describe("a server's own TLS Secret", () => {
  test('that Thanos reads the CA alone of is not a finding', () => {
    const change = (m: Manifests): void => {
      serverSecret(m);
      onlyCa(m);
      server(m);
    };
    expect(rules(findings(change))).toEqual([]);
  });

  test('that Thanos mounts whole is one, and says what the key can do', () => {
    const change = (m: Manifests): void => {
      serverSecret(m);
      server(m);
    };
    expect(findings(change).map(({ rule, fix }) => [rule, /whoever has the key can [a-z ]+/.exec(fix)?.[0]])).toEqual([
      ['ca-private-key', 'whoever has the key can pose as the server'],
      ['missing-object', undefined],
    ]);
  });
});

test('a copy of the CA in an object of another name is the CA', () => {
  expect(rules(findings(copyOfCa))).toEqual(['error ca-outside']);
});

test('a CA that is only referenced, mounted whole into Query, is the CA', () => {
  const change = (m: Manifests): void => {
    m.ca = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } };
    first(m.query).volumeMounts = [{ name: 'ca', mountPath: '/ca' }];
  };
  expect(rules(findings(change))).toEqual(['error ca-outside']);
});

test.each(['grafana/loki:3.0.0', 'docker.io/grafana/mimir', 'quay.io/prometheus/prometheus:v3', 'grafana/tempo'])(
  '%s is not Thanos, whatever its arguments',
  (image) => {
    const change = (m: Manifests): void => {
      Object.assign(first(m.query), { image, args: ['query', '--config=/x'], env: [keyRef('X', 's3-keys', 'secret')] });
    };
    expect(rules(findings(change))).toEqual([]);
  },
);

test.each([
  ['Job', 'batch/v1'],
  ['Rollout', 'argoproj.io/v1alpha1'],
  ['Deployment', 'example.com/v1'],
])('%s of %s is not asked for a checksum', (kind, apiVersion) => {
  const change = (m: Manifests): void => {
    Object.assign(m.store, { kind, apiVersion });
    delete m.store.spec.template.metadata.annotations;
  };
  expect(rules(findings(change))).toEqual([]);
});

test.each(BROKEN)('%s is found, and nothing else', (_, change, expected) => {
  expect(rules(findings(change))).toEqual(expected);
});

test.each(SOUND)('%s is not a finding', (_, change) => {
  expect(rules(findings(change))).toEqual([]);
});

test('every rule has a broken manifest here', () => {
  const shown = new Set(BROKEN.flatMap(([, , expected]) => expected.map((e) => e.split(' ')[1])));
  expect(RULES.map((r) => r.id).filter((id) => !shown.has(id))).toEqual(['missing-object']);
});

test('a finding says object, field, what is wrong and what to do', () => {
  const [finding] = findings((m) => (first(m.store).volumeMounts[1].mountPath = '/certs'));
  expect(finding).toMatchObject({
    file: 'm.yaml',
    object: 'Deployment m/thanos-store',
    path: 'spec.template.spec.containers[0].volumeMounts[1]',
    text: expect.stringContaining('at /certs/ca.crt, but ca_file is "/etc/thanos/certs/ca.crt"'),
    fix: 'Make the two the same path',
  });
});

test('a CA is told of 30 days before its end, and is an error after it', () => {
  const end = new Date('2099-12-31T23:59:59Z').getTime();
  const at = (days: number) => rules(findings(() => undefined, new Date(end - days * 24 * 3600 * 1000)));
  expect(at(31)).toEqual([]);
  expect(at(29)).toEqual(['warning ca-expiry']);
  expect(at(-1)).toEqual(['error ca-expiry']);
});

test('a Secret that is missing is a hint, once', () => {
  const hints = findings(() => undefined).filter(({ severity }) => severity === 'info');
  expect(hints.map(({ rule, text }) => [rule, /Secret \S+,/.exec(text)?.[0]])).toEqual([
    ['missing-object', 'Secret s3-keys,'],
  ]);
});

test('no finding repeats a key, wherever it stands', () => {
  const secrets = ['hunter2hunter2', 'AKIAIOSFODNN7EXAMPLE'];
  const all = BROKEN.flatMap(([, change]) =>
    findings((m) => {
      change(m);
      if (typeof m.config !== 'object' || typeof m.config.config !== 'object') return;
      Object.assign(m.config.config, { access_key: secrets[1], secret_key: secrets[0], [secrets[0]]: undefined });
      m.config.config.trace = secrets[0];
      m.config.config.max_retries = secrets[1];
    }),
  );
  expect(all.length).toBeGreaterThan(BROKEN.length);
  for (const secret of secrets) expect(JSON.stringify(all)).not.toContain(secret);
});

test('a server certificate with its key is not taken for a CA', () => {
  const manifests = good();
  expect(manifests.ca.kind).toBe('Secret');
  const change = (m: Manifests): void => {
    m.ca.metadata.name = 'grpc-tls';
    m.ca.data = { 'tls.crt': Buffer.from(LEAF).toString('base64') };
    delete tls(m).ca_file;
    pod(m.store).volumes[1].secret.secretName = 'grpc-tls';
  };
  expect(rules(findings(change, NOW))).toEqual([]);
});

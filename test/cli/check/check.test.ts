import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerCheck } from '../../../src/cli/check/check';
import { CA_BUNDLE, ECDSA_CA, EXPIRED_CA, SECOND_CA, certificatePath } from '../../fixtures/certificates';
import { HttpConfig, TlsCertificate } from '../../../src';
import { FakeKubectl } from './fake-kubectl';
import { type Live, answersOf, liveStack, logLine, metrics } from './live-stack';
import { ROLE_OBJECTS, granted, needed } from './rights';
import { issued } from '../issued';
import { runCommand } from '../run-command';

jest.setTimeout(30_000);

const UNKNOWN = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
const CA = 'secret thanos-s3-ca-cert';
const RING = 'configmap thanos-receiver-hashrings';
const pod = (live: Live, name: string) => live.pods.find((p) => p.metadata.name === name);
const setCa = (live: Live, pem: string) => (live.objects[CA].data['ca.crt'] = Buffer.from(pem).toString('base64'));
const notReady = (live: Live, name: string, waiting: string): void => {
  const { status } = pod(live, name);
  status.conditions = [{ type: 'Ready', status: 'False' }];
  status.containerStatuses[0].state = { waiting: { reason: waiting } };
};

async function check(change: (live: Live) => void, args: string[] = [], live = liveStack()) {
  change(live);
  const kubectl = new FakeKubectl(answersOf(live));
  try {
    const { code, out } = await runCommand(registerCheck, ['check', '--json', ...args]);
    return { code, calls: kubectl.calls, ...JSON.parse(out) };
  } finally {
    kubectl.remove();
  }
}

/** `result check: of` of what did not pass. */
function troubles({ checks }: { checks: { result: string; check: string; of: string }[] }): string[] {
  return checks.filter(({ result }) => result !== 'pass').map(({ result, check, of }) => `${result} ${check}: ${of}`);
}

test('a stack that runs well passes, and each check has a line', async () => {
  const ran = await check(() => undefined);
  expect(troubles(ran)).toEqual([]);
  expect(ran.code).toBe(0);
  expect(new Set(ran.checks.map((c: { check: string }) => c.check))).toEqual(
    new Set([
      ...['pods ready', 'CA parses', 'CA in the granted pods', 'CA in no other pod', 'one config for all'],
      ...['no bucket error in the log', 'bucket operations', 'last upload', 'Query sees', 'blocks in the bucket'],
      ...['ring in step', 'compactor not halted', 'disk space', 'network policies'],
    ]),
  );
});

test('kubectl is told how long to wait, but not in a pod, where it would no longer use the pod’s account', async () => {
  const waits = async (env: NodeJS.ProcessEnv, args: string[] = []) => {
    const before = { ...process.env };
    process.env = { ...before, KUBERNETES_SERVICE_HOST: undefined, KUBECONFIG: undefined, ...env };
    for (const [name, value] of Object.entries(process.env)) if (value === undefined) delete process.env[name];
    try {
      const { calls } = await check(() => undefined, args);
      return calls.filter((call: string) => /^(?!.* logs ).* get /.test(call) && !call.includes('--request-timeout'))
        .length;
    } finally {
      process.env = before;
    }
  };
  const inPod = { KUBERNETES_SERVICE_HOST: '10.96.0.1' };
  expect(await waits({})).toBe(0);
  expect(await waits(inPod)).toBeGreaterThan(5);
  expect(await waits({ ...inPod, KUBECONFIG: '/config' })).toBe(0);
  expect(await waits(inPod, ['--context', 'edge'])).toBe(0);
});

describe('pods with a web config', () => {
  const certificate = TlsCertificate.fromSecretName('http');

  test('that serve HTTPS are asked so', async () => {
    const live = liveStack({ httpConfig: HttpConfig.tls({ certificate }) });
    const ran = await check(() => undefined, [], live);
    expect(troubles(ran)).toEqual([]);
    expect(ran.calls.filter((call: string) => / --raw /.test(call) && !/\/pods\/https:/.test(call))).toEqual([]);
  });

  test('that want a password are not asked, and each check says so', async () => {
    const basicAuth = { secretName: 'login' };
    const live = liveStack({ httpConfig: HttpConfig.fromSecretName('web', { tls: { certificate }, basicAuth }) });
    const ran = await check(() => undefined, [], live);
    expect(ran.calls.filter((call: string) => / --raw /.test(call))).toEqual([]);
    expect(troubles(ran)).toContain('skip Query sees: thanos-query-0');
    expect(JSON.stringify(ran.checks)).toContain("may want a password, which kubectl can't send");
    expect(ran.code).toBe(0);
  });

  test('whose password nobody knew of are one skipped check, not a lost cluster', async () => {
    const said = { err: 'error: You must be logged in to the server (Unauthorized)\n', code: 1 };
    const ran = await check((live) => live.first.push([' --raw *thanos-query-0', said]));
    expect(troubles(ran)).toEqual(['skip Query sees: thanos-query-0']);
  });
});

test('--junit writes what was found, or that nothing could be judged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-junit-'));
  const file = join(folder, 'check.xml');
  try {
    const { checks, code } = await check((live) => setCa(live, EXPIRED_CA), ['--junit', file]);
    const failed = checks.filter(({ result }: { result: string }) => result === 'fail').length;
    expect([code, failed > 0]).toEqual([1, true]);
    expect(readFileSync(file, 'utf8')).toContain(`tests="${checks.length}" failures="${failed}"`);
    const wrong = runCommand(registerCheck, ['check', '--junit', file, '--time-limit', 'x']);
    await expect(wrong).rejects.toThrow('--time-limit is not a number');
    expect(readFileSync(file, 'utf8')).toMatch(/errors="1"[^]*<error message="[^"]*time-limit is not a number/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('nothing but reading verbs is asked of the cluster', async () => {
  const { calls } = await check(() => undefined, ['--context', 'edge', '--kubeconfig', '/k']);
  expect(calls.length).toBeGreaterThan(15);
  for (const call of calls) {
    expect(call).toMatch(
      /^--kubeconfig=\/k --context=edge --namespace=monitoring (get|logs|exec \S+ --container=\S+ -- (cat|df -P -k)) /,
    );
  }
  expect(calls.filter((call: string) => call.includes('thanos-s3-credentials'))).toEqual([]);
});

test('the Role of docs/check-role.yaml has the rights that are needed, and no other', async () => {
  const { calls } = await check((live) => notReady(live, 'thanos-store-0', 'ContainerCreating'));
  const used = new Set<string>(calls.flatMap(needed));
  // those of all namespaces are for a ClusterRole, which docs/cli.md has
  expect(used.delete('list ciliumclusterwidenetworkpolicies')).toBe(true);
  expect([...used].sort()).toEqual(granted().sort());
  const [account, role, binding] = ROLE_OBJECTS;
  expect(binding.roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: role.kind, name: role.metadata.name });
  const { name, namespace } = account.metadata;
  expect(binding.subjects).toEqual([{ kind: account.kind, name, namespace }]);
  expect(readFileSync(join(__dirname, '../../../docs/cli.md'), 'utf8')).toContain('(check-role.yaml)');
});

test('what the time does not suffice for is skipped, and said', async () => {
  const began = performance.now();
  const { checks, code } = await check((live) => (live.first = [[' logs ', { mute: 30 }]]), ['--time-limit', '3']);
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(code).toBe(0);
  const skipped = checks.filter(({ result }: { result: string }) => result === 'skip');
  expect(skipped.map(({ check: name }: { check: string }) => name)).toContain('Query sees');
  for (const { detail } of skipped) expect(detail).toContain('the 3 s for all were over');
});

/** Each broken on purpose: what fails, and words of the cause or the fix. */
const BROKEN: [what: string, change: (live: Live) => void, troubles: string[], says: RegExp][] = [
  [
    'a wrong CA: the log of a receiver',
    (live) => (live.logs['thanos-receiver-1'] = logLine(3, UNKNOWN) + logLine(1, UNKNOWN)),
    ['fail no bucket error in the log: thanos-receiver-1'],
    /2 times, last 1 min ago: the CA in the pod is not the one that signed/,
  ],
  [
    'a certificate for another name',
    (live) =>
      (live.logs['thanos-store-0'] = logLine(1, 'x509: certificate is valid for a.local, not s3.minio.example.com')),
    ['fail no bucket error in the log: thanos-store-0'],
    /certificate is valid for a\.local, not s3\.minio\.example\.com.*another name/,
  ],
  [
    'the CA Secret missing',
    (live) => {
      delete live.objects[CA];
      notReady(live, 'thanos-store-0', 'ContainerCreating');
      const event = {
        message: 'MountVolume.SetUp failed for volume "s3-ca-cert": secret "thanos-s3-ca-cert" not found',
      };
      live.first.push([' get events *thanos-store-0', { out: JSON.stringify({ items: [event] }) }]);
    },
    [
      'fail pods ready: thanos-store-0',
      'fail CA parses: Secret thanos-s3-ca-cert',
      ...['skip CA in the granted pods: thanos-store-0', 'skip bucket operations: thanos-store-0'],
      'skip disk space: thanos-store-0',
    ],
    /can't start: secret "thanos-s3-ca-cert" not found/,
  ],
  [
    'a changed config that some pods did not see',
    (live) => (pod(live, 'thanos-store-0').metadata.annotations['checksum/objstore'] = 'old'),
    ['fail one config for all: thanos-store-0'],
    /another config or CA/,
  ],
  [
    'a config written to after the pods started',
    (live) =>
      (live.objects['configmap thanos-objstore-config'].metadata.managedFields = [
        { time: new Date().toISOString(), fieldsV1: { 'f:data': {} } },
      ]),
    ['warn started after the last change: granted pods'],
    /Thanos reads it at start only/,
  ],
  [
    'S3 unreachable',
    (live) => (live.logs['thanos-compactor-0'] = logLine(2, 'dial tcp 10.0.0.1:9000: i/o timeout')),
    ['fail no bucket error in the log: thanos-compactor-0'],
    /can not be reached/,
  ],
  [
    'an error that is over',
    (live) => (live.logs['thanos-compactor-0'] = logLine(300, 'dial tcp 10.0.0.1:9000: connect: connection refused')),
    ['warn no bucket error in the log: thanos-compactor-0'],
    /last 300 min ago/,
  ],
  [
    'a damaged CA',
    (live) => setCa(live, 'x'),
    ['fail CA parses: Secret thanos-s3-ca-cert', ...stale()],
    /no certificate/,
  ],
  [
    'an expired CA',
    (live) => setCa(live, EXPIRED_CA),
    ['fail CA parses: Secret thanos-s3-ca-cert', ...stale()],
    /expired on/,
  ],
  [
    'the CA in Query, by its spec and by looking',
    (live) => {
      const { spec } = pod(live, 'thanos-query-0');
      spec.volumes = [{ name: 'ca', secret: { secretName: 'thanos-s3-ca-cert' } }];
      spec.containers[0].volumeMounts = [{ name: 'ca', mountPath: '/etc/thanos/certs' }];
      live.files['thanos-query-0'] = ECDSA_CA;
    },
    ['fail ca-outside: thanos-query-0', 'fail CA in no other pod: thanos-query-0'],
    /no objstore flag/,
  ],
  [
    'the CA at another path than ca_file',
    (live) => {
      const { volumeMounts } = pod(live, 'thanos-store-0').spec.containers[0];
      volumeMounts.find((m: { name: string }) => m.name === 's3-ca-cert').mountPath = '/certs';
      live.files['thanos-store-0'] = undefined;
    },
    ['fail ca-path-differs: thanos-store-0', 'fail CA in the granted pods: thanos-store-0'],
    /mounts the CA at \/certs\/ca\.crt/,
  ],
  [
    'uploads that stopped',
    (live) => (live.metrics['thanos-receiver-0'] = metrics({ hours: 9 })),
    ['fail last upload: thanos-receiver-0'],
    /9 h ago/,
  ],
  [
    'operations that fail, and a log that tells of it in words that nobody knows',
    (live) => {
      live.metrics['thanos-receiver-0'] = metrics({ failed: 21, total: 40, unsynced: 21 });
      live.first.push([' logs thanos-receiver-0 *--since=20m', { out: logLine(2, 'no idea') }]);
    },
    ['fail bucket operations: thanos-receiver-0'],
    /21 of 40 operations failed since start \(exists\), 21 times/,
  ],
  [
    'operations that failed in an outage that is over, while the pod runs on',
    (live) => {
      live.metrics['thanos-receiver-0'] = metrics({ hours: 1 / 6, failed: 240, total: 2040 });
      live.logs['thanos-receiver-0'] = logLine(300, 'connection refused');
      live.first.push([' logs thanos-receiver-0 *--since=20m', { out: '' }]);
    },
    ['warn no bucket error in the log: thanos-receiver-0', 'warn bucket operations: thanos-receiver-0'],
    /240 of 2040 operations failed since start \(exists\), .*; but none now, nor does its log of the last 20 min/,
  ],
  [
    'operations that failed, of a pod whose log may not be read',
    (live) => {
      live.metrics['thanos-receiver-0'] = metrics({ failed: 240, total: 2040 });
      live.first.push([' logs thanos-receiver-0 ', { err: 'Error from server (Forbidden): no', code: 1 }]);
    },
    ['skip no bucket error in the log: thanos-receiver-0', 'fail bucket operations: thanos-receiver-0'],
    /240 of 2040/,
  ],
  [
    'a few operations that failed',
    (live) => (live.metrics['thanos-receiver-0'] = metrics({ failed: 2 })),
    ['warn bucket operations: thanos-receiver-0'],
    /2 of 1000/,
  ],
  [
    'a store gateway that Query does not list',
    (live) => live.stores.data.store.pop(),
    ['fail Query sees: thanos-query-0'],
    /does not list the store gateway thanos-store-1/,
  ],
  [
    'a store gateway that started a minute ago, and that Query did not look up yet',
    (live) => {
      live.stores.data.store.pop();
      pod(live, 'thanos-store-1').status.startTime = new Date(Date.now() - 60_000).toISOString();
    },
    ['warn Query sees: thanos-query-0'],
    /thanos-store-1, which just started/,
  ],
  [
    'a compactor that can not list the bucket',
    (live) => (live.blocks.data.err = 'context deadline exceeded'),
    ['warn blocks in the bucket: thanos-compactor-0'],
    /could not list them: context deadline exceeded/,
  ],
  [
    'a receiver that Query lists with an error',
    (live) => (live.stores.data.receive[0].lastError = 'rpc error: connection refused'),
    ['fail Query sees: thanos-query-0'],
    /lists the receiver thanos-receiver-0 with an error/,
  ],
  [
    'a router, which has no StoreAPI',
    (live) => {
      const router = pod(live, 'thanos-receiver-0').spec.containers[0];
      router.args = router.args.filter((arg: string) => !arg.startsWith('--receive.local-endpoint'));
      live.stores.data.receive.shift();
    },
    [],
    /^/,
  ],
  [
    'a pod in a restart loop, whose last life said why',
    (live) => {
      notReady(live, 'thanos-store-1', 'CrashLoopBackOff');
      pod(live, 'thanos-store-1').status.containerStatuses[0].restartCount = 4;
      live.first.push([' logs thanos-store-1 *--previous', { out: logLine(40, UNKNOWN) }]);
    },
    [
      'fail pods ready: thanos-store-1',
      'skip CA in the granted pods: thanos-store-1',
      'fail no bucket error in the log: thanos-store-1',
      ...['skip bucket operations: thanos-store-1', 'skip disk space: thanos-store-1'],
    ],
    /unknown authority/,
  ],
  [
    'a receiver that runs another ring than its ConfigMap holds',
    (live) => (live.rings['thanos-receiver-2'] = 12),
    ['fail ring in step: thanos-receiver-2'],
    /runs another ring than ConfigMap thanos-receiver-hashrings, hashrings\.json holds/,
  ],
  [
    'a ring that was written a moment ago',
    (live) => {
      live.rings['thanos-receiver-2'] = 12;
      live.objects[RING].metadata.managedFields = [{ time: new Date().toISOString(), fieldsV1: { 'f:data': {} } }];
    },
    ['warn ring in step: thanos-receiver-2'],
    /which was just changed/,
  ],
  [
    'a ring that a receiver could not load',
    (live) =>
      live.first.push([
        'thanos-receiver-0:10902/proxy/metrics ',
        { out: `${metrics({})}thanos_receive_config_hash 1\nthanos_receive_config_last_reload_successful 0\n` },
      ]),
    ['fail ring in step: thanos-receiver-0'],
    /could not load ConfigMap thanos-receiver-hashrings, hashrings\.json, and goes on with the ring of before/,
  ],
  [
    'a compactor that halted',
    (live) => (live.halted = true),
    ['fail compactor not halted: thanos-compactor-0'],
    /nothing is compacted, downsampled or deleted/,
  ],
  [
    'volumes that fill up, and one that is full',
    (live) => (live.used = { 'thanos-receiver-0': 80, 'thanos-receiver-1': 97, 'thanos-store-0': 79 }),
    ['warn disk space: thanos-receiver-0', 'fail disk space: thanos-receiver-1'],
    /97 % of \/var\/thanos\S* is used, 307 MiB are free/,
  ],
  [
    'a policy that closes the bucket and the receivers',
    (live) => live.policies.push(policy({ component: 'receiver' }, [{ ports: [{ port: 10902 }] }])),
    [0, 1, 2].flatMap((i) => [
      ...[0, 1, 2].map(() => `fail network policies: thanos-receiver-${i}`),
      `fail network policies: thanos-receiver-${i}`,
    ]),
    /uploads blocks to S3 bucket thanos, HTTPS 9000, is refused by NetworkPolicy closed/,
  ],
];

/** A NetworkPolicy for the egress of a component's pods. */
function policy({ component }: { component: string }, egress: unknown[]) {
  const podSelector = { matchLabels: { 'app.kubernetes.io/component': component } };
  const metadata = { name: 'closed', namespace: 'monitoring' };
  return { metadata, spec: { podSelector, policyTypes: ['Egress'], egress } };
}

/** The pods still have the good CA. */
function stale(): string[] {
  const pods = ['receiver-0', 'receiver-1', 'receiver-2', 'compactor-0', 'store-0', 'store-1'];
  return pods.map((name) => `fail CA in the granted pods: thanos-${name}`);
}

test.each(BROKEN)('%s is told with cause and fix, and nothing else', async (_, change, expected, says) => {
  const ran = await check(change);
  expect(troubles(ran)).toEqual(expected);
  expect(ran.code).toBe(expected.some((line) => line.startsWith('fail')) ? 1 : 0);
  const bad = ran.checks.filter((c: { result: string }) => c.result === 'fail' || c.result === 'warn');
  expect(bad.map((c: { detail: string }) => c.detail).join('\n')).toMatch(says);
  for (const { fix } of bad) expect(fix).toMatch(/\w/);
});

test('a fresh stack that uploaded nothing yet is not a failure', async () => {
  const ran = await check((live) => {
    for (const p of live.pods) p.status.startTime = new Date(Date.now() - 600_000).toISOString();
    for (const name of Object.keys(live.metrics)) live.metrics[name] = metrics({ hours: Infinity });
  });
  expect(troubles(ran)).toEqual([0, 1, 2].map((i) => `skip last upload: thanos-receiver-${i}`));
  expect(ran.code).toBe(0);
});

test('an image without a shell is judged by its spec', async () => {
  const err =
    'error: Internal error occurred: OCI runtime exec failed: exec: "cat": executable file not found in $PATH';
  const ran = await check((live) => live.first.push([' exec ', { err, code: 1 }]));
  expect(troubles(ran)).toHaveLength(12);
  expect(new Set(troubles(ran).map((line) => line.split(':')[0]))).toEqual(
    new Set(['skip CA in the granted pods', 'skip disk space']),
  );
  expect(ran.checks.find((c: { result: string }) => c.result === 'skip').detail).toContain('says the pod');
});

test('what may not be read is skipped and said', async () => {
  const err = 'Error from server (Forbidden): secrets "thanos-s3-ca-cert" is forbidden: User "u" cannot get resource';
  const ran = await check((live) => live.first.push([' get secret ', { err, code: 1 }]));
  expect(troubles(ran)).toEqual(['skip CA parses: Secret thanos-s3-ca-cert']);
  expect(ran.code).toBe(0);
});

test('errors of other connections in the log do not count', async () => {
  const ran = await check((live) => {
    live.logs['thanos-receiver-0'] = logLine(1, 'connection refused').replace(
      's3.minio.example.com',
      'thanos-receiver-1',
    );
  });
  expect(troubles(ran)).toEqual([]);
});

describe('the CA that is expected', () => {
  const match = async (given: string[], change: (live: Live) => void = () => undefined) =>
    troubles(await check(change, given)).filter((line) => line.includes('matches'));

  test('is that of --ca', async () => {
    expect(await match(['--ca', certificatePath('ecdsa-ca')])).toEqual([]);
    expect(await match(['--ca', certificatePath('second-ca')])).toEqual(['fail CA matches: Secret thanos-s3-ca-cert']);
  });

  test('is all of a bundle', async () => {
    const both = (live: Live): void => {
      setCa(live, CA_BUNDLE);
      for (const name of Object.keys(live.files)) live.files[name] = CA_BUNDLE;
    };
    expect(await match(['--ca', certificatePath('ecdsa-ca')], both)).toHaveLength(1);
  });

  test('is that of --manifests', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-check-'));
    const file = join(folder, 'm.yaml');
    const manifest = (pem: string) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'thanos-s3-ca-cert', namespace: 'monitoring' } },
      stringData: { 'ca.crt': pem },
    });
    writeFileSync(file, JSON.stringify(manifest(ECDSA_CA)));
    expect(await match(['--manifests', folder])).toEqual([]);
    writeFileSync(file, JSON.stringify(manifest(SECOND_CA)));
    expect(await match(['--manifests', folder])).toEqual(['fail CA matches: Secret thanos-s3-ca-cert']);
    rmSync(folder, { recursive: true });
  });
});

describe('what stops the command', () => {
  test.each<[string, (live: Live) => void, string[], RegExp]>([
    [
      'no cluster',
      (live) => live.first.push(['', { err: 'The connection to the server 1.2.3.4:6443 was refused', code: 1 }]),
      [],
      /the cluster can't be reached: The connection to the server/,
    ],
    ['no stack', (live) => (live.pods = []), [], /no Thanos pod runs in namespace monitoring/],
    ['an instance that is not there', () => undefined, ['--instance', 'x'], /no pod of instance x .* there: thanos/],
    [
      'two stacks',
      (live) => (pod(live, 'thanos-store-0').metadata.labels['app.kubernetes.io/instance'] = 'other'),
      [],
      /several stacks .*Choose one with --instance/,
    ],
    ['a bad time limit', () => undefined, ['--time-limit', '0'], /--time-limit is not a number of seconds/],
    ['a bad age', () => undefined, ['--max-upload-age', 'x'], /not a number of hours/],
    ['a bad duration', () => undefined, ['--since', 'yesterday'], /--since is not a duration/],
    ['a CA that is none', () => undefined, ['--ca', __filename], /check\.test\.ts/],
  ])('%s', async (_, change, args, says) => {
    await expect(check(change, args)).rejects.toThrow(says);
  });

  test('no kubectl', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      await expect(runCommand(registerCheck, ['check'])).rejects.toThrow(/needs kubectl on the PATH/);
    } finally {
      process.env.PATH = path;
    }
  });
});

test('pods that start Thanos by a script are known by it', async () => {
  const ran = await check((live) => {
    const { name } = pod(live, 'thanos-query-0').metadata;
    const [container] = pod(live, name).spec.containers;
    const flags = container.args.slice(1).filter((arg: string) => !arg.startsWith('--http-address'));
    const script = `exec thanos query --http-address "0.0.0.0:8080" ${flags.map((flag: string) => `'${flag}'`).join(' ')}`;
    Object.assign(container, { command: ['sh', '-c'], args: [script] });
    live.first.push([`${name}:8080/proxy/api/v1/stores `, { out: JSON.stringify(live.stores) }]);
  });
  expect(troubles(ran)).toEqual([]);
  expect(ran.checks.filter((c: { check: string }) => c.check === 'Query sees')).toHaveLength(1);
});

test('operations that fail while check looks fail it, whatever the log tells', async () => {
  const page = (failed: number): string => metrics({ failed, total: 2040 });
  const ran = await check((live) => {
    const [first, then] = [240, 241].map((failed) => ({ out: page(failed) }));
    live.first.push(['thanos-store-0:10902/proxy/metrics ', { ...first, next: then }]);
  });
  expect(troubles(ran)).toEqual(['fail bucket operations: thanos-store-0']);
});

test('one of two stacks is chosen by its instance', async () => {
  const ran = await check(
    (live) => {
      const other = structuredClone(pod(live, 'thanos-store-0'));
      other.metadata.name = 'other-store-0';
      other.metadata.labels['app.kubernetes.io/instance'] = 'other';
      notReady({ ...live, pods: [other] }, 'other-store-0', 'CrashLoopBackOff');
      live.pods.push(other);
    },
    ['--instance', 'thanos'],
  );
  expect(troubles(ran)).toEqual([]);
});

test('the text for people says what to do', async () => {
  const live = liveStack();
  live.stores.data.store = [];
  const kubectl = new FakeKubectl(answersOf(live));
  const { out, code } = await runCommand(registerCheck, ['check']);
  kubectl.remove();
  expect(out).toContain(
    'fail Query sees: thanos-query-0: does not list the store gateway thanos-store-0\n     to do: ',
  );
  expect(out).toContain('2 failed, ');
  expect(code).toBe(1);
});

describe('the blocks', () => {
  const told = async (change: (live: Live) => void) => {
    const { checks } = await check(change);
    return checks.find(({ check: name }: { check: string }) => name === 'blocks in the bucket');
  };

  test('that are newest are listed, as the compactor sees them', async () => {
    const { result, of, detail } = await told(() => undefined);
    expect({ result, of }).toEqual({ result: 'pass', of: 'thanos-compactor-0' });
    expect(detail).toMatch(
      /^4, the newest: 01JX0{20}40 until 2026-06-01T08:00:00.000Z \{cluster="eu",receive_replica="thanos-receiver-0"\}; /,
    );
    expect(detail).not.toContain('01JX0000000000000000000010');
  });

  test('that are none yet are no fault', async () => {
    expect((await told((live) => (live.blocks.data.blocks = []))).detail).toMatch(/^none yet: the first is due/);
  });

  test('are told by the bucket’s web page below the path that it serves', async () => {
    const { result, of } = await told((live) => {
      live.pods = live.pods.filter(({ metadata: { name } }) => !name.startsWith('thanos-compactor'));
      const [container] = pod(live, 'thanos-store-0').spec.containers;
      container.args = ['tools', 'bucket', 'web', '--web.route-prefix=/bucket/', '--objstore.config={}'];
      const page = 'thanos-store-0:10902/proxy/bucket/api/v1/blocks?view=global ';
      const atRoot = { err: 'Error from server (NotFound): the server could not find the requested resource', code: 1 };
      live.first.push([page, { out: JSON.stringify(live.blocks) }], ['-store-0:10902/proxy/api/v1/blocks', atRoot]);
    });
    expect({ result, of }).toEqual({ result: 'pass', of: 'thanos-store-0' });
  });

  test('are told by a store gateway where there is no compactor', async () => {
    const gone = (live: Live): void => {
      live.pods = live.pods.filter(({ metadata: { name } }) => !name.startsWith('thanos-compactor'));
    };
    expect((await told(gone)).of).toBe('thanos-store-0');
  });
});

test('of packets that are dropped it names the rule of a NetworkPolicy that the pod needs', async () => {
  const { checks } = await check(
    (live) => (live.logs['thanos-compactor-0'] = logLine(2, 'dial tcp 10.0.0.1:9000: i/o timeout')),
  );
  const [{ fix }] = checks
    .filter(({ of }: { of: string }) => of === 'thanos-compactor-0')
    .filter((c: { fix?: string }) => c.fix);
  expect(fix).toMatch(
    /one must have: egress from pods \S*app\.kubernetes\.io\/component=compactor\S* in monitoring to \S+, TCP \d+/,
  );
});

describe('what is not known', () => {
  const forbidden = (what: string): [string, { err: string; code: number }] => [
    ` get ${what} `,
    { err: `Error from server (Forbidden): ${what} is forbidden: User "u" cannot get it`, code: 1 },
  ];

  test('of a ring whose ConfigMap may not be read, the receivers are compared with each other', async () => {
    const hidden = (live: Live): void => void live.first.push(forbidden(RING));
    const ran = await check(hidden);
    expect(troubles(ran)).toEqual([]);
    expect(ran.checks.find(({ check: name }: { check: string }) => name === 'ring in step')).toMatchObject({
      of: '3 receivers and routers',
      detail: expect.stringMatching(/^all the same ring; whether it is that of .* is not known: .*Forbidden/),
    });
    const apart = await check((live) => {
      hidden(live);
      live.rings['thanos-receiver-1'] = 7;
    });
    expect(troubles(apart)).toEqual(['fail ring in step: thanos-receiver-1']);
  });

  test('of policies and Services that may not be listed is skipped', async () => {
    for (const what of ['networkpolicies', 'ciliumnetworkpolicies.cilium.io', 'services'])
      expect(troubles(await check((live) => void live.first.push(forbidden(what))))).toEqual([
        'skip network policies: namespace',
      ]);
  });
});

describe('policies that let everything through that is called', () => {
  test('pass, with a count', async () => {
    const open = policy({ component: 'receiver' }, [
      { ports: [{ port: 9000 }, { port: 10901 }, { protocol: 'UDP', port: 53 }] },
    ]);
    const { checks } = await check((live) => void live.policies.push(open));
    expect(checks.find(({ check: name }: { check: string }) => name === 'network policies')).toMatchObject({
      result: 'pass',
      detail: expect.stringMatching(/^1 let through all \d\d calls/),
    });
  });

  test('but for one way, name the rule that is missing', async () => {
    const closed = { ...policy({ component: 'receiver' }, []), spec: { podSelector: {}, policyTypes: ['Ingress'] } };
    const { checks } = await check((live) => void live.policies.push(closed));
    const refused = checks.filter(({ check: name }: { check: string }) => name === 'network policies');
    expect(refused.map(({ of }: { of: string }) => of)).toContain('thanos-query-0');
    expect(refused.find(({ of }: { of: string }) => of === 'thanos-query-0').fix).toMatch(
      /egress from pod thanos-query-0 in monitoring to thanos-\S+, gRPC 10901; and ingress there/,
    );
  });
});

describe('policies of Cilium', () => {
  const cilium = (egress: unknown[]) => ({
    ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy' },
    metadata: { name: 'thanos-cilium', namespace: 'monitoring' },
    specs: [{ endpointSelector: { matchLabels: { 'app.kubernetes.io/component': 'receiver' } }, egress }],
  });
  const port = (port: string) => [{ ports: [{ port, protocol: 'TCP' }] }];
  const receivers = { toEndpoints: [{}], toPorts: port('10901') };
  const toStore = (name: string) => ({ toFQDNs: [{ matchName: name }], toPorts: port('9000') });

  test('let through what a NetworkPolicy alone would refuse', async () => {
    const { checks } = await check((live) => {
      live.policies.push(policy({ component: 'receiver' }, []));
      live.ciliums = [cilium([receivers, toStore('s3.minio.example.com')])];
    });
    expect(checks.find(({ check: name }: { check: string }) => name === 'network policies')).toMatchObject({
      result: 'pass',
      detail: expect.stringMatching(/^2 let through all \d\d calls/),
    });
  });

  test('refuse what they do not name', async () => {
    const ran = await check((live) => void (live.ciliums = [cilium([receivers, toStore('s3.example.com')])]));
    expect(troubles(ran)).toEqual([0, 1, 2].map((i) => `fail network policies: thanos-receiver-${i}`));
    const [first] = ran.checks.filter(({ result }: { result: string }) => result === 'fail');
    expect(first.detail).toBe(
      'uploads blocks to S3 bucket thanos, HTTPS 9000, is refused by NetworkPolicy thanos-cilium (Cilium)',
    );
  });
});

describe('policies of Cilium for all namespaces', () => {
  const wide = (egress: unknown[]) => ({
    ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'wide' } },
    spec: { endpointSelector: { matchLabels: { 'app.kubernetes.io/component': 'receiver' } }, egress },
  });
  const denied = { err: 'Error from server (Forbidden): ciliumclusterwidenetworkpolicies is forbidden', code: 1 };
  const hidden = (live: Live): void => {
    live.ciliums = [];
    live.first.push([' get ciliumclusterwidenetworkpolicies.cilium.io ', denied]);
  };
  const told = ({ checks }: { checks: { check: string; detail: string }[] }): string[] =>
    checks.filter(({ check: name }) => name === 'network policies').map(({ detail }) => detail);

  test('refuse what they do not name', async () => {
    const ran = await check((live) => Object.assign(live, { ciliums: [], clusterwide: [wide([{}])] }));
    expect(new Set(troubles(ran))).toEqual(
      new Set([0, 1, 2].map((i) => `fail network policies: thanos-receiver-${i}`)),
    );
    expect(told(ran)[0]).toMatch(/is refused by NetworkPolicy wide \(Cilium\)$/);
  });

  test('that may not be read are said to be unknown', async () => {
    const ran = await check(hidden);
    expect(troubles(ran)).toEqual(['skip network policies: cluster']);
    expect(told(ran)).toEqual([
      'there is none in the namespace: every call is let through',
      expect.stringMatching(/^CiliumClusterwideNetworkPolicies, which count too, can't be read \(.*Forbidden/),
    ]);
  });

  test('that may not be read may let through what others refuse: a warning', async () => {
    const ran = await check((live) => {
      hidden(live);
      live.policies.push(policy({ component: 'receiver' }, []));
    });
    expect(new Set(troubles(ran))).toEqual(
      new Set([
        ...[0, 1, 2].map((i) => `warn network policies: thanos-receiver-${i}`),
        'skip network policies: cluster',
      ]),
    );
    expect(told(ran)[0]).toMatch(/unless a cluster-wide one allows it$/);
  });
});

describe("a pod's own certificate", () => {
  const DAY = 24 * 3600 * 1000;
  const at = (days: number): Date => new Date(Date.now() + days * DAY);
  const shown = async (pem: string) => {
    const { checks } = await check((live) => {
      pod(live, 'thanos-query-0').spec.containers[0].args.push('--grpc-server-tls-cert=/tls/tls.crt');
      live.first.push([' exec thanos-query-0 *-- cat /tls/tls.crt', { out: pem }]);
    });
    return checks.filter(({ check: name }: { check: string }) => name === "the pod's own certificate");
  };

  test.each([
    ['for 60 of 90 days more passes', -30, 60, 'pass', /CN=query, valid until .*: (59|60) days left/],
    ['for 20 of 90 days more was not renewed', -70, 20, 'warn', /(19|20) days left/],
    ['for an hour of an hour and a half more was renewed just now', -0.02, 0.04, 'pass', /0 days left/],
    ['that has expired fails', -90, -1, 'fail', /it has expired/],
    ['that is not valid yet fails', 1, 90, 'fail', /and not before/],
  ])('%s', async (_, from, until, result, detail) => {
    const { certificate } = await issued({ name: 'query', names: ['query'], notBefore: at(from), notAfter: at(until) });
    expect(await shown(certificate)).toEqual([
      expect.objectContaining({ of: 'thanos-query-0', result, detail: expect.stringMatching(detail) }),
    ]);
  });

  test('that is none fails', async () => {
    expect(await shown('x')).toEqual([
      expect.objectContaining({ result: 'fail', detail: '/tls/tls.crt holds no certificate' }),
    ]);
  });
});

test('on a screen not everything is printed, with --verbose it is', async () => {
  const live = liveStack();
  for (const name of Object.keys(live.files)) live.files[name] = 'another';
  const kubectl = new FakeKubectl(answersOf(live));
  try {
    const few = await runCommand(registerCheck, ['check']);
    expect(few.out.split('\n')[0]).toMatch(/^6 failed, /);
    expect(few.out).toContain('and 5 more of this check: thanos-receiver-1, ');
    expect((few.out.match(/^fail /gm) ?? []).length).toBe(1);
    const all = await runCommand(registerCheck, ['check', '--verbose']);
    expect((all.out.match(/^fail /gm) ?? []).length).toBe(6);
  } finally {
    kubectl.remove();
  }
});

describe('a preflight', () => {
  const NAME = 'thanos-preflight-1-abcd-x';
  /** The pod of a try, as the Job controller leaves it. */
  const tried = (live: Live, phase: string, log = ''): void => {
    const json = structuredClone(pod(live, 'thanos-store-0'));
    const [container] = json.spec.containers;
    const labels = {
      ...json.metadata.labels,
      'app.kubernetes.io/component': 'preflight',
      'job-name': 'thanos-preflight-1-abcd',
    };
    json.metadata = { ...json.metadata, name: NAME, labels };
    const exitCode = phase === 'Failed' ? 1 : 0;
    json.spec.initContainers = [{ ...container, name: 'preflight' }];
    json.status = {
      ...{ phase, startTime: new Date().toISOString() },
      initContainerStatuses: [{ name: 'preflight', state: { terminated: { exitCode } } }],
    };
    live.pods.push(json);
    live.logs[NAME] = log;
  };
  const line = (err: string): string =>
    `${new Date().toISOString()} ts=x caller=main.go:1 level=error err="${err}" msg="tools bucket ls command failed"\n`;
  const told = async (change: (live: Live) => void) => {
    const ran = await check(change);
    return ran.checks.find(({ check: name }: { check: string }) => name === 'preflight');
  };

  test('that went well passes', async () => {
    const found = await told((live) => tried(live, 'Succeeded'));
    expect(found).toMatchObject({ result: 'pass', of: 'thanos-preflight-1-abcd' });
  });

  test.each([
    ['context deadline exceeded', /component=preflight\S* in monitoring to s3\.minio\.example\.com, TCP 9000/],
    [
      'dial tcp: lookup s3.minio.example.com on 10.96.0.10:53: read udp 10.244.0.9:1->10.96.0.10:53: i/o timeout',
      /component=preflight\S* in monitoring to the DNS servers of the cluster .*, UDP and TCP 53/,
    ],
  ])('whose packets were dropped names the rule that is missing: %s', async (err, rule) => {
    const found = await told((live) => tried(live, 'Failed', line(err)));
    expect(found).toMatchObject({
      result: 'fail',
      of: NAME,
      detail: expect.stringContaining('container preflight failed: '),
    });
    expect(found.fix).toMatch(/Where NetworkPolicies select the pod, one must have: egress from pods/);
    expect(found.fix).toMatch(rule);
  });

  test('that failed for another reason says which', async () => {
    expect(await told((live) => tried(live, 'Failed', line(UNKNOWN)))).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('the CA in the pod is not the one that signed'),
    });
    const strange = await told((live) => tried(live, 'Failed', line('no idea')));
    expect(strange.detail).toMatch(/^container preflight failed: .*err="no idea"/);
  });

  test('is all that there is of a stack that waits for it', async () => {
    const { checks, code } = await check((live) => {
      tried(live, 'Failed', line('i/o timeout'));
      live.pods = live.pods.filter(({ metadata }) => metadata.name === NAME);
    });
    expect(code).toBe(1);
    expect(checks.map(({ result, check: name }: { result: string; check: string }) => `${result} ${name}`)).toEqual(
      expect.arrayContaining(['fail preflight', 'skip pods ready']),
    );
  });
});

import type { Json } from '../render';
import type { Pods } from '../stack/pods';
import { componentOf, GRPC, HTTP } from './names';
import { seen } from './oracle';
import type { Spec } from './spec';

/** The key of HTTP is in what serves it alone, which is probed as it serves. */
export function servesHttp({ http }: Spec, { spec: pod }: Pods, container: Json): void {
  const flags = (container.args ?? []).filter((arg: string) => arg.startsWith('--http.config='));
  const sources = [...seen(pod, container).files.values()];
  const keys = sources.filter((source) => /http(-tls)?\/tls\.key$/.test(source));
  expect(flags).toHaveLength(keys.length);
  expect(sources.filter((source) => source.includes(`/${HTTP.web}/`)).length).toBeLessThanOrEqual(flags.length);
  const { httpGet, tcpSocket } = container.readinessProbe ?? {};
  if (flags.length === 0) return expect(httpGet?.scheme).toBeUndefined();
  const locked = sources.some((source) => source.includes(`/${HTTP.web}/`));
  expect([http !== 'plain', tcpSocket !== undefined, httpGet?.scheme === 'HTTPS']).toEqual([true, locked, !locked]);
}

const SERVES_GRPC = ['receiver', 'receive-router', 'store', 'ruler', 'query'];

/** The key of gRPC is in what serves it alone: of a certificate that is made, in the pods of that part. */
export function servesGrpc({ grpc, name: stack }: Spec, { name, labels, spec }: Pods, container: Json): void {
  const component = componentOf(labels) ?? '';
  const beside = container.name === 'thanos-sidecar';
  const serves = grpc !== 'plain' && (beside || (container.name === component && SERVES_GRPC.includes(component)));
  const { files } = seen(spec, container);
  const workload = beside ? `${stack}-sidecar` : name.split(' ')[1];
  const secret = grpc === 'issued' ? `${workload}-grpc-tls` : GRPC.certificate;
  expect(files.get('/etc/thanos/grpc-tls/tls.key')).toBe(serves ? `Secret/${secret}/tls.key` : undefined);
  expect([...files.values()].filter((source) => /grpc(-tls)?\/tls\.key$/.test(source))).toHaveLength(serves ? 1 : 0);
  const value = (flag: string) =>
    (container.args ?? []).find((arg: string) => arg.startsWith(`--${flag}=`))?.split('=')[1];
  expect(files.has(value('grpc-server-tls-key') ?? '')).toBe(serves);
  expect(files.has(value('grpc-server-tls-client-ca') ?? '')).toBe(serves && grpc !== 'open');
}

/** Each Secret that cert-manager makes is of one part, and has a Certificate. */
export function certifiesEach(given: Spec, all: Json[], pods: readonly Pods[]): void {
  const made = all.filter(({ kind }) => kind === 'Certificate');
  const names = made.map(({ spec }) => spec.secretName);
  const used = pods.flatMap(({ spec }) =>
    (spec.volumes ?? []).flatMap(({ name, secret }: Json) =>
      (name === 'grpc-tls' && given.grpc === 'issued') ||
      (name === 'http-tls' && secret.secretName !== HTTP.certificate)
        ? [secret.secretName]
        : [],
    ),
  );
  expect([...names].sort()).toEqual([...used].sort());
  for (const { spec } of made) expect(spec.dnsNames.length).toBeGreaterThan(0);
}
